using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OptDsl.Generator.Tests.Diagnostics;
using OptDsl.Testing;
using Xunit;

namespace OptDsl.Generator.Tests.Robustness;

/// <summary>What once knocked the generator or the analyzer over, as short as it gets.</summary>
public class RegressionTests
{
    private const string Sgd =
        "[Optimizer] public sealed partial record R(double Rate = 0.1) { [Update] double Update(double parameter, double gradient) => parameter - Rate * gradient; }";

    /// <summary>Projects, file by file, that the compiler refuses: nothing is emitted that would not compile, and nobody throws.</summary>
    public static TheoryData<string, string> Broken => new()
    {
        { "a decay whose body does not compile",
            "[Optimizer] public sealed partial record R { double Decay => nowhere; [RunningAverage(Decay = nameof(Decay))] static double Mean(double gradient) => gradient; [Update] static double Update(double parameter, double mean) => parameter - mean; }" },
        { "an array as an initial value",
            "[Optimizer] public sealed partial record R { [State(Initial = new double[] { 1 })] static double Sum(double gradient, double previousSum) => gradient + previousSum; [Update] static double Update(double parameter, double sum) => parameter - sum; }" },
        { "a type as an initial value",
            "[Optimizer] public sealed partial record R { [State(Initial = typeof(int))] static double Sum(double gradient, double previousSum) => gradient + previousSum; [Update] static double Update(double parameter, double sum) => parameter - sum; }" },
        { "an array for an enum", Sgd.Replace("[Optimizer]", "[Optimizer(Arithmetic = new int[] { 1 })]", StringComparison.Ordinal) },
        { "a namespace without a name", "namespace ; " + Sgd },
        { "a rule without a name", Sgd.Replace("record R", "record", StringComparison.Ordinal) },
        { "a type parameter twice", Sgd.Replace("record R", "record R<T, T>", StringComparison.Ordinal) },
        { "a constraint without a type", "partial class Outer<T> where T : { " + Sgd + " }" },
        { "an instance field by the name of its type",
            Sgd.Replace("- Rate", "- Other.Rate", StringComparison.Ordinal) + " class Other { public readonly double Rate; }" },
        { "an instance property by the name of its type",
            Sgd.Replace("- Rate", "- Other.Rate", StringComparison.Ordinal) + " class Other { public double Rate { get; } }" },
        { "an instance method by the name of its type",
            Sgd.Replace("- Rate", "- Other.Half(Rate)", StringComparison.Ordinal)
                + " class Other { public double Half(double x) => x / 2; }" },
        { "a file copied whole", Sgd + "\n" + Sgd },
        { "a record and a class of one name",
            Sgd + "\n" + Sgd.Replace("record R(double Rate = 0.1) {", "class R { double Rate => 0.1;", StringComparison.Ordinal) },
        { "a type and a namespace of one name", "partial class Outer { " + Sgd + " } namespace Outer { " + Sgd + " }" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Code_the_compiler_refuses_is_left_to_the_compiler(string what, string text)
    {
        Assert.NotEmpty(what);
        Assert.Null(new FuzzedProject("", "").Check(text));
    }

    /// <summary>What the tests of diagnostics report, all of it: an error and a kernel exclude each other.</summary>
    [Fact]
    public void A_rule_with_an_error_is_not_emitted()
    {
        var project = new FuzzedProject("", "");
        foreach (var row in DeclarationDiagnosticsTests.Errors.Concat(InputDiagnosticsTests.Reported)
            .Concat(TranslationDiagnosticsTests.Reported))
        {
            (string id, string marked, _) = row.Data;
            string? failure = project.Check(marked.Replace("[|", "", StringComparison.Ordinal).Replace("|]", "", StringComparison.Ordinal));
            Assert.True(failure is null, $"{id}: {failure}\n{marked}");
        }
    }

    [Fact]
    public void A_file_copied_whole_does_not_end_the_generator_for_its_neighbours()
    {
        string other = Sgd.Replace("record R", "record Other", StringComparison.Ordinal);
        Assert.Contains(GeneratorHarness.Run(RuleCompilation.Create(Sgd, Sgd, other)).Keys,
            name => name.StartsWith("Other.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("namespace Sample.@event;")]
    [InlineData("namespace @class.@namespace;")]
    [InlineData("namespace Größe.été;")]
    public void Any_name_of_a_namespace_makes_a_file_name(string space)
    {
        CSharpCompilation compilation = RuleCompilation.Create(space
            + Sgd.Replace("record R", "record @record<@class>", StringComparison.Ordinal));
        Assert.Single(GeneratorHarness.Run(compilation));
        Assert.DoesNotContain(GeneratorHarness.Compile(compilation), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }

    /// <summary>In a build the analyzer sees the rule with its kernel, and must say what it says in an editor.</summary>
    [Theory]
    [InlineData("OPT1009", "[State] static double Sum(double gradient, double previousSum) => gradient + previousSum;")]
    [InlineData("OPT3002", "[Derived] static int Half(int step) => step / 2;")]
    public void A_valid_rule_is_warned_of_in_a_build_as_well(string id, string member)
    {
        CSharpCompilation compilation = RuleCompilation.Create(Sgd.Replace("[Update]", member + " [Update]", StringComparison.Ordinal));
        GeneratorHarness.Run(compilation, out Compilation withKernels);
        Assert.Contains(AnalyzerHarness.Run(compilation), diagnostic => diagnostic.Id == id);
        Assert.Contains(AnalyzerHarness.Run((CSharpCompilation)withKernels), diagnostic => diagnostic.Id == id);
    }

    /// <summary>
    /// What a reduction of a constant makes differs from column to column: no local for a constant may stand before the columns.
    /// </summary>
    [Theory]
    [InlineData("Row")]
    [InlineData("Column")]
    public void A_reduction_of_a_constant_is_none(string scope)
        => Assert.DoesNotContain(GeneratorHarness.Compile(RuleCompilation.Create(
            $"[Optimizer] public sealed partial record R {{ [Reduce(Reduction.Min, Scope = Scope.{scope})] static double Least() => 3; static double Half(double x) => (x > 1 ? 2 : 4) * x; [Derived] static double Scale(double least) => Half(least) == least ? 1 : Half(2); [Update] static double Update(double parameter, double gradient, double scale) => parameter - scale * gradient; }}")),
            diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
}
