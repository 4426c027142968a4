using System.CommandLine;
using System.Globalization;
using OptDsl.Rules;
using Spectre.Console;

namespace OptDsl.Experiments;

/// <summary><c>rules [NAME]</c>: what the generator derives from the expressions of each rule.</summary>
internal static class RulesCommand
{
    /// <summary>By name; last those of the library that <c>complete</c> does not offer.</summary>
    private static readonly (string Name, RuleReport Report)[] All =
    [
        .. Experiments.Rules.All.Select(rule => (rule.Name, rule.Report)),
        ("rmsprop-variance", RmsPropVariance.Report),
        ("mean-momentum", MeanMomentum.Report),
        ("velocity-momentum", VelocityMomentum.Report),
    ];

    internal static Command Create(IAnsiConsole console)
    {
        var name = new Argument<string?>("name")
        {
            Description = "A rule, such as adam; all if none is given.",
            Arity = ArgumentArity.ZeroOrOne
        };
        var json = new Option<string?>("--json") { Description = "Also write the rows to this file.", HelpName = "FILE" };
        var command = new Command("rules", "Shows what each rule costs, how its step scales, and the units of its hyperparameters.") { name,
            json };
        command.SetAction(parsed => Run(parsed.GetValue(name), parsed.GetValue(json), console));
        return command;
    }

    private static int Run(string? name, string? json, IAnsiConsole console)
    {
        (string Name, RuleReport Report)[] rules = name is null ? All : [Find(name)];
        JsonFile.Check(json);
        WriteTable(console, rules);
        if (name is not null)
        {
            WriteDetails(console, rules[0].Report);
        }

        if (json is not null)
        {
            JsonFile.Write(json, RulesJson.Render(rules));
        }

        return CommandLine.Success;
    }

    private static void WriteTable(IAnsiConsole console, (string Name, RuleReport Report)[] rules)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("rule");
        foreach (string title in new[] { "state bytes", "bytes moved", "divisions", "roots", "other", "passes", "degree (gradient)",
            "degree (parameters)" })
        {
            table.AddColumn(new TableColumn(title).RightAligned());
        }

        table.AddColumn("units");
        foreach ((string name, RuleReport report) in rules)
        {
            table.AddRow(
                name, Number(report.StateBytes), Number(report.BytesPerParameter), Number(report.Divisions), Number(report.SquareRoots),
                Number(report.OtherOperations), Number(report.Passes), Degree(report.GradientDegree), Degree(report.ParameterDegree),
                Markup.Escape(string.Join(", ", report.Units.Select(unit => $"{unit.Name} {unit.Unit}"))));
        }

        console.Write(table);
        console.WriteLine(
            "Bytes and operations a parameter, of float and besides what is computed once a step. P is the parameters' unit, L the loss's.");
    }

    private static void WriteDetails(IAnsiConsole console, RuleReport report)
    {
        if (report.DegreeNote.Length > 0)
        {
            console.WriteLine(report.DegreeNote);
        }

        foreach (AverageHalfLife average in report.HalfLives)
        {
            console.WriteLine(
                $"{average.Name} forgets half of a sample in {average.Steps.ToString("0.0", CultureInfo.InvariantCulture)} steps, at the default.");
        }

        foreach (string suggestion in report.Suggestions)
        {
            console.WriteLine(suggestion + ".");
        }
    }

    private static (string Name, RuleReport Report) Find(string name)
    {
        (string Name, RuleReport Report) found = Array.Find(All,
            rule => string.Equals(rule.Name, name, StringComparison.OrdinalIgnoreCase));
        if (found.Name is not null)
        {
            return found;
        }

        string[] nearest = [.. All.Select(rule => rule.Name).OrderBy(other => Edits(name.ToLowerInvariant(), other)).Take(3)];
        throw new InputException(
            $"There is no rule '{name}'; the nearest names are {string.Join(", ", nearest)}, and 'optdsl rules' shows all.");
    }

    private static string Degree(double? degree) => degree is { } value ? value.ToString("0.##", CultureInfo.InvariantCulture) : "none";

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Levenshtein's distance.</summary>
    private static int Edits(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
