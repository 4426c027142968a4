using OptDsl.Testing;
using Xunit;

namespace OptDsl.Generator.Tests.Diagnostics;

/// <summary>OPT3006 and OPT3015: averages that start biased, and corrections and averages that are written twice.</summary>
public class AverageDiagnosticsTests
{
    private const string Head =
        "[Optimizer] public sealed partial record R(double Rate = 0.1, double Beta = 0.9, double Start = 0.5, double Epsilon = 1e-8, int Window = 10) { ";
    private const string Plain = "[RunningAverage(Decay = nameof(Beta))] static double Mean(double gradient) => gradient; ";
    private const string Published =
        "[RunningAverage(Decay = nameof(Beta), Correction = BiasCorrection.Published)] static double Mean(double gradient) => gradient; ";
    private const string UpdateByMean = "[Update] double Update(double parameter, double mean) => parameter - Rate * mean; }";

    public static TheoryData<string, string, string> Reported => new()
    {
        { "OPT3006",
            Marked(Plain, "RunningAverage(Decay = nameof(Beta))")
                + "[Update] double Update(double parameter, double mean, int step) => parameter - Rate * mean / (1 + RuleMath.Pow(Beta, step)); }", "'Mean' starts at zero" },

        // Corrected already.
        { "OPT3015",
            Published + "[Update] double Update(double parameter, double mean, double meanCorrection) => parameter - [|Rate * mean / meanCorrection|]; }", "'Rate * mean / meanCorrection' corrects 'Mean' a second time: its readers see it corrected already; remove the division, or set BiasCorrection.None" },
        { "OPT3015",
            Published + "[Update] double Update(double parameter, double mean, int step) => parameter - Rate * ([|mean / (1 - RuleMath.Pow(Beta, step))|]); }", "a second time" },
        { "OPT3015",
            Published.Replace("=> gradient;", "=> gradient * gradient;", StringComparison.Ordinal)
                + "[Update] double Update(double parameter, double gradient, double mean, int step) => parameter - Rate * gradient / (Math.Sqrt([|mean / (1 - RuleMath.Pow(Beta, step))|]) + Epsilon); }", "a second time" },
        { "OPT3015",
            Published + "[State(Initial = 1)] double Power(double previousPower) => Beta * previousPower; [Update] double Update(double parameter, double mean, double power) => parameter - Rate * ([|mean / (1 - power)|]); }", "a second time" },

        // Not begun at zero.
        { "OPT3015",
            "[RunningAverage(Decay = nameof(Beta), Correction = [|BiasCorrection.Published|], Initial = 1)] static double Mean(double gradient) => gradient; " + UpdateByMean, "'Mean' does not begin at zero, but its correction, a division by 1 - b^t, is right only for an average that does; remove Initial, or set BiasCorrection.None" },
        { "OPT3015",
            "[RunningAverage(Decay = nameof(Beta), Correction = [|BiasCorrection.Published|], Initial = nameof(Start))] static double Mean(double gradient) => gradient; " + UpdateByMean, "does not begin at zero" },
        { "OPT3015",
            "[RunningAverage(Decay = nameof(Beta), Correction = [|BiasCorrection.Published|], Initial = nameof(gradient))] static double Mean(double gradient) => gradient; " + UpdateByMean, "does not begin at zero" },
        { "OPT3015",
            "[RunningAverage(Decay = nameof(Beta), Initial = 1)] static double Mean(double gradient) => gradient * gradient; [Update] double Update(double parameter, double gradient, double mean, double meanCorrection) => parameter - Rate * gradient / (Math.Sqrt([|mean / meanCorrection|]) + Epsilon); }", "remove the division, or Initial" },

        // Averaged already.
        { "OPT3015",
            "[RunningAverage(Decay = nameof(Beta), Correction = BiasCorrection.None)] double Mean(double gradient, double previousMean) => [|Beta * previousMean + (1 - Beta) * gradient|]; " + UpdateByMean, "is averaged a second time: [RunningAverage] averages what 'Mean' returns; return only the sample" },
        { "OPT3015",
            "[RunningAverage(Decay = nameof(Beta), Correction = BiasCorrection.Published)] double Mean(double gradient, double previousMean) => [|Beta * previousMean + (1 - Beta) * gradient|]; " + UpdateByMean, "return only the sample" },
        { "OPT3015",
            "[RunningAverage(Decay = nameof(Beta), Correction = BiasCorrection.None)] double Mean(double gradient) => [|(1 - Beta) * gradient|]; " + UpdateByMean, "return only the sample" },
        { "OPT3015",
            "[RunningAverage(Decay = nameof(Beta), Correction = BiasCorrection.None)] double Mean(double gradient, double previousMean) => [|previousMean + (1 - Beta) * (gradient - previousMean)|]; " + UpdateByMean, "return only the sample" },
        { "OPT3015",
            "[RunningAverage(Window = nameof(Window))] double Mean(double gradient, double previousMean) => [|previousMean + (gradient - previousMean) * Beta|]; " + UpdateByMean, "return only the sample" },
        { "OPT3015",
            "[RunningAverage(Weight = nameof(Beta))] double Mean(double gradient, double previousMean) => [|(1 - Beta) * previousMean + Beta * gradient|]; " + UpdateByMean, "return only the sample" },
    };

    public static TheoryData<string> NearMisses =>
    [
        // Corrected by hand, in each of the spellings; half of it by each of two factors.
        Plain + "[Update] double Update(double parameter, double mean, double meanCorrection) => parameter - Rate * mean / meanCorrection; }",
        Plain + "[Update] double Update(double parameter, double mean, int step) => parameter - Rate * mean / (1 - RuleMath.Pow(Beta, step)); }",
        Plain + "[Derived] double Seen(int step) => 1 - RuleMath.Pow(Beta, step); [Derived] static double Corrected(double mean, double seen) => mean / seen; [Update] double Update(double parameter, double corrected) => parameter - Rate * corrected; }",
        Plain + "[Derived] double Size(int step) => Rate / (1 - RuleMath.Pow(Beta, step)); [Update] double Update(double parameter, double mean, double size) => parameter - size * mean; }",
        Plain + "[State(Initial = 1)] double Power(double previousPower) => Beta * previousPower; [Update] double Update(double parameter, double mean, double power) => parameter - Rate * (mean / (1 - power)); }",
        Plain.Replace("=> gradient;", "=> gradient * gradient;", StringComparison.Ordinal)
            + "[Derived] double Size(int step) => Rate * Math.Sqrt(1 - RuleMath.Pow(Beta, step)); [Update] double Update(double parameter, double gradient, double mean, double size) => parameter - size * gradient / (Math.Sqrt(mean) + Epsilon); }",

        // Corrected once, and divided by what is none of its corrections.
        Published + "[Update] double Update(double parameter, double mean, int step) => parameter - Rate * mean / (1 + RuleMath.Pow(Beta, step)); }",
        "double Other { get; init; } = 0.5; " + Published
            + "[Update] double Update(double parameter, double mean, int step) => parameter - Rate * mean / (1 - RuleMath.Pow(Other, step)); }",

        // One correction beside two averages of one decay.
        Published + "[RunningAverage(Decay = nameof(Beta))] static double Other(double gradient) => gradient; [Update] double Update(double parameter, double mean, double other, double otherCorrection) => parameter - Rate * mean * Math.Abs(other / otherCorrection); }",
        Published + "[RunningAverage(Decay = nameof(Beta))] static double Other(double gradient) => gradient * gradient; [Update] double Update(double parameter, double mean, double other, double otherCorrection) => parameter - Rate * mean * (other / otherCorrection); }",

        // Begun at zero; begun elsewhere, and corrected for that.
        "[RunningAverage(Decay = nameof(Beta), Correction = BiasCorrection.Published, Initial = 0)] static double Mean(double gradient) => gradient; " + UpdateByMean,
        "[RunningAverage(Decay = nameof(Beta), Initial = nameof(Start))] double Mean(double gradient) => gradient / Math.Max(1, Math.Abs(gradient)); [Update] double Update(double parameter, double mean, double meanCorrection) => parameter - Rate * (mean - (1 - meanCorrection) * Start) / meanCorrection; }",

        // A sample that is bounded by its own past, and one with a factor of another decay.
        "[RunningAverage(Decay = nameof(Beta), Correction = BiasCorrection.None)] static double Mean(double gradient, double previousMean) => Math.Min(gradient, 9 * previousMean); " + UpdateByMean,
        "double Other { get; init; } = 0.5; [RunningAverage(Decay = nameof(Beta), Correction = BiasCorrection.None)] double Mean(double gradient) => (1 - Other) * gradient; " + UpdateByMean,
    ];

    [Theory]
    [MemberData(nameof(Reported))]
    public void Is_reported_on_the_smallest_node(string id, string members, string words)
    => AnalyzerHarness.RequireOne(id, AnalyzerHarness.WithoutUnread(Head + members, Head), words);

    [Theory]
    [MemberData(nameof(NearMisses))]
    public void Is_silent_on_a_near_miss(string members)
    => AnalyzerHarness.RequireNone(AnalyzerHarness.WithoutUnread(Head + members, Head));

    private static string Marked(string source, string span) => source.Replace(span, $"[|{span}|]", StringComparison.Ordinal);
}
