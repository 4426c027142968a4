using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OptDsl.Testing;
using Xunit;

namespace OptDsl.Generator.Tests.Throwing;

/// <summary>
/// What can throw throws where the author's code does, and then nothing has been written: every operation that can, in values of
/// every kind, for every reader, by one thread and by two. A helper that throws ends the process, and with it this test.
/// </summary>
public class ThrowingTests
{
    // By default each kind and reader meet two of the operations; with OPTDSL_THROWING=all each meets all of them.
    private static readonly bool All = Environment.GetEnvironmentVariable("OPTDSL_THROWING") == "all";

    public static TheoryData<string> Readers => [.. ThrowingRules.Readers.Select(reader => reader.Name)];

    [Theory]
    [MemberData(nameof(Readers))]
    public void What_throws_throws_before_anything_is_written(string name)
    {
        int reader = Array.FindIndex(ThrowingRules.Readers, other => other.Name == name);
        List<(int Operation, int Kind)> cases = [];
        for (int kind = 0; kind < ThrowingRules.Kinds.Length; kind++)
        {
            int count = ThrowingRules.Operations.Length, first = (kind + (3 * reader)) % count;
            cases.AddRange(Enumerable.Range(0, All ? count : 2).Select(i => ((first + (i * (All ? 1 : 4))) % count, kind)));
        }

        var context = new AssemblyLoadContext("rules that throw", isCollectible: true);
        try
        {
            Assembly assembly = Load(context, [.. cases.Select(entry => ThrowingRules.Text(entry.Operation, entry.Kind, reader))]);
            foreach (int threads in (ReadOnlySpan<int>)[1, 2])
            {
                // One thread's failures are reported before a helper of two could end the process.
                string[] wrong = [.. cases.Select(entry => Wrong(assembly, entry.Operation, entry.Kind, reader, threads)).OfType<string>()];
                Assert.True(wrong.Length == 0, string.Join("\n", wrong));
            }
        }
        finally
        {
            context.Unload();
        }
    }

    private static string? Wrong(Assembly assembly, int operation, int kind, int reader, int threads)
    {
        string rule = ThrowingRules.Name(operation, kind, reader);
        ThrowingRun run = ThrowingRun.Of(assembly.GetType(rule, throwOnError: true)!);
        foreach (int bad in (ReadOnlySpan<int>)[2, 1])
        {
            if (run.Run(ThrowingRules.Readers[reader].Reader, bad, ThrowingRules.Kinds[kind].Throws, threads) is { } found)
            {
                return $"{rule}, bad in step {bad}, {found}";
            }
        }

        return null;
    }

    private static Assembly Load(AssemblyLoadContext context, string[] rules)
    {
        CSharpCompilation compilation = RuleCompilation.Create(rules);
        GeneratorHarness.Run(compilation, out Compilation withKernels);
        using var image = new MemoryStream();
        var result = withKernels.Emit(image);
        Assert.True(result.Success, string.Join("\n", AnalyzerHarness.Run(compilation).Concat(result.Diagnostics).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Take(20)));
        image.Position = 0;
        return context.LoadFromStream(image);
    }
}
