using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OptDsl.Generator.Tests.Symbols;
using OptDsl.Testing;
using Xunit;

namespace OptDsl.Generator.Tests.Naming;

/// <summary>
/// What stands in scope around a kernel, and what the kernel names of it: each compiles without a word of the compiler's.
/// </summary>
public class ScopeTests
{
    private const string Body =
        "(double Rate = 0.1) { [Update] double Update(double parameter, double gradient) => parameter - Rate * gradient; }";

    public static TheoryData<string, string> Compiling => new()
    {
        { "a rule named as a type parameter", "[Optimizer] public sealed partial record T" + Body },
        { "another", "[Optimizer] public sealed partial record S" + Body },
        { "a rule named as a nested type of the kernel", "[Optimizer] public sealed partial record Description" + Body },
        { "a rule whose outer type is named as a type parameter",
            "partial class T { [Optimizer] public sealed partial record V" + Body + " }" },
        { "a hyperparameter named as a local",
            "[Optimizer] public sealed partial record R(double advanced0 = 1, double fault0 = 2, double Advanced1 = 3) { [Update] double Update(double parameter, double gradient) => parameter - advanced0 * gradient * fault0 * Advanced1; }" },
        { "a value beside a reduction",
            "[Optimizer] public sealed partial record R { [Reduce(Reduction.Sum)] static double Square(double gradient) { double squareSumLower = gradient + 1; return squareSumLower * gradient; } [Update] static double Update(double parameter, double gradient, double square) { double squareSumLower = gradient * 2, squareSumUpper = gradient * 3, squareSum0 = gradient * 4; return parameter - squareSumLower * squareSumUpper * squareSum0 * squareSumLower * squareSumUpper * squareSum0 * square; } }" },
        { "a hyperparameter beside a reduction",
            "[Optimizer] public sealed partial record R(double SquareSumLower = 1, double SquareSum0 = 2) { [Reduce(Reduction.Sum)] double Square(double gradient) => gradient * SquareSumLower + SquareSum0; [Update] double Update(double parameter, double square, double gradient) => parameter - square * SquareSumLower - SquareSum0 * gradient; }" },
        { "a nested type of a base of the rule's name",
            "public record Base { public record R; } [Optimizer] public sealed partial record R(double Rate = 0.1) : Base { [Update] double Update(double parameter, double gradient) => parameter - Rate * gradient; }" },
        { "a type parameter that hides one",
            "#pragma warning disable CS0693\npartial class Outer<T> { [Optimizer] public sealed partial record R<T>"
                + Body.Replace("[Update] double",
                    "static double Half(double gradient) => gradient / 2; [State] static double Sum(double gradient, double previousSum) => gradient + previousSum; [Update] double", StringComparison.Ordinal).Replace("double gradient) => parameter -", "double sum) => parameter - sum *", StringComparison.Ordinal).Replace("Rate * gradient", "Rate", StringComparison.Ordinal) + " }" },
        { "a class whose type parameter hides one of other constraints",
            "#pragma warning disable CS0693\npartial class Outer<T> where T : class { [Optimizer] public sealed partial class R<T> where T : unmanaged { public double Rate { get; init; } [Update] double Update(double parameter, double gradient) => parameter - Rate * gradient; } }" },
        { "a constant decay where a type parameter hides one of other constraints",
            "#pragma warning disable CS0693\npartial class Outer<T> where T : class { [Optimizer] public sealed partial record R<T> where T : unmanaged { const double Decay = 0.5; [RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.Published)] static double Mean(double gradient) => gradient; [Update] double Update(double parameter, double mean) => parameter - mean; } }" },
        { "a member obsolete as an error",
            "[Optimizer] public sealed partial record R(double Rate = 0.1) { [Obsolete(\"x\", true)] [Update] double Update(double parameter, double gradient) => parameter - Rate * gradient; }" },
        { "a hyperparameter obsolete as an error",
            "[Optimizer] public sealed partial record R { [Obsolete(\"x\", true)] public double Rate { get; init; } [Obsolete(\"x\")] double Half => Rate / 2; [Obsolete(\"x\")] [Update] double Update(double parameter, double gradient) => parameter - Half * gradient; }" },
        { "a value obsolete as an error",
            "static class H { [Obsolete(\"x\", true)] public static readonly double Half = 0.5; } [Optimizer] public sealed partial record R { [Obsolete(\"x\")] [Update] static double Update(double parameter, double gradient) => parameter - H.Half * gradient; }" },
        { "a decay obsolete as an error",
            "[Optimizer] public sealed partial record R { [Obsolete(\"x\", true)] public double Decay { get; init; } [RunningAverage(Decay = \"Decay\", Correction = BiasCorrection.Published)] static double Mean(double gradient) => gradient; [Update] static double Update(double parameter, double mean) => parameter - mean; }" },
        { "an accessor obsolete as an error",
            "[Optimizer] public sealed partial class R { public double Rate { get; [Obsolete(\"x\", true)] init; } [Update] double Update(double parameter, double gradient) => parameter - Rate * gradient; }" },
        { "an obsolete member with an id of its own",
            "[Optimizer] public sealed partial record R(double Rate = 0.1) { [Obsolete(\"x\", DiagnosticId = \"OWN001\")] [Update] double Update(double parameter, double gradient) => parameter - Rate * gradient; }" },
        { "an experimental member",
            "[Optimizer] public sealed partial record R(double Rate = 0.1) { [System.Diagnostics.CodeAnalysis.Experimental(\"OWN002\")] [Update] double Update(double parameter, double gradient) => parameter - Rate * gradient; }" },
        { "an experimental hyperparameter",
            "[Optimizer] public sealed partial record R { [System.Diagnostics.CodeAnalysis.Experimental(\"OWN002\")] public double Rate { get; init; }\n#pragma warning disable OWN002\n[Update] double Update(double parameter, double gradient) => parameter - Rate * gradient; }" },
        { "keywords for names",
            "namespace @namespace.@where { partial class @class<@in> { [Optimizer] public sealed partial record @where<@record, @partial>(double @event = 1, double @await = 2) { [Update] double @is(double parameter, double gradient) => parameter - @event * @await * gradient; } } }" },
        { "a project's own types of the framework's names elsewhere",
            "namespace Own { static class System { } static class Math { } static class OptDsl { } static class Unsafe { } [Optimizer] public sealed partial record R" + Body + " }" },
        { "a namespace inside of the own of the framework's name",
            "namespace Own.System.OptDsl { [Optimizer] public sealed partial record R" + Body + " }" },
        { "a namespace called global", "namespace global { [Optimizer] public sealed partial record R" + Body + " }" },
        { "an alias of a keyword",
            "global using nuint = System.String; namespace Own { [Optimizer] public sealed partial record R" + Body + " }" },
        { "two names of one first letter",
            "[Optimizer] public sealed partial record R(double rate = 1, double Rate = 2) { [Update] double Update(double parameter, double gradient) => parameter - rate * Rate * gradient; }" },
    };

    [Theory]
    [MemberData(nameof(Compiling))]
    public void The_kernel_compiles_in_any_surroundings(string what, string source)
    {
        Assert.NotEmpty(what);
        CSharpCompilation compilation = RuleCompilation.Create(source);
        Assert.DoesNotContain(AnalyzerHarness.Run(compilation), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.Single(GeneratorHarness.Run(compilation, out Compilation withKernels));
        Assert.Empty(withKernels.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning
                && diagnostic.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true));
    }

    /// <summary>What has the name of a reduction's accumulator is another value: it is one that decides.</summary>
    [Fact]
    public void Names_of_one_beginning_stay_apart()
        => SteppedRule.Requires("new R()", "1 - 14 * 3 * 5 * g", """
            [Optimizer] public sealed partial record R(double SquareSumLower = 3, double SquareSum0 = 5)
            {
                [Reduce(Reduction.Sum)] static double Square(double gradient) => gradient * gradient;
                [Update] double Update(double parameter, double square, double gradient) => parameter - square * SquareSumLower * SquareSum0 * gradient;
            }
            """);

    /// <summary>A project's own Math, reached as the framework's would be, is source like any other.</summary>
    [Fact]
    public void A_type_called_Math_elsewhere_is_the_authors()
        => SteppedRule.Requires("new Own.R()", "1 - (g + 7)", """
            namespace Own
            {
                static class Math { public static double Sqrt(double x) => x + 7; }
                [Optimizer] public sealed partial record R { [Update] static double Update(double parameter, double gradient) => parameter - Math.Sqrt(gradient); }
            }
            """);
}
