using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OptDsl.Testing;
using Xunit;

namespace OptDsl.Generator.Tests.Emission;

/// <summary>What is emitted is a deliverable: reviewed, free of warnings, and the same wherever it is made.</summary>
public class EmittedTextTests
{
    public static TheoryData<string> Samples
        => [SampleRules.Adam, SampleRules.FusedMomentum, SampleRules.TwoPasses, SampleRules.Everything];

    [Fact]
    public void Adam() => Snapshot.Verify(Emit(SampleRules.Adam));

    [Fact]
    public void Fused_momentum() => Snapshot.Verify(Emit(SampleRules.FusedMomentum));

    [Fact]
    public void Two_passes() => Snapshot.Verify(Emit(SampleRules.TwoPasses));

    [Fact]
    public void Everything() => Snapshot.Verify(Emit(SampleRules.Everything));

    [Theory]
    [MemberData(nameof(Samples))]
    public void Compiles_without_a_warning(string rule)
    {
        foreach (LanguageVersion version in (LanguageVersion[])[LanguageVersion.CSharp12, LanguageVersion.Latest])
        {
            foreach (bool checkOverflow in (bool[])[false, true])
            {
                CSharpCompilation compilation = RuleCompilation.Create(version, checkOverflow, rule);
                Assert.DoesNotContain(GeneratorHarness.Compile(compilation),
                    diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && diagnostic.Id != "CS1591");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Is_the_same_in_every_culture_and_with_every_line_ending(string rule)
    {
        string expected = Emit(rule);
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            // A comma for the decimal point, another minus sign, another case for i.
            var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            culture.NumberFormat.NumberDecimalSeparator = ",";
            culture.NumberFormat.NegativeSign = "\u2212";
            CultureInfo.CurrentCulture = culture;
            Assert.Equal(expected, Emit(rule));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        Assert.Equal(expected, Emit(rule.Replace("\n", "\r\n", StringComparison.Ordinal)));
        Assert.DoesNotContain('\r', expected);
    }

    [Fact]
    public void Does_not_depend_on_the_order_or_the_path_of_files()
    {
        string[] files =
        [
            "[Optimizer] public sealed partial record Split(double LearningRate = 0.1) { [Update] double Update(double parameter, double second, double first) => parameter - LearningRate * first * second; }",
            "partial record Split { [State] static double Second(double gradient, double previousSecond) => gradient + previousSecond * Helper.Half; }",
            "partial record Split { [State] static double First(double gradient, double previousFirst) => gradient * previousFirst; }",
            "static class Helper { public const double Half = 0.5; }",
        ];
        string expected = Assert.Single(GeneratorHarness.Run(RuleCompilation.Create(files))).Value;
        foreach (int[] order in (int[][])[[3, 2, 1, 0], [1, 0, 3, 2], [2, 3, 0, 1]])
        {
            var shuffled = RuleCompilation.Create([.. order.Select(index => files[index])]);
            foreach (SyntaxTree tree in shuffled.SyntaxTrees)
            {
                shuffled = shuffled.ReplaceSyntaxTree(tree, tree.WithFilePath("elsewhere/" + tree.FilePath));
            }

            Assert.Equal(expected, Assert.Single(GeneratorHarness.Run(shuffled)).Value);
        }
    }

    [Fact]
    public void Rules_that_differ_in_case_or_nesting_alone_get_files_of_their_own()
    {
        const string Body = "(double R = 0.1) { [Update] double Update(double parameter, double gradient) => parameter - R * gradient; }";
        var files = GeneratorHarness.Run(RuleCompilation.Create($$"""
            [Optimizer] public sealed partial record Adam{{Body}}
            [Optimizer] public sealed partial record ADAM{{Body}}
            [Optimizer] public sealed partial record Adam<T>{{Body}}
            namespace Adams { [Optimizer] public sealed partial record Adam{{Body}} }
            """));
        Assert.Equal(4, files.Keys.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void An_invalid_rule_emits_nothing()
        => Assert.Empty(
            GeneratorHarness.Run(
                RuleCompilation.Create(
                    SampleRules.Adam.Replace("Math.Sqrt(meanSquare)", "Math.Asin(meanSquare)", StringComparison.Ordinal))));

    [Theory]
    [InlineData("if (gradient > 0) { return parameter; }")]
    [InlineData("double x; return parameter - x;")]
    [InlineData("return parameter - unknown * gradient;")]
    [InlineData("return parameter -")]
    public void A_body_that_does_not_compile_emits_nothing_and_throws_nothing(string body)
        => Assert.Empty(
            GeneratorHarness.Run(
                RuleCompilation.Create(
                    $"[Optimizer] public sealed partial record R {{ [Update] static double Update(double parameter, double gradient) {{ {body} }} }}")));

    /// <summary>
    /// An infinite gradient has a finite angle, so that the update does not show it: the kernel looks at the gradient itself.
    /// </summary>
    [Theory]
    [InlineData("RuleMath.Hypot(gradient, parameter)", false)]
    [InlineData("RuleMath.Atan2(gradient, parameter)", true)]
    [InlineData("RuleMath.Atan2(parameter, gradient)", true)]
    [InlineData("RuleMath.Atan(gradient)", true)]
    public void What_an_angle_hides_is_looked_at(string value, bool looks)
        => Assert.Equal(looks,
            Emit($"[Optimizer] public sealed partial record R {{ [Update] static double Update(double parameter, double gradient) => parameter - {value}; }}")
            .Contains("return S.Add(update, gradient);", StringComparison.Ordinal));

    private static string Emit(string rule) => Assert.Single(GeneratorHarness.Run(RuleCompilation.Create(rule))).Value;
}
