using System.CommandLine;
using System.Reflection;
using Spectre.Console;

namespace OptDsl.Experiments;

/// <summary><c>complete</c>: hides a part of a matrix, completes it by factorizations, and shows how well.</summary>
internal static class CompleteCommand
{
    private const string Images = "fashion-600-images-idx3-ubyte.gz";

    internal static Command Create(IAnsiConsole console, CancellationToken cancellation)
    {
        var input = new Option<string?>(
            "--input")
        {
            Description =
                "A table with a row, a column and a value per line, or IDX images, gzip or not; - reads standard input. Without it: 600 Fashion-MNIST images.",
            HelpName = "FILE"
        };
        var holdout = Numbers.Option<double>("--holdout", "a number", "P",
            $"Probability that a known cell is hidden, between 0 and 1. If not given, {CompleteOptions.ImageHoldout} of images and {CompleteOptions.TripleHoldout} of tables.");
        var depth = Numbers.Option<int>("--depth", $"a whole number from 1 to {CompleteOptions.DepthLimit}", "N",
            "Train one model of this many factors instead of the usual ones.");
        var width = Numbers.Option<int>("--width", $"a whole number from 1 to {CompleteOptions.WidthLimit}", "N",
            "Train one model of this width between the factors.");
        var rule = new Option<string?>(
            "--rule")
        {
            Description = $"Update rule, {Rules.Default.Name} if not given: {string.Join(", ", Rules.All.Select(entry => entry.Name))}.",
            HelpName = "NAME"
        };
        var rate = Numbers.Option<double>("--rate", "a number", "X",
            "Learning rate. If not given, one that suits completion by the rule; result.json shows it.");
        var penalty = Numbers.Option<double>("--penalty", "a number", "X",
            "Weight of the squared parameters in the loss. If not given, one that suits images or ratings; result.json shows it.");
        var iterations = Numbers.Option<int>("--iterations", $"a whole number from 1 to {CompleteOptions.IterationLimit}", "N",
            "Steps at most.");
        var seed = Numbers.Option<ulong>("--seed", "a whole number from 0 to 18446744073709551615", "N",
            "Of the split and the initial parameters. 0 if not given.");
        var repeat = new Option<string?>("--repeat")
        {
            Description = "The result.json of an earlier run: repeats that run on the same input.",
            HelpName = "FILE"
        };
        var output = new Option<string>("--output")
        {
            Description = "Directory for the results, replaced as a whole.",
            HelpName = "DIR",
            DefaultValueFactory = _ => new CompleteOptions().Output
        };
        var command = new Command("complete", "Hides a part of a matrix, completes it by factorizations and writes a report.")
        {
            input, holdout, depth, width, rule, rate, penalty, iterations, seed, repeat, output,
        };
        command.SetAction(parsed => Run(
            new CompleteOptions
            {
                Input = parsed.GetValue(input),
                Holdout = parsed.GetValue(holdout),
                Depth = parsed.GetValue(depth),
                Width = parsed.GetValue(width),
                Rule = parsed.GetValue(rule),
                Rate = parsed.GetValue(rate),
                Penalty = parsed.GetValue(penalty),
                Iterations = parsed.GetValue(iterations),
                Seed = parsed.GetValue(seed),
                Repeat = parsed.GetValue(repeat),
                Output = parsed.GetValue(output)!,
            },
            console,
            cancellation));
        return command;
    }

    internal static int Run(CompleteOptions options, IAnsiConsole console, CancellationToken cancellation)
    {
        options.Validate();
        var directory = new OutputDirectory(options.Output, ResultFiles.IsOurs);
        directory.Check();
        RunRecord? earlier = options.Repeat is null ? null : RunRecord.Read(options.Repeat);
        string? input = options.Input ?? earlier?.PlaceOfInput(options.Repeat!);
        CellMatrix matrix = input is null ? ReadShippedImages(cancellation)
            : ProgressDisplay.During(console, $"reading {input}", () => Read(input, options, cancellation));
        earlier?.CheckInput(matrix, options.Repeat!);
        OptionsRecord asked = earlier?.Options ?? new(
            options.Holdout ?? (matrix.Image is null ? CompleteOptions.TripleHoldout : CompleteOptions.ImageHoldout), options.Seed ?? 0,
            options.Depth, options.Width, options.Rule, options.Rate, options.Penalty, options.Iterations);
        var problem = new CompletionProblem(matrix, asked.Holdout, asked.Seed);
        IReadOnlyList<ModelSettings> models = earlier is null ? options.Models(problem) : earlier.Settings(problem, options.Repeat!);

        ResultTable.WriteProblem(console, problem);
        if (earlier is null)
        {
            options.LeftOut(problem).ForEach(console.WriteLine);
        }

        (CompletionResult completed, RunRecord record) = ProgressDisplay.Run(console, models, progress =>
        {
            CompletionResult result = CompletionRun.Run(problem, models, progress, cancellation);
            var record = RunRecord.Of(result, input, asked);
            directory.Write(staging => ResultFiles.Write(staging, result, record, progress, cancellation), cancellation);
            return (result, record);
        });
        using CompletionResult result = completed;
        ResultTable.Write(console, result);
        if (!problem.Matrix.IsSmall)
        {
            console.WriteLine(FormattableString.Invariant(
                $"The matrix has more than {CellMatrix.CellLimit} cells, so factors are written instead of every cell's prediction."));
        }

        console.WriteLine($"Wrote {Path.Combine(options.Output, ResultFiles.Report)} and the numbers beside it.");
        if (earlier is not null)
        {
            console.WriteLine(record.Compare(earlier, options.Repeat!));
        }

        return CommandLine.Success;
    }

    private static CellMatrix Read(string input, CompleteOptions options, CancellationToken cancellation)
        => options.Repeat is null || options.Input is not null || File.Exists(input) ? InputFile.Read(input, cancellation)
            : throw new InputException($"{options.Repeat}: its input {input} is not there; say where it is now with --input.");

    private static CellMatrix ReadShippedImages(CancellationToken cancellation)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Images)
            ?? throw new InvalidOperationException($"The assembly lacks its resource {Images}.");
        return InputFile.Read(stream, Images, cancellation) with { Source = "600 Fashion-MNIST images" };
    }
}
