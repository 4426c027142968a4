using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OptDsl.Generator.Model;
using OptDsl.Testing;
using Xunit;

namespace OptDsl.Generator.Tests.Pipeline;

/// <summary>An edit re-emits the rules whose meaning it changed, and no other.</summary>
public class IncrementalityTests
{
    private const string Sibling = """
        [Optimizer]
        public sealed partial record Sibling(double LearningRate = 0.1)
        {
            [Update]
            double Update(double parameter, double gradient) => parameter - LearningRate * gradient;
        }
        """;

    private const string Helper = "static class Helper { public static double Half(double x) => x * 0.5; }";

    private static readonly string Rule = SampleRules.Adam.Replace("static double Mean(double gradient) => gradient;",
        "static double Mean(double gradient) => Helper.Half(gradient);", StringComparison.Ordinal);

    public static TheoryData<string, string, string> HarmlessEdits => new()
    {
        { "a comment", "[Update]", "/* why */ [Update] // and how" },
        { "white space", "LearningRate * mean", "LearningRate   *\n mean" },
        { "shifted lines", "namespace Sample;", "\n\n\n// moved\nnamespace Sample;" },
        { "a doc comment", "[Optimizer]", "/// <summary>Another.</summary>\n[Optimizer]" },
        { "parentheses", "parameter - LearningRate", "(parameter) - LearningRate" },
    };

    [Theory]
    [MemberData(nameof(HarmlessEdits))]
    public void Harmless_edits_emit_nothing_again(string what, string before, string after)
    {
        Assert.NotEmpty(what);
        (IncrementalStepRunReason adam, IncrementalStepRunReason sibling) = Edit(0, Rule.Replace(before, after, StringComparison.Ordinal));
        Assert.Contains(adam, Same);
        Assert.Contains(sibling, Same);
    }

    [Fact]
    public void An_edit_of_a_sibling_leaves_the_rule_alone()
    {
        (IncrementalStepRunReason adam, IncrementalStepRunReason sibling) = Edit(1,
            Sibling.Replace("- LearningRate", "+ LearningRate", StringComparison.Ordinal));
        Assert.Contains(adam, Same);
        Assert.Equal(IncrementalStepRunReason.Modified, sibling);
    }

    [Fact]
    public void An_edit_of_an_unrelated_file_leaves_both_alone()
    {
        (IncrementalStepRunReason adam, IncrementalStepRunReason sibling) = Edit(3, "class Unrelated { int edited; }");
        Assert.Contains(adam, Same);
        Assert.Contains(sibling, Same);
    }

    [Fact]
    public void A_real_edit_emits_the_rule_again()
    {
        (IncrementalStepRunReason adam, IncrementalStepRunReason sibling) = Edit(0,
            Rule.Replace("LearningRate * mean", "mean * LearningRate", StringComparison.Ordinal));
        Assert.Equal(IncrementalStepRunReason.Modified, adam);
        Assert.Contains(sibling, Same);
    }

    [Fact]
    public void An_edit_of_a_helper_in_another_file_emits_the_rule_that_calls_it_again()
    {
        (IncrementalStepRunReason adam, IncrementalStepRunReason sibling) = Edit(2,
            Helper.Replace("0.5", "0.25", StringComparison.Ordinal));
        Assert.Equal(IncrementalStepRunReason.Modified, adam);
        Assert.Contains(sibling, Same);
    }

    [Theory]
    [MemberData(nameof(Emission.EmittedTextTests.Samples), MemberType = typeof(Emission.EmittedTextTests))]
    public void No_step_holds_on_to_a_compilation(string rule)
    {
        GeneratorDriver driver = GeneratorHarness.Driver()
            .RunGenerators(RuleCompilation.Create(rule), TestContext.Current.CancellationToken);
        PipelineValues.RequirePlain(driver.GetRunResult().Results.Single(), TrackingNames.Rules, TrackingNames.ValidRules);
    }

    /// <summary>The same for a rule with two errors, one of which names a type and has an argument.</summary>
    [Fact]
    public void Nor_does_a_rule_with_an_error()
    {
        string rule = SampleRules.Adam.Replace("Math.Sqrt(meanSquare)", "Math.Acosh(meanSquare) * meanSquarer", StringComparison.Ordinal);
        Assert.NotEqual(SampleRules.Adam, rule);
        GeneratorRunResult result = GeneratorHarness.Driver()
            .RunGenerators(RuleCompilation.Create(rule), TestContext.Current.CancellationToken).GetRunResult().Results.Single();
        Assert.NotEmpty(result.TrackedSteps[TrackingNames.InvalidRules].SelectMany(step => step.Outputs));
        PipelineValues.RequirePlain(result, TrackingNames.Rules, TrackingNames.InvalidRules);
    }

    private static IncrementalStepRunReason[] Same => [IncrementalStepRunReason.Cached, IncrementalStepRunReason.Unchanged];

    /// <summary>Why the model of each rule, Adam and its sibling, came out as it did after one file was edited.</summary>
    private static (IncrementalStepRunReason Adam, IncrementalStepRunReason Sibling) Edit(int file, string text)
    {
        CSharpCompilation before = RuleCompilation.Create(Rule, Sibling, Helper, "class Unrelated { }");
        GeneratorDriver driver = GeneratorHarness.Driver().RunGenerators(before, TestContext.Current.CancellationToken);
        SyntaxTree edited = before.SyntaxTrees[file];
        CSharpCompilation after = before.ReplaceSyntaxTree(edited,
            CSharpSyntaxTree.ParseText(text, RuleCompilation.Options(), edited.FilePath,
                cancellationToken: TestContext.Current.CancellationToken));
        Assert.DoesNotContain(GeneratorHarness.Compile(after), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        GeneratorRunResult result = driver.RunGenerators(after, TestContext.Current.CancellationToken).GetRunResult().Results.Single();

        var outputs = result.TrackedSteps[TrackingNames.ValidRules].SelectMany(step => step.Outputs).ToList();
        var emitted = result.TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(step => step.Outputs).ToList();
        Assert.Equal(2, outputs.Count);
        Assert.Equal(2, emitted.Count);
        for (int i = 0; i < 2; i++)
        {
            // The file is written again exactly where the model changed.
            Assert.Equal(Same.Contains(outputs[i].Reason), Same.Contains(emitted[i].Reason));
        }

        int adam = outputs.FindIndex(output => ((RuleSpec)output.Value).Name == "Adam");
        return (outputs[adam].Reason, outputs[1 - adam].Reason);
    }
}
