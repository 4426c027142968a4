using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace OptDsl.Experiments;

/// <summary><c>verify [SYSTEM...]</c>: runs systems and holds them against their claims.</summary>
internal static class VerifyCommand
{
    internal static Command Create(IAnsiConsole console, CancellationToken cancellation)
    {
        var ids = new Argument<string[]>("systems") { Description = "Their numbers, such as S40; all if none is given.", Arity = ArgumentArity.ZeroOrMore };
        var json = new Option<string?>("--json") { Description = "Also write the rows to this file.", HelpName = "FILE" };
        var command = new Command("verify", "Runs systems and holds what they measure against the claims.") { ids, json };
        command.SetAction(parsed => Run(parsed.GetValue(ids) ?? [], parsed.GetValue(json), console, cancellation));
        return command;
    }

    internal static int Run(string[] ids, string? json, IAnsiConsole console, CancellationToken cancellation)
    {
        VerificationSystem[] systems = ids.Length == 0 ? [.. Registry.All] : [.. ids.Select(Registry.Find).Distinct()];

        // Before the systems run: some take minutes.
        JsonFile.Check(json);
        var rows = new List<VerificationRow>();
        foreach (VerificationSystem system in systems)
        {
            console.WriteLine($"{system.Id}  {system.Title}");
            rows.AddRange(Verifier.Run(system, cancellation, what => console.WriteLine($"  {what}")));
        }

        WriteTable(console, rows);
        if (json is not null)
        {
            JsonFile.Write(json, VerificationJson.Render(rows));
        }

        int failed = rows.Count(row => !row.Passed);
        console.WriteLine($"{rows.Count - failed} of {rows.Count} hold.");
        return failed == 0 ? CommandLine.Success : CommandLine.Failure;
    }

    private static void WriteTable(IAnsiConsole console, List<VerificationRow> rows)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("claim", "seed", "");
        table.AddColumn(new TableColumn("measured").RightAligned());
        table.AddColumns("expected", "");
        foreach (VerificationRow row in rows)
        {
            table.AddRow(
                row.Claim.Id, Number(row.Seed), Markup.Escape(row.Claim.Text), Number(row.Measured), row.Claim.Expected,
                row.Passed ? "[green]holds[/]" : "[red]FAILS[/]");
        }

        console.Write(table);
    }

    private static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
