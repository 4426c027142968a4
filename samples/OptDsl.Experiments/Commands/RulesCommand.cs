using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace OptDsl.Experiments;

/// <summary><c>rules [NAME]</c>: what the generator derives from the expressions of each rule.</summary>
internal static class RulesCommand
{
    // What the table needs; a narrower terminal gets the reports themselves, whose lines it may break.
    private const int TableWidth = 170;

    internal static Command Create(IAnsiConsole console)
    {
        var name = new Argument<string?>("name")
        {
            Description = "A rule, such as Adam; all if none is given.",
            Arity = ArgumentArity.ZeroOrOne
        };
        var assembly = new Option<string?>("--assembly")
        {
            Description = "The rules of this built assembly, in place of the library's.",
            HelpName = "FILE"
        };
        var json = new Option<string?>("--json") { Description = "Also write the rows to this file.", HelpName = "FILE" };
        var command = new Command("rules", "Shows what each rule costs, how its step scales, and the units of its hyperparameters.")
        {
            name, assembly, json
        };
        command.SetAction(parsed => Run(parsed.GetValue(name), parsed.GetValue(assembly), parsed.GetValue(json), console));
        return command;
    }

    private static int Run(string? name, string? assembly, string? json, IAnsiConsole console)
    {
        IReadOnlyList<RuleReport> all = assembly is null ? ReportedRules.OfLibrary : ReportedRules.OfFile(assembly),
            rules = name is null ? all : [Find(all, name)];
        JsonFile.Check(json);
        if (name is not null)
        {
            console.Profile.Out.Writer.Write(rules[0]);
        }
        else if (console.Profile.Width < TableWidth)
        {
            console.Profile.Out.Writer.WriteLine(string.Join("\n", rules));
        }
        else
        {
            WriteTable(console, rules);
        }

        if (json is not null)
        {
            JsonFile.Write(json, RulesJson.Render(rules));
        }

        return CommandLine.Success;
    }

    private static void WriteTable(IAnsiConsole console, IReadOnlyList<RuleReport> rules)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("rule");
        foreach (string title in new[] { "state bytes", "bytes moved", "divisions", "roots", "other", "passes", "degree (gradient)",
            "degree (parameters)" })
        {
            table.AddColumn(new TableColumn(title).RightAligned());
        }

        table.AddColumn("units");
        foreach (RuleReport report in rules)
        {
            table.AddRow(
                report.Name, Number(report.StateBytes), Number(report.BytesPerParameter), Number(report.Divisions),
                    Number(report.SquareRoots),
                Number(report.OtherOperations), Number(report.Passes), Degree(report.GradientDegree), Degree(report.ParameterDegree),
                Markup.Escape(string.Join(", ", report.Units.Select(unit => $"{unit.Name} {unit.Unit}"))));
        }

        console.Write(table);
        console.WriteLine("""
            Bytes and operations are per parameter, in float, without what is computed once per step. In units, P is the unit of the
            parameters and L that of the loss; the gradient's is L/P, and 1 is a pure number. 'optdsl rules NAME' explains one rule.
            """);
    }

    private static RuleReport Find(IReadOnlyList<RuleReport> all, string name)
    {
        // `complete --rule growing-window-adam` is GrowingWindowAdam.
        string plain = name.Replace("-", "", StringComparison.Ordinal);
        if (all.FirstOrDefault(rule => string.Equals(rule.Name, plain, StringComparison.OrdinalIgnoreCase)) is { } found)
        {
            return found;
        }

        string[] nearest = [.. all.Select(rule => rule.Name)
            .OrderBy(other => Edits(plain.ToLowerInvariant(), other.ToLowerInvariant())).Take(3)];
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
