using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace OptDsl.Experiments;

/// <summary>
/// <c>verify [SYSTEM...] [--data PATH]</c>: runs systems, or samplers on reference posteriors, or both, and holds them against their
/// claims.
/// </summary>
internal static class VerifyCommand
{
    internal static Command Create(IAnsiConsole console, CancellationToken cancellation)
    {
        var ids = new Argument<string[]>("systems")
        {
            Description = "Their numbers, such as S40; all if none is given, and no --data.",
            Arity = ArgumentArity.ZeroOrMore
        };
        var data = new Option<string?>(
            "--data")
        {
            Description =
                "Also the samplers, against reference posteriors in this directory, laid out like posteriordb; without systems only these.",
            HelpName = "PATH"
        };
        var output = new Option<string?>(
            "--output")
        {
            Description =
                "Also write the first seed's tables, pictures and draws: a directory in this one for each system, replaced as a whole.",
            HelpName = "DIR"
        };
        var json = new Option<string?>("--json") { Description = "Also write the rows to this file.", HelpName = "FILE" };
        var command = new Command("verify", "Runs systems and holds what they measure against the claims.") { ids, data, output, json };
        command.SetAction(parsed =>
            Run(parsed.GetValue(ids) ?? [], parsed.GetValue(data), parsed.GetValue(output), parsed.GetValue(json), console, cancellation));
        return command;
    }

    internal static int Run(string[] ids, string? data, string? output, string? json, IAnsiConsole console, CancellationToken cancellation)
    {
        // Before the systems run: some take minutes.
        JsonFile.Check(json);
        IReadOnlyList<VerificationSystem> systems = Systems(ids, data, cancellation);
        foreach (VerificationSystem system in output is null ? [] : systems)
        {
            RunFiles.DirectoryOf(system, output!).Check();
        }

        var rows = new List<VerificationRow>();
        var files = new Dictionary<VerificationSystem, RunFiles>();
        foreach (VerificationSystem system in systems)
        {
            console.WriteLine($"{system.Id}  {system.Title}");
            foreach (ulong seed in system.Seeds)
            {
                ExhibitList? exhibits = output is not null && seed == system.Seeds[0] ? new ExhibitList() : null;
                VerificationRow[] measured = [.. Verifier.Run(system,
                    new Trial(seed, exhibits, what => console.WriteLine($"  {what}"), cancellation))];
                rows.AddRange(measured);
                if (exhibits is not null)
                {
                    files.Add(system, new RunFiles(system, measured, exhibits));
                }
            }
        }

        WriteTable(console, rows);
        foreach ((VerificationSystem system, RunFiles written) in files)
        {
            RunFiles.DirectoryOf(system, output!).Write(written.Write, cancellation);
            console.WriteLine($"Wrote {Path.Combine(output!, system.Id, RunFiles.Report)}.");
        }

        if (json is not null)
        {
            JsonFile.Write(json, VerificationJson.Render(rows));
        }

        int failed = rows.Count(row => !row.Passed);
        console.WriteLine($"{rows.Count - failed} of {rows.Count} hold.");
        return failed == 0 ? CommandLine.Success : CommandLine.Failure;
    }

    /// <summary>The systems named, all if there is neither a name nor data, and the posteriors of the data.</summary>
    /// <exception cref="InputException">There is no such system, or the data are not what they should be.</exception>
    internal static IReadOnlyList<VerificationSystem> Systems(string[] ids, string? data, CancellationToken cancellation)
    {
        IEnumerable<VerificationSystem> named = ids.Length == 0 && data is null ? Registry.All : ids.Select(Registry.Find).Distinct();
        return [.. named, .. data is null ? [] : ReferencePosteriors.Read(data, cancellation)];
    }

    private const int TableWidth = 100;

    private static string Outcome(VerificationRow row) => row.Passed ? "[green]holds[/]" : "[red]FAILS[/]";

    private static void WriteTable(IAnsiConsole console, List<VerificationRow> rows)
    {
        if (console.Profile.Width < TableWidth)
        {
            // A column per number would leave no room for the words.
            foreach (VerificationRow row in rows)
            {
                console.MarkupLine(
                    $"{row.Claim.Id}, seed {row.Seed}: {Number(row.Measured)}, allowed {Markup.Escape(row.Claim.Expected)}: {Outcome(row)}");
                console.WriteLine($"  {row.Claim.Text}");
            }

            return;
        }

        var table = new Table().Border(TableBorder.Simple)
            .AddColumn(new TableColumn("claim").NoWrap()).AddColumn(new TableColumn("seed").NoWrap())
            .AddColumn("what is measured")
            .AddColumn(new TableColumn("measured").RightAligned().NoWrap()).AddColumn(new TableColumn("allowed").NoWrap())
            .AddColumn(new TableColumn("outcome").NoWrap());
        foreach (VerificationRow row in rows)
        {
            table.AddRow(
                row.Claim.Id, Number(row.Seed), Markup.Escape(row.Claim.Text), Number(row.Measured), row.Claim.Expected,
                Outcome(row));
        }

        console.Write(table);
    }

    private static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
