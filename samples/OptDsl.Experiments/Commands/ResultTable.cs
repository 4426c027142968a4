using System.Globalization;
using Spectre.Console;

namespace OptDsl.Experiments;

/// <summary>The run on the terminal.</summary>
internal static class ResultTable
{
    internal static void WriteProblem(IAnsiConsole console, CompletionProblem problem)
        => console.WriteLine(
            FormattableString.Invariant(
                $"{problem.Matrix.Source}: {problem.Rows} rows x {problem.Columns} columns, {problem.ObservedCount} cells observed ({(problem.ValidationCount > 0 ? $"{problem.ValidationCount} of them set aside to decide when to stop" : "too few to set some aside")}), {problem.HiddenCount} hidden.{ReadAs(problem.Matrix)}"));

    private static string ReadAs(CellMatrix matrix) => matrix.ReadAs.Length == 0 ? "" : $" Read as {matrix.ReadAs}.";

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
                Markup.Escape(model.Settings.Name), Remarks.Number(model.Errors.Hidden), Remarks.Number(model.Errors.Observed),
                Remarks.HasSpectrum(result, model) ? Number(model.EffectiveRank, "0.0") : "", Number(model.Seconds, "0.0"));
        }

        foreach (BaselineResult baseline in result.Baselines)
        {
            table.AddRow(Markup.Escape(baseline.Name), Remarks.Number(baseline.Errors.Hidden),
                Remarks.Number(baseline.Errors.Observed),
                "", "");
        }

        console.Write(table);
        foreach (string remark in Remarks.Of(result))
        {
            console.WriteLine(remark);
        }
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
