using System.Diagnostics;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OptDsl.Testing;

namespace OptDsl.Benchmarks;

/// <summary>What the generator and its analyzer add to a build, in processes of their own with the runtime's default settings.</summary>
internal static class GeneratorTime
{
    /// <summary>The argument, followed by a number of rules, by which a child process is told to generate.</summary>
    internal const string Argument = "--generate";

    private const int Project = 1000, Repeats = 3;

    private static readonly int[] Counts = [1, 10, 100];

    /// <summary>In the child: prints the milliseconds of a project's first run after warm-up, and of the run after an edit.</summary>
    internal static int Generate(int rules)
    {
        string[] files = [.. Enumerable.Range(0, rules).Select(Rule)];
        for (int i = 0; i < Repeats; i++)
        {
            GeneratorHarness.Driver().RunGenerators(RuleCompilation.Create(files[..(rules / 2)]));
        }

        CSharpCompilation compilation = RuleCompilation.Create(files);
        GeneratorDriver driver = GeneratorHarness.Driver();
        double first = Time(() => driver = driver.RunGenerators(compilation));
        SyntaxTree old = compilation.SyntaxTrees[rules - 1];
        CSharpCompilation edited = compilation.ReplaceSyntaxTree(
            old, CSharpSyntaxTree.ParseText(files[^1].Replace("1e-3", "2e-3", StringComparison.Ordinal), (CSharpParseOptions)old.Options,
                old.FilePath));
        double edit = Time(() => driver.RunGenerators(edited));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{first} {edit}"));
        return 0;
    }

    /// <summary>Compiles projects with and without the generator, runs the child, and prints what was found.</summary>
    internal static void Report()
    {
        if (FindCompiler() is { } compiler)
        {
            foreach (int count in Counts)
            {
                (double without, double with) = (Compile(compiler, count, generate: false), Compile(compiler, count, generate: true));
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"build: {count} rules: the compiler takes {without:0} ms without the generator, {with - without:0} ms more with it (loading it, analysis, and compiling what it emits included)"));
            }
        }

        string[] parts = SelfProcess.Run(Argument, Project.ToString(CultureInfo.InvariantCulture)).Trim().Split(' ');
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"generator: {Project} rules in one project: {double.Parse(parts[0], CultureInfo.InvariantCulture):0} ms after warm-up (goal: below 2000), {double.Parse(parts[1], CultureInfo.InvariantCulture):0} ms after an edit to one"));
    }

    private static double Time(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>The SDK's own compiler, beside the runtime this runs on.</summary>
    private static string? FindCompiler()
    {
        string root = Path.GetFullPath(
            Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        string sdks = Path.Combine(root, "sdk");
        return Directory.Exists(sdks)
            ? Directory.EnumerateDirectories(sdks, "10.*").Order(StringComparer.Ordinal)
            .Select(sdk => Path.Combine(sdk, "Roslyn", "bincore", "csc.dll")).LastOrDefault(File.Exists)
            : null;
    }

    /// <summary>The median milliseconds of compiling so many rules in a process of its own.</summary>
    private static double Compile(string compiler, int rules, bool generate)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("optdsl-build-");
        try
        {
            var arguments = new List<string> { "-nologo", "-target:library", "-nullable", "-langversion:latest",
                $"-out:{Path.Combine(directory.FullName, "out.dll")}" };
            arguments.AddRange(RuleCompilation.References.Select(reference => $"-r:{reference.Display}"));
            if (generate)
            {
                arguments.Add($"-analyzer:{typeof(Generator.OptimizerGenerator).Assembly.Location}");
            }

            for (int i = 0; i < rules; i++)
            {
                string file = Path.Combine(directory.FullName, $"Rule{i}.cs");
                File.WriteAllText(file, "using System;\nusing OptDsl;\n" + Rule(i));
                arguments.Add(file);
            }

            string response = Path.Combine(directory.FullName, "arguments.rsp");
            File.WriteAllLines(response, arguments.Select(argument => $"\"{argument}\""));
            return Enumerable.Range(0, Repeats).Select(_ => Time(() => Run(compiler, response))).Order().ElementAt(Repeats / 2);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static void Run(string compiler, string response)
    {
        using Process process = Process.Start(
            new ProcessStartInfo("dotnet", ["exec", compiler, "-noconfig", "@" + response]) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"The compiler failed: {output}");
        }
    }

    private static string Rule(int number) => $$"""
        namespace Many;

        [Optimizer]
        public sealed partial record Rule{{number}}(
            double LearningRate = 1e-3, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8)
        {
            [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.Published)]
            static double Mean(double gradient) => gradient;

            [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.Published)]
            static double MeanSquare(double gradient) => gradient * gradient;

            [Update]
            double Update(double parameter, double mean, double meanSquare)
                => parameter - LearningRate * mean / (Math.Sqrt(meanSquare) + Epsilon);
        }
        """;
}
