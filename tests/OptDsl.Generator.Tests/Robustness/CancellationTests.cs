using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Parsing;
using OptDsl.Testing;
using Xunit;

namespace OptDsl.Generator.Tests.Robustness;

/// <summary>A run that is cut short, as every keystroke does, leaves no trace in the next.</summary>
public class CancellationTests
{
    private static readonly string[] Files = [SampleRules.Adam, RobustnessSamples.Branching, SampleRules.Everything];

    [Fact]
    public void A_cancelled_run_throws_nothing_else_and_the_next_one_is_complete()
    {
        string expected = IncrementalRun.Describe(GeneratorHarness.Driver()
            .RunGenerators(RuleCompilation.Create(Files), TestContext.Current.CancellationToken));
        int reads = 0;
        GeneratorHarness.Driver().RunGenerators(Observed(_ => reads++), TestContext.Current.CancellationToken);
        Assert.True(reads > 200, $"A run reads only {reads} declarations.");

        // The driver of a project whose rules were all in error, so that the run that is cancelled has something to do.
        GeneratorDriver before = GeneratorHarness.Driver().RunGenerators(
            RuleCompilation.Create([.. Files.Select(file => file.Replace("parameter", "unknown", StringComparison.Ordinal))]),
                TestContext.Current.CancellationToken);
        int cancelled = 0;
        for (int last = 1; last <= reads; last += 1 + last / 8)
        {
            cancelled += Cancel(before, last, expected) ? 1 : 0;
        }

        Assert.True(cancelled > 10, $"Only {cancelled} runs were cut short.");
    }

    /// <summary>A body is left where it is: what comes after the cancellation is not looked at.</summary>
    [Theory]
    [InlineData("double x = Half(gradient);", "x = x * 0.5;", "Math.Asin(x)")]
    [InlineData("double x = Half(Rate);", "if (x > 0) { x = -x; }", "Math.Asin(x)")]
    [InlineData("double x = Half(gradient);", "{ }", "Math.Asin(x)")]
    public void A_cancelled_translation_stops_at_the_next_node(string first, string then, string last)
    {
        string rule =
            $"[Optimizer] public sealed partial record R(double Rate = 0.1) {{ static double Half(double x) => x / 2; [Update] double Update(double parameter, double gradient) {{ {first} {string.Concat(Enumerable.Repeat(then, 2000))} return {last}; }} }}";
        using var source = new CancellationTokenSource();
        CSharpCompilation plain = RuleCompilation.Create(rule);
        var reported = new List<Diagnostic>();
        RuleParser.Parse(Rule(plain), plain, new DiagnosticSink(reported.Add), source.Token);
        Assert.Single(reported);

        // The body of the update asks for that of Half before anything else.
        CSharpCompilation compilation = plain.ReplaceSyntaxTree(plain.SyntaxTrees[0], new ObservedTree(plain.SyntaxTrees[0], node =>
        {
            if (node is MethodDeclarationSyntax { Identifier.Text: "Half" })
            {
                source.Cancel();
            }
        }));
        reported.Clear();
        Assert.Throws<OperationCanceledException>(() =>
            RuleParser.Parse(Rule(compilation), compilation, new DiagnosticSink(reported.Add), source.Token));
        Assert.Empty(reported);
    }

    /// <summary>Whether the run was cut short at the given read; then, or else, the next must be as if nothing had been.</summary>
    private static bool Cancel(GeneratorDriver before, int last, string expected)
    {
        using var source = new CancellationTokenSource();
        int reads = 0;
        CSharpCompilation compilation = Observed(_ =>
        {
            if (++reads == last)
            {
                source.Cancel();
            }
        });
        GeneratorDriver after = before;
        bool cancelled = false;
        try
        {
            after = before.RunGenerators(compilation, source.Token);
        }
        catch (OperationCanceledException exception) when (exception.CancellationToken == source.Token)
        {
            cancelled = true;
        }

        foreach (GeneratorDriver driver in (GeneratorDriver[])[after, before])
        {
            Assert.Equal(expected, IncrementalRun.Describe(driver.RunGenerators(compilation.Clone(), CancellationToken.None)));
        }

        return cancelled;
    }

    private static CSharpCompilation Observed(Action<SyntaxNode> observe)
    {
        CSharpCompilation compilation = RuleCompilation.Create(Files);
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            compilation = compilation.ReplaceSyntaxTree(tree, new ObservedTree(tree, observe));
        }

        return compilation;
    }

    private static INamedTypeSymbol Rule(Compilation compilation) => compilation.GetTypeByMetadataName("R")!;
}
