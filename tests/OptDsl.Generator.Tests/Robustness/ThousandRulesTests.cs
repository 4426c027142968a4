using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OptDsl.Testing;
using Xunit;

namespace OptDsl.Generator.Tests.Robustness;

/// <summary>In a project of a thousand rules an edit costs what it changes.</summary>
public class ThousandRulesTests
{
    private const int Rules = 1000;

    private static readonly CSharpCompilation Project = RuleCompilation.Create(
        [.. Enumerable.Range(0, Rules).Select(Rule), "static class Helper { public static double Half(double x) => x * 0.5; }",
            "class Unrelated { }"]);

    private static readonly GeneratorDriver Driver = GeneratorHarness.Driver().RunGenerators(Project);

    [Fact]
    public void The_first_run_emits_every_rule() => Assert.Equal(Rules, Driver.GetRunResult().GeneratedTrees.Length);

    [Fact]
    public void An_edit_of_one_rule_emits_that_rule_again()
    => RequireEmitted(1, 500, Rule(500).Replace("- Rate", "+ Rate", StringComparison.Ordinal));

    [Fact]
    public void An_edit_of_one_comment_emits_nothing_again() => RequireEmitted(0, 500, "// why\n" + Rule(500));

    [Fact]
    public void An_edit_of_an_unrelated_file_emits_nothing_again() => RequireEmitted(0, Rules + 1, "class Unrelated { int edited; }");

    /// <summary>One rule in a hundred calls the helper.</summary>
    [Fact]
    public void An_edit_of_a_helper_emits_those_again_that_call_it()
        => RequireEmitted(Rules / 100, Rules, "static class Helper { public static double Half(double x) => x * 0.25; }");

    private static void RequireEmitted(int expected, int file, string text)
    {
        SyntaxTree old = Project.SyntaxTrees[file];
        CSharpCompilation edited = Project.ReplaceSyntaxTree(old,
            CSharpSyntaxTree.ParseText(text, RuleCompilation.Options(), old.FilePath));
        GeneratorRunResult result = Driver.RunGenerators(edited, TestContext.Current.CancellationToken).GetRunResult().Results.Single();
        var outputs = result.TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(step => step.Outputs).ToList();
        Assert.Equal(Rules, outputs.Count);
        Assert.Equal(expected, outputs.Count(output => output.Reason is IncrementalStepRunReason.Modified or IncrementalStepRunReason.New));
        Assert.Equal(Rules - expected,
            outputs.Count(output => output.Reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged));
    }

    private static string Rule(int number) => $$"""
        namespace Many;

        [Optimizer]
        public sealed partial record Rule{{number}}(double Rate = 0.1, double Decay = 0.9)
        {
            [RunningAverage(Decay = nameof(Decay))]
            static double Mean(double gradient) => {{(number % 100 == 7 ? "Helper.Half(gradient)" : "gradient")}};

            [Update]
            double Update(double parameter, double mean) => parameter - Rate * mean;
        }
        """;
}
