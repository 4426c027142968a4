using Microsoft.CodeAnalysis;
using OptDsl.Testing;
using Xunit;

namespace OptDsl.Generator.Tests.Diagnostics;

/// <summary>OPT3005 to OPT3017: what the expressions of a valid rule may do.</summary>
public partial class ExpressionDiagnosticsTests
{
    private const string Head =
        "[Optimizer] public sealed partial record R(double Rate = 0.1, double Beta = 0.9, double Epsilon = 1e-8, double Zero = 0, int Window = 10) { ";
    private const string Mean =
        "[RunningAverage(Decay = nameof(Beta), Correction = BiasCorrection.Published)] static double Mean(double gradient) => gradient; ";
    private const string Square =
        "[RunningAverage(Decay = nameof(Beta), Correction = BiasCorrection.Published)] static double Square(double gradient) => gradient * gradient; ";
    private const string UpdateByMean = "[Update] double Update(double parameter, double mean) => parameter - Rate * mean; }";

    public static TheoryData<string, string, string> Reported => new()
    {
        { "OPT3005", With(Square, "double square", "gradient / [|@|]", "Math.Sqrt(square)"),
            "The divisor of 'Rate * gradient / Math.Sqrt(square)' can be zero" },
        { "OPT3005", With(Mean, "double mean", "gradient * Epsilon / [|@|]", "(mean + Epsilon)"), "add a positive epsilon" },
        { "OPT3005", With(Square, "double square", "gradient / [|@|]", "(square + Zero)"), "bound it with Math.Max" },
        { "OPT3005",
            With("[State] static double Sum(double gradient, double previousSum) => previousSum + gradient * gradient; ", "double sum",
                "gradient / [|@|]", "Math.Sqrt(sum)"), "'Rate * gradient / Math.Sqrt(sum)'" },
        { "OPT3005", With("", "int step", "gradient * ([|Rate / (step - 1)|])"), "'Rate / (step - 1)'" },
        { "OPT3006", Head + "[[|RunningAverage(Decay = nameof(Beta))|]] static double Mean(double gradient) => gradient; " + UpdateByMean,
            "'Mean' starts at zero" },
        { "OPT3006",
            Head + "[[|RunningAverage(Decay = nameof(Beta))|]] static double Mean(double gradient) => gradient; [Update] double Update(double parameter, double gradient, double previousMean) => parameter - Rate * (gradient + previousMean); }", "BiasCorrection.None if the bias is intended" },
        { "OPT3007", Root(Mean + Square, "double mean, double square", "[|Math.Sqrt(square - mean * mean)|]"),
            "'Math.Sqrt(square - mean * mean)' takes the square root of a value that can be negative" },
        { "OPT3007",
            "[Optimizer] public sealed partial record R([Domain(\"[0, 2]\")] double Nu = 0.5) { [Update] double Update(double parameter, double gradient) => parameter - [|Math.Sqrt(1 - Nu)|] * gradient; }", "'Math.Sqrt(1 - Nu)'" },
        { "OPT3005",
            "[Optimizer] public sealed partial record R([Domain(\"[-1, 1]\")] double Nu = 0.5) { [Update] double Update(double parameter, double gradient) => parameter - gradient * ([|1 / Nu|]); }", "'1 / Nu'" },
        { "OPT3007", Root("", "double previousGradient", "[|Math.Sqrt(gradient * previousGradient)|]"), "take its absolute value" },
        { "OPT3007",
            Root("[State] static double Sum(double gradient, double previousSum) => previousSum - gradient * gradient; ", "double sum",
                "[|Math.Sqrt(sum)|]"), "'Math.Sqrt(sum)'" },
        { "OPT3008",
            Head + "[RunningAverage(Decay = nameof(Beta), Correction = BiasCorrection.Published)] double Mean(double gradient) => gradient * ([|1 - Beta * gradient * gradient|]); " + UpdateByMean, "'1 - Beta * gradient * gradient' subtracts different units: '1' is a pure number, and 'beta * gradient * gradient' is in L^2/P^2" },
        { "OPT3008", Head + "[Update] double Update(double parameter, double gradient) => parameter - Rate * ([|gradient + parameter|]); }",
            "'gradient' is in L/P, and 'parameter' is in P" },
        { "OPT3008",
            Head + "[Update] double Update(double parameter, double gradient, double previousParameter) => parameter - Rate * ([|gradient - previousParameter|]); }", "'previousParameter' is in P" },
        { "OPT3008",
            Head + "[Update] double Update(double parameter, double gradient) => [|gradient > parameter|] ? parameter - Rate * gradient : parameter; }", "compares different units" },
        { "OPT3008",
            Head + "[Update] double Update(double parameter, double gradient) { double d = gradient; [|d -= parameter|]; return parameter - Rate * d; } }", "'d -= parameter' subtracts different units" },
        { "OPT3008",
            Head + "[Update] double Update(double parameter, double gradient) => [|parameter - Math.Clamp(gradient, -Rate, Rate)|]; }",
                "'parameter' is in P, and 'gradient < -rate ? -rate : gradient > rate ? rate : gradient' is in L/P" },
        { "OPT3008",
            Head + "[Derived] double Bounded(double parameter, double gradient) => Math.Max(Rate, parameter) * [|Math.Clamp(gradient, -Rate, Rate)|]; [Update] double Update(double parameter, double bounded) => parameter - bounded / Rate; }", "compares different units" },
        { "OPT3008", Head + "[Update] double Update(double parameter, double gradient) => [|parameter * gradient|]; }",
            "'Update' returns another unit than the parameter's: 'parameter * gradient' is in L, and the parameter is in P" },
        { "OPT3008",
            Head + "[Derived] double Size(int step) => [|Rate + Epsilon|] * step; [Update] double Update(double parameter, double gradient, double size) => parameter - size * gradient / (Math.Abs(gradient) + Epsilon); }".Replace("[|Rate + Epsilon|] * step", "([|Rate + Epsilon|]) * step", StringComparison.Ordinal), "'Rate + Epsilon' adds different units: 'rate' is in P, and 'epsilon' is in L/P (L is the unit of the loss, P that of the parameters)" },
        { "OPT3008",
            Head + "[State] static double Sum(double gradient, double previousSum) => previousSum + gradient * gradient; [Update] double Update(double parameter, double gradient, double sum) => parameter - ([|Rate - Epsilon|]) * gradient / (Math.Sqrt(sum) + Epsilon); }", "subtracts different units" },
        { "OPT3008",
            Head + "[State(Initial = 1)] static double Product(double gradient, double previousProduct) => [|previousProduct * gradient|]; [Update] double Update(double parameter, double product) => parameter - Rate * product; }", "'Product' keeps a value whose unit changes from step to step" },
        { "OPT3005",
            Rule("double Rate = 0.1, double Beta = 0.9",
                "[State] double Product(double previousProduct) => previousProduct * Beta; [Update] double Update(double parameter, double gradient, double product) => parameter - [|gradient / product|] * Rate; }").Replace("[|gradient / product|] * Rate", "Rate * ([|gradient / product|])", StringComparison.Ordinal), "'gradient / product'" },
        { "OPT3005",
            Rule("double Rate = 0.1",
                "[Update] double Update(double parameter, double gradient, double previousGradient) => gradient > 0 ? parameter - Rate * ([|gradient / previousGradient|]) : parameter; }"), "test it in a condition" },
        { "OPT3005",
            Rule("double Rate = 0.1",
                "[Update] double Update(double parameter, double gradient) => gradient >= 0 ? parameter - [|Rate / gradient|] : parameter; }"), "'Rate / gradient'" },
        { "OPT3005",
            Rule("double Rate = 0.1",
                "[Update] double Update(double parameter, double gradient) { double change = [|Rate / gradient|]; return gradient != 0 ? parameter - change : parameter + change * 0; } }"), "'Rate / gradient'" },
        { "OPT3005",
            Rule("double Rate = 0.1, int WarmUp = 0",
                "[Update] double Update(double parameter, double gradient, int step) => WarmUp == 1 ? parameter : parameter - Rate * gradient * ([|(double)step / WarmUp|]); }"), "'(double)step / WarmUp'" },
        { "OPT3005",
            Rule("double Rate = 0.1",
                "[Reduce(Reduction.Sum)] static double Ratio(double gradient, double previousGradient) => [|gradient / previousGradient|]; [Update] double Update(double parameter, double gradient, double previousGradient, double ratio) => previousGradient != 0 ? parameter - Rate * ratio * gradient : parameter; }"), "'gradient / previousGradient'" },
        { "OPT3005",
            Rule("double Rate = 0.1",
                "[Update] double Update(double parameter, double gradient, int step, double previousGradient) => step > 1 ? parameter - Rate * gradient * ([|gradient / previousGradient|]) : parameter; }"), "'gradient / previousGradient'" },
        { "OPT3007",
            Rule("double Rate = 0.1, double Beta = 0.9",
                "[State] double Sum(double gradient, double previousSum) => Beta * previousSum - (1 - Beta) * gradient * gradient; [Update] double Update(double parameter, double gradient, double sum) => parameter - Rate * gradient * [|Math.Sqrt(sum)|]; }"), "'Math.Sqrt(sum)'" },
        { "OPT3007",
            Rule("double Rate = 0.1, [Domain(\"[0, 2)\")] double Beta = 0.9",
                "[State] double Sum(double gradient, double previousSum) => Beta * previousSum + (1 - Beta) * (gradient * gradient); [Update] double Update(double parameter, double gradient, double sum) => parameter - Rate * gradient * [|Math.Sqrt(sum)|]; }"), "declare the [Domain]" },
        { "OPT3007",
            Rule("double Rate = 0.1, double Friction = 0.1, double Noise = 0",
                "[Update] double Update(double parameter, double gradient, [Gaussian] double noise) => parameter - Rate * gradient + [|Math.Sqrt(2 * Rate * (Friction - Noise))|] * noise; }"), "'Math.Sqrt(2 * Rate * (Friction - Noise))'" },
        { "OPT3007",
            Rule("double Rate = 0.1, double Scale = 1",
                "[Update] double Update(double parameter, double gradient) => parameter - Rate * [|RuleMath.Log(gradient / Scale)|]; }"),
                    "takes the logarithm of a value that can be negative" },
        { "OPT3007",
            Rule("double Rate = 0.1, double Scale = 1",
                "[Update] double Update(double parameter, double gradient) => parameter - Rate * gradient * [|RuleMath.Log(Math.Abs(gradient) / Scale)|]; }"), "takes the logarithm of a value that can be zero" },
        { "OPT3007",
            Rule("double Rate = 0.1, double Power = 0.5",
                "[Update] double Update(double parameter, double gradient) => parameter - Rate * [|RuleMath.Pow(gradient, Power)|]; }"),
                    "takes the power of a value that can be negative" },
        { "OPT3005",
            Rule("double Rate = 0.1, double Power = 0.5",
                "[Update] double Update(double parameter, double gradient) => parameter - Rate * gradient * [|RuleMath.Pow(Math.Abs(gradient), -Power)|]; }"), "The divisor of 'RuleMath.Pow(Math.Abs(gradient), -Power)' can be zero" },
        { "OPT3005",
            Rule("double Rate = 0.1, double Bound = 1",
                "[Reduce(Reduction.Sum)] static double Squares(double gradient) => gradient * gradient; [Derived] static double Norm(double squares) => Math.Sqrt(squares); [Update] double Update(double parameter, double gradient, double norm) => parameter - Rate * gradient * Math.Max(1, [|Bound / norm|]); }"), "'Bound / norm'" },
        { "OPT3005",
            Rule("double Rate = 0.1",
                "[Reduce(Reduction.Sum)] static double Squares(double gradient) => gradient * gradient; [Derived] static double Norm(double squares) => Math.Sqrt(squares); [Reduce(Reduction.Sum)] static double Sizes(double parameter) => parameter * parameter; [Derived] static double Size(double sizes) => Math.Sqrt(sizes); [Update] double Update(double parameter, double gradient, double norm, double size) => parameter - Rate * gradient * Math.Min(1, [|size / norm|]); }"), "'size / norm'" },
        { "OPT3007",
            Rule("double Rate = 0.1",
                "[Update] double Update(double parameter, double gradient) => gradient < 1 ? parameter - Rate * gradient * [|Math.Sqrt(gradient)|] : parameter; }"), "'Math.Sqrt(gradient)'" },
        { "OPT3011",
            Rule("double Rate = 0.1", "[Update] double Update(double parameter, double gradient) => [|parameter + Rate * gradient|]; }"),
                "'parameter + Rate * gradient' moves the parameters in the direction of the gradient, so the loss rises; subtract what it adds" },
        { "OPT3011",
            Rule("double Rate = 0.1, double Beta = 0.9",
                "[State] double Velocity(double gradient, double previousVelocity) => Beta * previousVelocity - Rate * gradient; [Update] static double Update(double parameter, double velocity) => [|parameter - velocity|]; }"), "'parameter - velocity'" },
        { "OPT3011",
            Rule("double Rate = 0.1, double Beta = 0.9, double Epsilon = 1e-8",
                Mean + Square
                    + "[Update] double Update(double parameter, double mean, double square) => [|parameter - -Rate * mean / (Math.Sqrt(square) + Epsilon)|]; }"), "change its sign" },
        { "OPT3011",
            Rule("double Rate = 0.1, double Size = 1",
                "[Update] double Update(double parameter, double gradient) => [|parameter + Rate * RuleMath.Atan2(gradient, Math.Abs(gradient) + Size)|]; }"), "so the loss rises" },
        { "OPT3011",
            Rule("double Rate = 0.1, double Size = 1",
                "[Update] double Update(double parameter, double gradient) => [|parameter - Rate * RuleMath.Atan(-gradient / Size)|]; }"),
                    "so the loss rises" },
        { "OPT3007", Root("", "double previousGradient", "[|Math.Sqrt(3.1 - RuleMath.Atan2(gradient, previousGradient))|]"),
            "takes the square root of a value that can be negative" },
        { "OPT3007", Root("", "double previousGradient", "[|Math.Sqrt(RuleMath.Atan2(gradient * gradient, gradient * previousGradient))|]"),
            "takes the square root of a value that can be negative" },
        { "OPT3008",
            Head + "[Update] double Update(double parameter, double gradient) => parameter - Rate * gradient * [|RuleMath.Atan2(gradient, parameter)|]; }", "takes the angle of different units: 'gradient' is in L/P, and 'parameter' is in P" },
        { "OPT3008",
            Head + "[Update] double Update(double parameter, double gradient, double previousGradient) => parameter - Rate * ([|gradient + RuleMath.Atan2(gradient, previousGradient)|]); }", "'atan2(gradient, previousGradient)' is a pure number" },
        { "OPT3008",
            Head + "[Update] double Update(double parameter, double gradient) => parameter - Rate * gradient * (2 + [|RuleMath.Atan(gradient)|]); }", "takes Atan of a value that is not a pure number" },
        { "OPT3011",
            Rule("double Rate = 0.1",
                "[Update] double Update(double parameter, double gradient) => parameter == 0 ? parameter : [|parameter + Rate * RuleMath.Sign(gradient)|]; }"), "so the loss rises" },
        { "OPT3011",
            Rule("double Rate = 0.1",
                "[Update] double Update(double parameter, double gradient) => [|parameter + (gradient > 0 ? Rate : -Rate)|]; }"),
                    "so the loss rises" },
        { "OPT3011",
            Rule("double Rate = 0.1",
                "[Update] double Update(double parameter, double gradient) => [|parameter - (0 < gradient ? -Rate : 0)|]; }"),
                    "so the loss rises" },
        { "OPT3011",
            Rule("double Rate = 0.1",
                "[Update] double Update(double parameter, double gradient) => [|parameter + Rate * RuleMath.Pow(gradient, 3)|]; }"),
                    "so the loss rises" },
        { "OPT3011",
            Rule("", "static readonly double Rate = -0.1; [Update] static double Update(double parameter, double gradient) => [|parameter - Rate * gradient|]; }"), "so the loss rises" },
        { "OPT3011",
            Rule("double Rate = 0.1",
                "[SearchDirection] static double Direction(double gradient) => [|-gradient|]; [Update] double Update(double parameter, double gradient) => parameter - Rate * gradient; }"), "'-gradient' points against the gradient, and a search tries parameter - rate * direction, so the loss rises; change its sign" },
        { "OPT3012",
            Rule("double Rate = 0.1",
                "static double Factor { get; } = 1.5; [State] static double Velocity(double gradient, double previousVelocity) => [|Factor * previousVelocity|] + gradient; [Update] double Update(double parameter, double velocity) => parameter - Rate * velocity; }"), "keeps 1.5 times" },
        { "OPT3014",
            Rule("double Rate = 0.1",
                "[Update] double Update(double parameter, double gradient, int step) => [|step == 0|] ? parameter : parameter - Rate * gradient; }"), "'step == 0' is never true, because 'step' begins at 1; compare with 1 for the first step" },
        { "OPT3014",
            Rule("double Rate = 0.1",
                "[Update] double Update(double parameter, double gradient, int step) => [|1 > step|] ? parameter : parameter - Rate * gradient; }"), "'1 > step' is never true" },
        { "OPT3014",
            Rule("double Rate = 0.1",
                "[Update] double Update(double parameter, double gradient, int step) { if ([|step is 0|]) { return parameter; } return parameter - Rate * gradient; } }"), "'step is 0' is never true" },
        { "OPT3014",
            Rule("double Rate = 0.1",
                "[Update] double Update(double parameter, double gradient, int count) => [|count <= 0|] ? parameter : parameter - Rate * gradient; }"), "'count' begins at 1; remove the condition" },
        { "OPT3014",
            Rule("double Rate = 0.1",
                "[Update] double Update(double parameter, double gradient) => [|gradient == double.NaN|] ? parameter : parameter - Rate * gradient; }"), "'gradient == double.NaN' is never true, because NaN equals nothing, not even itself; call double.IsNaN" },
        { "OPT3014",
            Rule("double Rate = 0.1",
                "[Update] double Update(double parameter, double gradient) => [|gradient != double.NaN|] ? parameter - Rate * gradient : parameter; }"), "is always true" },
        { "OPT3016",
            Rule("double Rate = 0.1, double Clip = 1",
                "[Update] double Update(double parameter, double gradient) => parameter - Rate * [|Math.Clamp(gradient, Clip, -Clip)|]; }"),
                    "has its bounds out of order: 'clip', the lower one, is above '-clip', the upper one; swap them" },
        { "OPT3016",
            Rule("double Rate = 0.1, double Clip = 1",
                "[Update] double Update(double parameter, double gradient) => parameter - Rate * [|RuleMath.Clamp(gradient, Clip, -Clip)|]; }"), "out of order" },
        { "OPT3016",
            Rule("double Rate = 0.1, double Clip = 1",
                "[Update] double Update(double parameter, double gradient) => parameter - Rate * [|Math.Max(Math.Min(gradient, -Clip), Clip)|]; }"), "out of order" },
        { "OPT3016",
            Rule("double Rate = 0.1, double Clip = 1",
                "[Update] double Update(double parameter, double gradient) => parameter - Rate * [|Math.Min(-Clip, Math.Max(Clip, gradient))|]; }"), "out of order" },
        { "OPT3016",
            Rule("double Rate = 0.1",
                "[Update] double Update(double parameter, double gradient, int step) => parameter - Rate * gradient * [|Math.Clamp(1.0 / step, 2, 1)|]; }"), "'2', the lower one, is above '1', the upper one" },
        { "OPT3017",
            Rule("double Rate = 0.1",
                "[Update] double Update(double parameter, double gradient) => [|parameter - Rate * gradient * gradient|]; }"),
                    "makes the same step for a gradient and for its opposite, so it cannot descend for both; keep the sign" },
        { "OPT3017",
            Rule("double Rate = 0.1",
                "[Update] double Update(double parameter, double gradient) { double size = Math.Abs(gradient); return [|parameter - Rate * size|]; } }"), "'parameter - Rate * size'" },
        { "OPT3017",
            Rule("double Rate = 0.1, double Beta = 0.9",
                Square + "[Update] double Update(double parameter, double square) => [|parameter - Rate * Math.Sqrt(square)|]; }"),
                    "cannot descend for both" },
        { "OPT3017",
            Rule("double Rate = 0.1", Squares + "[Update] double Update(double parameter, double norm) => [|parameter - Rate * norm|]; }"),
                "cannot descend for both" },
        { "OPT3017",
            Rule("double Rate = 0.1",
                "[Update] double Update(double parameter, double gradient, double previousGradient) => [|parameter - Rate * gradient * previousGradient|]; }"), "cannot descend for both" },
        { "OPT3015",
            Rule("double Rate = 0.1, double Beta = 0.9",
                "[RunningAverage(Decay = nameof(Beta), Correction = BiasCorrection.None)] double Mean(double gradient) => [|(1 - Beta) * gradient|]; [Update] double Update(double parameter, double mean) => parameter - Rate * mean; }"), "return only the sample" },
        { "OPT3005",
            Rule("double Rate = 0.1, int Period = 0",
                "[Update] double Update(double parameter, double gradient, int step) => [|step % (2 * Period)|] == 0 ? parameter : parameter - Rate * gradient; }"), "can be zero, and then an integer division throws" },
        { "OPT3005",
            Rule("double Rate = 0.1",
                "[Update] double Update(double parameter, double gradient, double previousGradient) { double f = [|gradient / previousGradient|]; return parameter - Rate * gradient * (double.IsInfinity(f) ? 0 : f); } }"), "infinite or NaN" },
        { "OPT3005", Norm("Math.Sqrt([|Bound / norm|])"), "'Bound / norm'" },
        { "OPT3005",
            Norm("(Clips ? [|Bound / norm|] : 1)")
                .Replace("double Bound = 1", "double Bound = 1, bool Clips = true", StringComparison.Ordinal), "'Bound / norm'" },
        { "OPT3005", Norm("([|Bound / norm|] > 1 ? Bound / norm : 1)"), "'Bound / norm'" },
        { "OPT3012",
            Rule("double Rate = 0.1",
                "[State] static double Velocity(double gradient, double previousVelocity) => [|9.99 * previousVelocity|] + gradient; [Update] double Update(double parameter, double velocity) => parameter - Rate * velocity; }"), "'9.99 * previousVelocity' keeps 9.99 times the previous value of 'Velocity' in every step, so it grows without bound; use a factor between -1 and 1" },
        { "OPT3012",
            Rule("double Rate = 0.1, double Decay = 9.99",
                "[State] double Velocity(double gradient, double previousVelocity) => gradient + [|previousVelocity * Decay|]; [Update] double Update(double parameter, double velocity) => parameter - Rate * velocity; }"), "'previousVelocity * Decay'" },
        { "OPT3012",
            Rule("double Rate = 0.1, double Window = 10",
                "[State] double Mean(double gradient, double previousMean) => [|(1 + 1 / Window) * previousMean|] + gradient / Window; [Update] double Update(double parameter, double mean) => parameter - Rate * mean; }"), "1.1 times the previous value of 'Mean'" },
        { "OPT3012",
            Rule("double Rate = 0.1",
                "[State] static double Total(double gradient, double previousTotal) => [|-2 * previousTotal|] - gradient; [Update] double Update(double parameter, double total) => parameter - Rate * total; }"), "-2 times" },
        { "OPT3012",
            Rule("double Rate = 0.1",
                "[State(Initial = 1)] static double Scale(double previousScale) => [|1.01 * previousScale|]; [Update] double Update(double parameter, double gradient, double scale) => parameter - Rate * scale * gradient; }"), "1.01 times" },
        { "OPT3013",
            Head + Square
                + "[Update] double Update(double parameter, double gradient, double square) => parameter - Rate * gradient / (Math.Sqrt(square) + [|1e-8|]); }", "'1e-8' is added to 'sqrt(squareCorrected)', which is in L/P (L is the unit of the loss, P that of the parameters), so it has that unit too; make it a hyperparameter" },
        { "OPT3013",
            Head + "[Update] double Update(double parameter, double gradient) => parameter - Rate * gradient / ([|0.5|] + gradient * gradient); }", "L^2/P^2" },
        { "OPT3013", Head + "[Update] double Update(double parameter, double gradient) => parameter - Rate * (gradient - [|1e-3|]); }",
            "'1e-3'" },
    };

    [Theory]
    [MemberData(nameof(Reported))]
    public void Is_reported_on_the_smallest_node(string id, string source, string words)
    => AnalyzerHarness.RequireOne(id, AnalyzerHarness.WithoutUnread(source, Head), words);

    [Theory]
    [MemberData(nameof(NearMisses))]
    public void Is_silent_on_a_near_miss(string id, string source)
    {
        Assert.StartsWith("OPT", id, StringComparison.Ordinal);
        AnalyzerHarness.RequireNone(AnalyzerHarness.WithoutUnread(source, Head));
    }

    [Fact]
    public void A_sum_that_is_meant_is_silenced_where_it_stands()
    {
        string source = Rule("double Rate = 0.1",
            "[Update] double Update(double parameter, double gradient) => parameter - Rate * (\ngradient + parameter\n); }");
        Assert.Equal("OPT3008", Assert.Single(AnalyzerHarness.Run(RuleCompilation.Create(source))).Id);
        Assert.Empty(
            AnalyzerHarness.Run(
                RuleCompilation.Create(
                    source.Replace("\ngradient + parameter\n",
                        "\n#pragma warning disable OPT3008\ngradient + parameter\n#pragma warning restore OPT3008\n",
                            StringComparison.Ordinal))));
    }

    [Fact]
    public void A_disagreement_is_reported_once_and_not_for_what_is_made_of_it()
        => Assert.Single(
            AnalyzerHarness.Run(
                RuleCompilation.Create(
                    Rule("double Rate = 0.1",
                        "[Update] double Update(double parameter, double gradient) => parameter - Rate * ((gradient + parameter) * 2 + gradient); }"))));

    [Fact]
    public void Infos_do_not_fail_a_build_that_treats_warnings_as_errors()
    {
        Microsoft.CodeAnalysis.CSharp.CSharpCompilation strict = RuleCompilation.Create(
            Rule("double Rate = 0.1",
                "[Update] double Update(double parameter, double gradient) => parameter - Rate * gradient / (Math.Abs(gradient) + 1e-8); }"));
        strict = strict.WithOptions(strict.Options.WithGeneralDiagnosticOption(ReportDiagnostic.Error));
        Diagnostic info = Assert.Single(AnalyzerHarness.Run(strict));
        Assert.Equal((DiagnosticSeverity.Info, false), (info.Severity, info.IsWarningAsError));
    }

    private const string Squares =
        "[Reduce(Reduction.Sum)] static double Squares(double gradient) => gradient * gradient; [Derived] static double Norm(double squares) => Math.Sqrt(squares); ";

    private static string Norm(string factor)
        => Rule("double Rate = 0.1, double Bound = 1",
            Squares + $"[Update] double Update(double parameter, double gradient, double norm) => parameter - Rate * gradient * {factor}; }}");

    private static string Rule(string hyperparameters, string members)
        => $"[Optimizer] public sealed partial record R({hyperparameters}) {{ {members}";

    /// <summary>An update by the rate times something, as a product whose first factor is the rate; the divisor stands for @.</summary>
    private static string With(string members, string inputs, string change, string divisor = "")
    {
        string source = divisor.Length == 0 ? $"parameter - {change}"
            : $"parameter - {(change.Contains("[|", StringComparison.Ordinal) ? "[|" : "")}Rate * {change.Replace("[|", "", StringComparison.Ordinal).Replace("@", divisor, StringComparison.Ordinal)}";
        return Head + members + $"[Update] double Update(double parameter, double gradient, {inputs}) => {source}; }}";
    }

    private static string Root(string members, string inputs, string root)
        => Head + members
        + $"[Update] double Update(double parameter, double gradient{(inputs.Length == 0 ? "" : ", " + inputs)}) => parameter - Rate * gradient / ({root} + Epsilon); }}";
}
