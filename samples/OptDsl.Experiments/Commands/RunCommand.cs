using System.CommandLine;
using Spectre.Console;

namespace OptDsl.Experiments;

/// <summary>
/// <c>run SYSTEM</c>: one trial of an experiment, with its tables and pictures; it judges nothing. <c>verify</c> runs the other seeds.
/// </summary>
internal static class RunCommand
{
    internal static Command Create(IAnsiConsole console, CancellationToken cancellation)
    {
        var ids = new Argument<string[]>("systems")
        {
            Description = "Their numbers, such as S24; or all.",
            Arity = ArgumentArity.OneOrMore
        };
        var seed = Numbers.Option<ulong>("--seed", "a whole number from 0 to 18446744073709551615", "N",
            "Of everything random; else the first that verify runs.");
        var output = new Option<string>("--output")
        {
            Description = "Directory with one for each system, replaced as a whole.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "out"
        };
        var docs = new Option<string?>(
            "--docs")
        {
            Description = "Also write the page of each system, and its pictures, into this documentation folder.",
            HelpName = "DIR"
        };
        var images = new Option<string?>(
            "--images")
        {
            Description = "IDX images for S42, gzip or not, such as all 60 000 of Fashion-MNIST; with --labels.",
            HelpName = "FILE"
        };
        var labels = new Option<string?>("--labels") { Description = "Their IDX labels.", HelpName = "FILE" };
        var command = new Command("run", "Runs systems and shows what they measured, with tables and pictures.") { ids, seed, output, docs,
            images, labels };
        command.SetAction(parsed =>
            Run(parsed.GetRequiredValue(ids), parsed.GetValue(seed), parsed.GetValue(output)!, parsed.GetValue(docs),
                (parsed.GetValue(images), parsed.GetValue(labels)), console, cancellation));
        return command;
    }

    internal static int Run(string[] ids, ulong? seed, string output, string? docs, (string? Images, string? Labels) data,
        IAnsiConsole console, CancellationToken cancellation)
    {
        VerificationSystem[] systems = ids is [var only] && only.Equals("all", StringComparison.OrdinalIgnoreCase) ? [.. Registry.All]
            : [.. ids.Select(Registry.Find).Distinct()];

        // Before the systems run: some take minutes.
        DocumentationPage? page = docs is null ? null : new DocumentationPage(docs);
        foreach (VerificationSystem system in systems)
        {
            RunFiles.DirectoryOf(system, output).Check();
        }

        LabelledImages? images = data switch
        {
            (null, null) => null,
            ({ } files, { } classes) when systems.All(system => system.ReadsImages) => LabelledImages.Read(files, classes, cancellation),
            (not null, not null) =>
                throw new InputException(
                    $"--images is for {string.Join(", ", Registry.All.Where(system => system.ReadsImages).Select(system => system.Id))}; {systems.First(system => !system.ReadsImages).Id} reads none."),
            _ => throw new InputException("--images and --labels belong together; give both."),
        };

        foreach (VerificationSystem system in systems)
        {
            console.WriteLine($"{system.Id}  {system.Title}");
            var exhibits = new ExhibitList();
            var trial = new Trial(seed ?? system.Seeds[0], exhibits, what => console.WriteLine($"  {what}"),
                cancellation)
            { Images = images };
            var rows = new List<VerificationRow>();
            foreach (VerificationRow row in Verifier.Run(system, trial))
            {
                rows.Add(row);
                console.WriteLine(
                    FormattableString.Invariant($"  {row.Claim.Text}: {row.Measured:G6}  (seed {row.Seed}, {row.Seconds:0.00} s)"));
            }

            var files = new RunFiles(system, rows, exhibits);
            RunFiles.DirectoryOf(system, output).Write(files.Write, cancellation);
            page?.Write(system, files, rows, exhibits);
            foreach (DataTable table in exhibits.Tables)
            {
                console.Write(table.ToConsole());
            }

            foreach (string note in exhibits.Notes)
            {
                console.WriteLine($"  {note}");
            }

            console.WriteLine(
                $"  Wrote {Path.Combine(output, system.Id, RunFiles.Report)}{(exhibits.Pictures.Count > 0 ? " with its pictures" : "")}.");
        }

        return CommandLine.Success;
    }
}
