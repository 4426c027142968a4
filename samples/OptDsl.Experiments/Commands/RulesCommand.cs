using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace OptDsl.Experiments;

/// <summary><c>rules [NAME]</c>: what the generator derives from the expressions of each rule.</summary>
internal static class RulesCommand
{
    // What all columns need; a narrower terminal gets those that rules are compared by.
    private const int FullWidth = 170;

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
            rules = name is null ? all : [Find(all, name, assembly)];
        JsonFile.Check(json);
        if (name is not null)
        {
            console.Profile.Out.Writer.Write(rules[0]);
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
        (string Title, bool IsRight, Func<RuleReport, string> Cell)[] columns =
        [
            ("rule", false, report => report.Name),
            ("state bytes", true, report => Number(report.StateBytes)),
            ("bytes moved", true, report => Number(report.BytesPerParameter)),
            ("divisions", true, report => Number(report.Divisions)),
            ("roots", true, report => Number(report.SquareRoots)),
            ("other", true, report => Number(report.OtherOperations)),
            ("passes", true, report => Number(report.Passes)),
            ("degree (gradient)", true, report => Degree(report.GradientDegree)),
            ("degree (parameters)", true, report => Degree(report.ParameterDegree)),
            ("units", false, report => Markup.Escape(string.Join(", ", report.Units.Select(unit => $"{unit.Name} {unit.Unit}")))),
        ];
        bool isNarrow = console.Profile.Width < FullWidth;
        if (isNarrow)
        {
            columns = [.. columns.Where(column => column.Title is "rule" or "state bytes" or "bytes moved" or "passes" or "divisions")];
        }

        var table = new Table().Border(TableBorder.Simple);
        foreach ((string title, bool isRight, _) in columns)
        {
            var column = new TableColumn(title);
            table.AddColumn(isRight ? column.RightAligned() : title == "rule" ? column.NoWrap() : column);
        }

        foreach (RuleReport report in rules)
        {
            table.AddRow([.. columns.Select(column => column.Cell(report))]);
        }

        console.Write(table);
        console.WriteLine("Bytes and operations are per parameter, in float, without what is computed once per step.");
        console.WriteLine(isNarrow ? "A terminal of 170 columns shows more of each."
            : "In units, P is the unit of the parameters and L that of the loss; the gradient's is L/P, and 1 is a pure number.");
        console.WriteLine("'optdsl rules NAME' explains one rule.");
    }

    private static RuleReport Find(IReadOnlyList<RuleReport> all, string name, string? assembly)
    {
        // `complete --rule growing-window-adam` is GrowingWindowAdam.
        string plain = name.Replace("-", "", StringComparison.Ordinal);
        if (all.FirstOrDefault(rule => string.Equals(rule.Name, plain, StringComparison.OrdinalIgnoreCase)) is { } found)
        {
            return found;
        }

        throw new InputException(
            $"There is no rule '{name}'; the nearest names are {string.Join(", ", Nearest.To(plain, all.Select(rule => rule.Name)))}, and 'optdsl rules{(assembly is null ? "" : $" --assembly {assembly}")}' shows all.");
    }

    private static string Degree(double? degree) => degree is { } value ? value.ToString("0.##", CultureInfo.InvariantCulture) : "none";

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
