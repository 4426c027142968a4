using System.Globalization;
using Spectre.Console;

namespace OptDsl.Experiments;

/// <summary>The run on the terminal.</summary>
internal static class ResultTable
{
    internal static void WriteProblem(IAnsiConsole console, CompletionProblem problem)
        => console.WriteLine(
            FormattableString.Invariant(
                $"{problem.Matrix.Source}: {problem.Rows} rows x {problem.Columns} columns, {problem.ObservedCount} cells observed ({problem.ValidationCount} of them set aside to decide when to stop), {problem.HiddenCount} hidden."));

    internal static void Write(IAnsiConsole console, CompletionResult result)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn("");
        foreach (string title in new[] { "hidden RMSE", "train RMSE", "effective rank", "seconds" })
        {
            table.AddColumn(new TableColumn(title).RightAligned());
        }

        foreach (ModelResult model in result.Models)
        {
            table.AddRow(
                Markup.Escape(model.Settings.Name), Number(model.Errors.Hidden, "0.0000"), Number(model.Errors.Observed, "0.0000"),
                Number(model.EffectiveRank, "0.0"), Number(model.Seconds, "0.0"));
        }

        foreach (BaselineResult baseline in result.Baselines)
        {
            table.AddRow(Markup.Escape(baseline.Name), Number(baseline.Errors.Hidden, "0.0000"), Number(baseline.Errors.Observed, "0.0000"),
                "", "");
        }

        console.Write(table);
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
