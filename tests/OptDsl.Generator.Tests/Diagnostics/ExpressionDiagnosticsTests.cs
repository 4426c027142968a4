using Microsoft.CodeAnalysis;
using OptDsl.Testing;
using Xunit;

namespace OptDsl.Generator.Tests.Diagnostics;

/// <summary>OPT3005 to OPT3008: what the expressions of a valid rule may do.</summary>
public class ExpressionDiagnosticsTests
{
    private const string Head = "[Optimizer] public sealed partial record R(double Rate = 0.1, double Beta = 0.9, double Epsilon = 1e-8, double Zero = 0, int Window = 10) { ";
    private const string Mean = "[RunningAverage(Decay = nameof(Beta), Correction = BiasCorrection.Published)] static double Mean(double gradient) => gradient; ";
    private const string Square = "[RunningAverage(Decay = nameof(Beta), Correction = BiasCorrection.Published)] static double Square(double gradient) => gradient * gradient; ";
    private const string UpdateByMean = "[Update] double Update(double parameter, double mean) => parameter - Rate * mean; }";

    public static TheoryData<string, string, string> Reported => new()
    {
        { "OPT3005", With(Square, "double square", "gradient / [|@|]", "Math.Sqrt(square)"), "The divisor of 'Rate * gradient / Math.Sqrt(square)' can be zero" },
        { "OPT3005", With(Mean, "double mean", "gradient * Epsilon / [|@|]", "(mean + Epsilon)"), "add a positive epsilon" },
        { "OPT3005", With(Square, "double square", "gradient / [|@|]", "(square + Zero)"), "bound it with Math.Max" },
        { "OPT3005", With("[State] static double Sum(double gradient, double previousSum) => previousSum + gradient * gradient; ", "double sum", "gradient / [|@|]", "Math.Sqrt(sum)"), "'Rate * gradient / Math.Sqrt(sum)'" },
        { "OPT3005", With("", "int step", "gradient * ([|Rate / (step - 1)|])"), "'Rate / (step - 1)'" },
        { "OPT3006", Head + "[[|RunningAverage(Decay = nameof(Beta))|]] static double Mean(double gradient) => gradient; " + UpdateByMean, "'Mean' starts at zero" },
        { "OPT3006", Head + "[[|RunningAverage(Decay = nameof(Beta))|]] static double Mean(double gradient) => gradient; [Update] double Update(double parameter, double gradient, double previousMean) => parameter - Rate * (gradient + previousMean); }", "BiasCorrection.None where the bias is meant" },
        { "OPT3007", Root(Mean + Square, "double mean, double square", "[|Math.Sqrt(square - mean * mean)|]"), "'Math.Sqrt(square - mean * mean)' takes the root of a value that can be negative" },
        { "OPT3007", "[Optimizer] public sealed partial record R([Domain(\"[0, 2]\")] double Nu = 0.5) { [Update] double Update(double parameter, double gradient) => parameter - [|Math.Sqrt(1 - Nu)|] * gradient; }", "'Math.Sqrt(1 - Nu)'" },
        { "OPT3005", "[Optimizer] public sealed partial record R([Domain(\"[-1, 1]\")] double Nu = 0.5) { [Update] double Update(double parameter, double gradient) => parameter - gradient * ([|1 / Nu|]); }", "'1 / Nu'" },
        { "OPT3007", Root("", "double previousGradient", "[|Math.Sqrt(gradient * previousGradient)|]"), "take its absolute value" },
        { "OPT3007", Root("[State] static double Sum(double gradient, double previousSum) => previousSum - gradient * gradient; ", "double sum", "[|Math.Sqrt(sum)|]"), "'Math.Sqrt(sum)'" },
        { "OPT3008", Head + "[RunningAverage(Decay = nameof(Beta), Correction = BiasCorrection.Published)] double Mean(double gradient) => gradient * ([|1 - Beta * gradient * gradient|]); " + UpdateByMean, "'1 - Beta * gradient * gradient' subtracts different units: '1' is a pure number, and 'beta * gradient * gradient' is in L^2/P^2" },
        { "OPT3008", Head + "[Update] double Update(double parameter, double gradient) => parameter - Rate * ([|gradient + parameter|]); }", "'gradient' is in L/P, and 'parameter' is in P" },
        { "OPT3008", Head + "[Update] double Update(double parameter, double gradient, double previousParameter) => parameter - Rate * ([|gradient - previousParameter|]); }", "'previousParameter' is in P" },
        { "OPT3008", Head + Square + "[Update] double Update(double parameter, double gradient, double square) => parameter - Rate * gradient / ([|Math.Sqrt(square) + 1e-8|]); }", "'1E-08' is a pure number" },
        { "OPT3008", Head + "[Update] double Update(double parameter, double gradient) => [|gradient > parameter|] ? parameter - Rate * gradient : parameter; }", "compares different units" },
        { "OPT3008", Head + "[Update] double Update(double parameter, double gradient) { double d = gradient; [|d -= parameter|]; return parameter - Rate * d; } }", "'d -= parameter' subtracts different units" },
        { "OPT3008", Head + "[Update] double Update(double parameter, double gradient) => [|parameter - Math.Clamp(gradient, -Rate, Rate)|]; }", "'parameter' is in P, and 'gradient < -rate ? -rate : gradient > rate ? rate : gradient' is in L/P" },
        { "OPT3008", Head + "[Derived] double Bounded(double parameter, double gradient) => Math.Max(Rate, parameter) * [|Math.Clamp(gradient, -Rate, Rate)|]; [Update] double Update(double parameter, double bounded) => parameter - bounded / Rate; }", "compares different units" },
        { "OPT3008", Head + "[Update] double Update(double gradient) => [|-gradient|]; }", "'Update' returns another unit than the parameter's: '-gradient' is in L/P, and the parameter is in P" },
        { "OPT3008", Head + "[State(Initial = 1)] static double Product(double gradient, double previousProduct) => [|previousProduct * gradient|]; [Update] double Update(double parameter, double product) => parameter - Rate * product; }", "'Product' keeps a value whose unit changes from step to step" },
    };

    public static TheoryData<string, string> NearMisses => new()
    {
        // An average of squares and a positive epsilon, under and outside the root; a size beside an epsilon; a bound; a test.
        { "OPT3005", Head + Square + "[Update] double Update(double parameter, double gradient, double square) => parameter - Rate * gradient / (Math.Sqrt(square) + Epsilon); }" },
        { "OPT3005", Head + Square + "[Update] double Update(double parameter, double gradient, double square) => parameter - Rate * gradient / Math.Sqrt(square + Epsilon); }" },
        { "OPT3005", Head + Square + "[Update] double Update(double parameter, double square) => parameter - Rate * square / (square + Epsilon); }" },
        { "OPT3005", Head + "[Update] double Update(double parameter, double gradient) => parameter - Rate * gradient / (Math.Abs(gradient) + Epsilon); }" },
        { "OPT3005", Head + "[Update] double Update(double parameter, double gradient) => parameter - Rate * gradient / 3 / Math.Max(gradient, Epsilon); }" },
        { "OPT3005", Head + "[Update] double Update(double parameter, double gradient) => gradient != 0 ? parameter - Rate / gradient : parameter; }" },
        { "OPT3005", Head + "double Decay => 1 - 1.0 / Window; [Derived] double Scale(int step) => Rate / (1 + (step - 1) * Zero) / (1 - Beta); [RunningAverage(Decay = nameof(Beta), Initial = 0)] static double Mean(double gradient) => gradient; [Update] double Update(double parameter, double mean, double scale) => parameter - scale * mean * (1 - Decay); }" },
        { "OPT3005", "[Optimizer] public sealed partial record R(double Scale) { [Update] double Update(double parameter, double gradient) => parameter - gradient / Scale; }" },

        // Corrected, over a window, begun elsewhere, meant, and not read.
        { "OPT3006", Head + Mean + UpdateByMean },
        { "OPT3006", Head + "[RunningAverage(Window = nameof(Window))] static double Mean(double gradient) => gradient; " + UpdateByMean },
        { "OPT3006", Head + "[RunningAverage(Decay = nameof(Beta), Initial = nameof(Zero))] static double Mean(double gradient) => gradient; " + UpdateByMean },
        { "OPT3006", Head + "[RunningAverage(Decay = nameof(Beta), Correction = BiasCorrection.None)] static double Mean(double gradient) => gradient; " + UpdateByMean },

        { "OPT3007", Root(Mean + Square, "double mean, double square", "Math.Sqrt(Math.Max(square - mean * mean, 0))") },
        { "OPT3007", Root(Mean + Square, "double mean, double square", "(square > mean * mean ? Math.Sqrt(square - mean * mean) : Epsilon)") },
        { "OPT3007", "[Optimizer] public sealed partial record R([Domain(\"[0, 1]\")] double Nu = 0.5) { [Update] double Update(double parameter, double gradient) => parameter - Math.Sqrt(1 - Nu) * gradient; }" },
        { "OPT3007", Root(Square, "double square", "Math.Sqrt(square)") },
        { "OPT3007", Root("", "", "Math.Sqrt(gradient * gradient)") },
        { "OPT3007", Root("", "", "Math.Sqrt(Math.Abs(gradient))") },
        { "OPT3007", Root("[State] static double Peak(double gradient, double previousPeak) => Math.Max(previousPeak, gradient * gradient); ", "double peak", "Math.Sqrt(peak)") },

        // A rate of one, also of what a state keeps.
        { "OPT3008", "[Optimizer] public sealed partial record R(double Beta = 0.9) { [State] double Sum(double gradient, double previousSum) => Beta * previousSum + gradient; [Update] static double Update(double parameter, double sum) => parameter - 0.5 * sum; }" },

        // A hyperparameter for the literal, a literal threshold, zero, a fallback; a rate that depends on the step.
        { "OPT3008", Head + Square + "[Update] double Update(double parameter, double gradient, double square) => parameter - Rate * gradient / (Math.Sqrt(square) + Epsilon); }" },
        { "OPT3008", Head + "[Update] double Update(double parameter, double gradient) => parameter - Rate * Math.Clamp(gradient, -2, 2) - Rate * (gradient > 3 ? gradient : 0.0) - Rate * Math.Max(gradient, 1e-3); }" },
        { "OPT3008", Head + "[Derived] double Scale(int step) => Rate * (1 - Math.Sqrt(step) / 1000.0); [Update] double Update(double parameter, double gradient, double scale) => parameter * (1 - Zero * scale) - scale * gradient; }" },
        { "OPT3008", Head + "[Update] double Update(double parameter, double gradient) => parameter - Rate * RuleMath.Sign(gradient) - Beta * (RuleMath.Sign(parameter) + 1); }" },
    };

    [Theory]
    [MemberData(nameof(Reported))]
    public void Is_reported_on_the_smallest_node(string id, string source, string words) => AnalyzerHarness.RequireOne(id, source, words);

    [Theory]
    [MemberData(nameof(NearMisses))]
    public void Is_silent_on_a_near_miss(string id, string source)
    {
        Assert.StartsWith("OPT", id, StringComparison.Ordinal);
        AnalyzerHarness.RequireNone(source);
    }

    [Fact]
    public void A_sum_that_is_meant_is_silenced_where_it_stands()
    {
        string source = Head + "[Update] double Update(double parameter, double gradient) => parameter - Rate * (\ngradient + parameter\n); }";
        Assert.Equal("OPT3008", Assert.Single(AnalyzerHarness.Run(RuleCompilation.Create(source))).Id);
        Assert.Empty(AnalyzerHarness.Run(RuleCompilation.Create(source.Replace("\ngradient + parameter\n", "\n#pragma warning disable OPT3008\ngradient + parameter\n#pragma warning restore OPT3008\n", StringComparison.Ordinal))));
    }

    [Fact]
    public void A_disagreement_is_reported_once_and_not_for_what_is_made_of_it()
        => Assert.Single(AnalyzerHarness.Run(RuleCompilation.Create(Head + "[Update] double Update(double parameter, double gradient) => parameter - Rate * ((gradient + parameter) * 2 + gradient); }")));

    [Fact]
    public void Infos_do_not_fail_a_build_that_treats_warnings_as_errors()
    {
        Microsoft.CodeAnalysis.CSharp.CSharpCompilation strict = RuleCompilation.Create(With(Square, "double square", "gradient / @", "square"));
        strict = strict.WithOptions(strict.Options.WithGeneralDiagnosticOption(ReportDiagnostic.Error));
        Diagnostic info = Assert.Single(AnalyzerHarness.Run(strict));
        Assert.Equal((DiagnosticSeverity.Info, false), (info.Severity, info.IsWarningAsError));
    }

    /// <summary>An update by the rate times something, as a product whose first factor is the rate; the divisor stands for @.</summary>
    private static string With(string members, string inputs, string change, string divisor = "")
    {
        string source = divisor.Length == 0 ? $"parameter - {change}" : $"parameter - {(change.Contains("[|", StringComparison.Ordinal) ? "[|" : "")}Rate * {change.Replace("[|", "", StringComparison.Ordinal).Replace("@", divisor, StringComparison.Ordinal)}";
        return Head + members + $"[Update] double Update(double parameter, double gradient, {inputs}) => {source}; }}";
    }

    private static string Root(string members, string inputs, string root)
        => Head + members + $"[Update] double Update(double parameter, double gradient{(inputs.Length == 0 ? "" : ", " + inputs)}) => parameter - Rate * gradient / ({root} + Epsilon); }}";
}
