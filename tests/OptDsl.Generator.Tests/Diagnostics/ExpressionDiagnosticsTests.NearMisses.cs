using Xunit;

namespace OptDsl.Generator.Tests.Diagnostics;

/// <content>Rules that look like a wrong one, of which nothing is said.</content>
public partial class ExpressionDiagnosticsTests
{
    public static TheoryData<string, string> NearMisses => new()
    {
        // An average of squares and a positive epsilon, under and outside the root; a size beside an epsilon; a bound; a test.
        { "OPT3005",
            Head + Square
                + "[Update] double Update(double parameter, double gradient, double square) => parameter - Rate * gradient / (Math.Sqrt(square) + Epsilon); }" },
        { "OPT3005",
            Head + Square
                + "[Update] double Update(double parameter, double gradient, double square) => parameter - Rate * gradient / Math.Sqrt(square + Epsilon); }" },
        { "OPT3005",
            Head + Square
                + "[Update] double Update(double parameter, double gradient, double square) => parameter - Rate * gradient * square / (square + Epsilon); }" },
        { "OPT3005",
            Head + "[Update] double Update(double parameter, double gradient) => parameter - Rate * gradient / (Math.Abs(gradient) + Epsilon); }" },
        { "OPT3005",
            Head + "[Update] double Update(double parameter, double gradient) => parameter - Rate * gradient / 3 / Math.Max(gradient, Epsilon); }" },
        { "OPT3005",
            Head + "[Update] double Update(double parameter, double gradient) => gradient != 0 ? parameter - Rate / gradient : parameter; }" },
        { "OPT3005",
            Head + "double Decay => 1 - 1.0 / Window; [Derived] double Scale(int step) => Rate / (1 + (step - 1) * Zero) / (1 - Beta); [RunningAverage(Decay = nameof(Beta), Initial = 0)] static double Mean(double gradient) => gradient; [Update] double Update(double parameter, double mean, double scale) => parameter - scale * mean * (1 - Decay); }" },
        { "OPT3005",
            "[Optimizer] public sealed partial record R(double Scale) { [Update] double Update(double parameter, double gradient) => parameter - gradient / Scale; }" },

        // Corrected, over a window, begun elsewhere, meant, and not read.
        { "OPT3006", Head + Mean + UpdateByMean },
        { "OPT3006", Head + "[RunningAverage(Window = nameof(Window))] static double Mean(double gradient) => gradient; " + UpdateByMean },
        { "OPT3006",
            Head + "[RunningAverage(Decay = nameof(Beta), Initial = nameof(Zero))] static double Mean(double gradient) => gradient; "
                + UpdateByMean },
        { "OPT3006",
            Head + "[RunningAverage(Decay = nameof(Beta), Correction = BiasCorrection.None)] static double Mean(double gradient) => gradient; " + UpdateByMean },

        { "OPT3007", Root(Mean + Square, "double mean, double square", "Math.Sqrt(Math.Max(square - mean * mean, 0))") },
        { "OPT3007",
            Root(Mean + Square, "double mean, double square", "(square > mean * mean ? Math.Sqrt(square - mean * mean) : Epsilon)") },
        { "OPT3007",
            "[Optimizer] public sealed partial record R([Domain(\"[0, 1]\")] double Nu = 0.5) { [Update] double Update(double parameter, double gradient) => parameter - Math.Sqrt(1 - Nu) * gradient; }" },
        { "OPT3007", Root(Square, "double square", "Math.Sqrt(square)") },
        { "OPT3007", Root("", "", "Math.Sqrt(gradient * gradient)") },
        { "OPT3007", Root("", "", "Math.Sqrt(Math.Abs(gradient))") },
        { "OPT3007",
            Root("[State] static double Peak(double gradient, double previousPeak) => Math.Max(previousPeak, gradient * gradient); ",
                "double peak", "Math.Sqrt(peak)") },

        // A rate of one, also of what a state keeps.
        { "OPT3008",
            "[Optimizer] public sealed partial record R(double Beta = 0.9) { [State] double Sum(double gradient, double previousSum) => Beta * previousSum + gradient; [Update] static double Update(double parameter, double sum) => parameter - 0.5 * sum; }" },

        // A hyperparameter for the literal, a literal threshold, zero, a fallback; a rate that depends on the step.
        { "OPT3008",
            Head + Square
                + "[Update] double Update(double parameter, double gradient, double square) => parameter - Rate * gradient / (Math.Sqrt(square) + Epsilon); }" },
        { "OPT3008",
            Head + "[Update] double Update(double parameter, double gradient) => parameter - Rate * Math.Clamp(gradient, -2, 2) - Rate * (gradient > 3 ? gradient : 0.0) - Rate * Math.Max(gradient, 1e-3); }" },
        { "OPT3008",
            Head + "[Derived] double Scale(int step) => Rate * (1 - Math.Sqrt(step) / 1000.0); [Update] double Update(double parameter, double gradient, double scale) => parameter * (1 - Zero * scale) - scale * gradient; }" },
        { "OPT3008",
            Head + "[Update] double Update(double parameter, double gradient) => parameter - Rate * RuleMath.Sign(gradient) - Beta * (RuleMath.Sign(parameter) + 1); }" },
        // Guards: a condition, its opposite, an early return, a conjunction, a disjunction, in another member, of the first step.
        { "OPT3005",
            Head + "[Update] double Update(double parameter, double gradient) => parameter - Rate * (gradient > 0 ? Beta / Math.Sqrt(gradient) : 1); }" },
        { "OPT3005",
            Rule("double Rate = 0.1, int WarmUp = 0",
                "[Derived] double Scale(int step) => WarmUp == 0 ? Rate : Rate * Math.Min(1.0, (double)step / WarmUp); [Update] double Update(double parameter, double gradient, double scale) => parameter - scale * gradient; }") },
        { "OPT3005",
            Rule("double Rate = 0.1",
                "[Update] double Update(double parameter, double gradient) { if (!(gradient != 0)) { return parameter; } double change = Rate / gradient; return parameter - change; } }") },
        { "OPT3005",
            Rule("double Rate = 0.1",
                "[Reduce(Reduction.Sum)] static double Squares(double gradient) => gradient * gradient; [Reduce(Reduction.Sum)] static double Sizes(double parameter) => parameter * parameter; [Derived] static double Ratio(double squares, double sizes) => Math.Sqrt(sizes) / Math.Sqrt(squares); [Update] double Update(double parameter, double gradient, double squares, double sizes, double ratio) => squares > 0 && sizes > 0 ? parameter - Rate * ratio * gradient : parameter - Rate * gradient; }").Replace("parameter - Rate * ratio * gradient : parameter - Rate * gradient", "parameter - Rate * ratio * gradient : parameter", StringComparison.Ordinal) },
        { "OPT3005",
            Rule("double Rate = 0.1",
                "[Update] double Update(double parameter, double gradient, double previousGradient) => gradient == 0 || previousGradient <= 0 ? parameter : parameter - Rate * gradient / previousGradient / Math.Abs(gradient); }") },
        { "OPT3005",
            Rule("double Rate = 0.1",
                "[State] static double Size(double gradient) => Math.Abs(gradient) + 1; [Update] double Update(double parameter, double gradient, double previousSize, int step) => step == 1 ? parameter : parameter - Rate * (gradient / previousSize); }").Replace("Math.Abs(gradient) + 1", "Math.Max(Math.Abs(gradient), 0.5)", StringComparison.Ordinal) },
        { "OPT3005",
            Rule("double Rate = 0.1, double Epsilon = 1e-8",
                "[Update] double Update(double parameter, double gradient, int step) { double level = step switch { 1 => 1.0, 2 => 0.5, _ => 1.0 / (step - 2) }; return parameter - Rate * gradient * level / Math.Clamp(Math.Abs(gradient), Epsilon, 1e6); } }") },
        { "OPT3005",
            Rule("double Rate = 0.1, double Beta = 0.9",
                "[Derived] double Seen(int step) => 1 - RuleMath.Pow(Beta, step); [State] double Mean(double gradient, double previousMean) => Beta * previousMean + (1 - Beta) * gradient; [Update] double Update(double parameter, double mean, double seen) => parameter - Rate * (mean / seen); }") },

        // Squares that a state averages, by shares, by differences and by a weight; a share that is a domain's, or as its default.
        { "OPT3007",
            Rule("double Rate = 0.1, double Beta = 0.9",
                "[State] double Sum(double gradient, double previousSum) => previousSum + (1 - Beta) * (gradient * gradient - previousSum); [Update] double Update(double parameter, double gradient, double sum) => parameter - Rate * gradient * Math.Sqrt(sum); }") },
        { "OPT3007",
            Rule("double Rate = 0.1, double Beta = 0.9",
                "[State] double Sum(double gradient, double previousSum) => Beta * previousSum + (1 - Beta) * gradient * gradient; [Update] double Update(double parameter, double gradient, double sum, double previousSum) => parameter - Rate * gradient * Math.Sqrt(sum + 0.0 * previousSum); }").Replace("sum + 0.0 * previousSum", "previousSum + sum", StringComparison.Ordinal) },
        { "OPT3007",
            Rule("double Rate = 0.1, [Domain(\"[0, 1]\")] double Q = 1, double Friction = 0.1",
                "[Derived] double Share(int step) => 1 + Q * (1 - Math.Min(1.0 / step, 1)); [Update] double Update(double parameter, double gradient, double share) => parameter - Rate * gradient * Math.Sqrt(share) * Math.Sqrt(1 - Friction); }") },
        { "OPT3007",
            Rule("double Rate = 0.1",
                "[Update] double Update(double parameter, double gradient) { if (gradient < 0) { return parameter; } return parameter - Rate * Math.Sqrt(gradient) * Math.Sqrt(RuleMath.Exp(-gradient)); } }").Replace(" * Math.Sqrt(RuleMath.Exp(-gradient))", "", StringComparison.Ordinal) },

        // Logarithms of what is positive, whole powers, powers of sizes; a bound over a norm that may be zero, beneath another bound.
        { "OPT3007",
            Rule("double Rate = 0.1, double Scale = 1",
                "[Update] double Update(double parameter, double gradient, int step) => parameter - Rate * RuleMath.Log(1 + Math.Abs(gradient) / Scale) * RuleMath.Log((double)(step + 1)) * RuleMath.Pow(-1.0, step) * RuleMath.Pow(Math.Abs(gradient), 0.5) * gradient; }") },
        { "OPT3007",
            Rule("double Rate = 0.1",
                "[Update] double Update(double parameter, double gradient) => parameter - Rate * RuleMath.Pow(gradient, 3); }") },
        { "OPT3005",
            Rule("double Rate = 0.1, double Bound = 1",
                "[Reduce(Reduction.Sum)] static double Squares(double gradient) => gradient * gradient; [Derived] static double Norm(double squares) => Math.Sqrt(squares); [Update] double Update(double parameter, double gradient, double norm) => parameter - Rate * gradient * Math.Min(1, Bound / norm); }") },

        // Infinite where nobody sees it: clamped, the lesser of a choice, tested, beneath a root and a bound, and where a condition keeps
        // it below one.
        { "OPT3005", Norm("RuleMath.Clamp(Bound / norm, 0, 1)") },
        { "OPT3005", Norm("Math.Clamp(Bound / norm, 0.1, 1)") },
        { "OPT3005", Norm("(Bound / norm > 1 ? 1 : Bound / norm)") },
        { "OPT3005", Norm("(Bound / norm < 1 ? Bound / norm : 1)") },
        { "OPT3005", Norm("(double.IsFinite(Bound / norm) ? Bound / norm : 1)") },
        { "OPT3005", Norm("Math.Min(10, Math.Sqrt(Bound / norm))") },
        { "OPT3005",
            Rule("double Rate = 0.1",
                "[Update] double Update(double parameter, double gradient, double previousGradient) { double f = gradient / previousGradient; return parameter - Rate * gradient * (double.IsNaN(f) || double.IsInfinity(f) ? 0 : f); } }") },
        { "OPT3005",
            Rule("double Rate = 0.1, double Bound = 1",
                Squares + "[Update] double Update(double parameter, double gradient, double norm) { double f = Bound / norm; if (f < 1) { return parameter - Rate * gradient * f; } return parameter - Rate * gradient; } }") },
        { "OPT3007",
            Rule("double Rate = 0.1, double Beta = 0.9",
                "[Update] double Update(double parameter, double gradient) => parameter - Rate * gradient / Math.Sqrt(1 - Beta * Beta) * Math.Sqrt(1 - Beta * Beta * Beta); }") },
        { "OPT3005",
            Rule("double Rate = 0.1",
                "static readonly double Epsilon = 1e-8; [Update] double Update(double parameter, double gradient) => parameter - Rate * gradient / (Math.Abs(gradient) * 2 + Epsilon); }") },
        { "OPT3011",
            Rule("double Rate = 0.1",
                "static readonly double Sign; static R() { Sign = -1; } [Update] double Update(double parameter, double gradient) => parameter + Sign * Rate * gradient; }") },
        { "OPT3011",
            Rule("double Rate = 0.1",
                "[SearchDirection] static double Direction(double gradient) => 2 * gradient; [Update] double Update(double parameter, double gradient) => parameter - (gradient > 0 ? Rate : -Rate); }") },
        { "OPT3014",
            Rule("double Rate = 0.1, int WarmUp = 0",
                "[Update] double Update(double parameter, double gradient, int step) => step < WarmUp || step == 1 || step % 5 == 0 || gradient is double.NaN ? parameter : parameter - Rate * gradient; }") },
        { "OPT3015", Rule("double Rate = 0.1, double Beta = 0.9", Mean + UpdateByMean) },
        { "OPT3016",
            Rule("double Rate = 0.1, double Clip = 1, double Zero = 0",
                "[Update] double Update(double parameter, double gradient) => parameter - Rate * (Math.Clamp(gradient, -Clip, Clip) + Math.Max(Math.Min(gradient, Clip), -Clip) + Math.Clamp(gradient, Zero, -Zero)); }") },

        // A sign that is kept, in a condition or in an odd power; a change that depends on more than gradients.
        { "OPT3017",
            Rule("double Rate = 0.1",
                "[Update] double Update(double parameter, double gradient) => gradient > 0 ? parameter - Rate * Math.Abs(gradient) : parameter + Rate * Math.Abs(gradient); }") },
        { "OPT3017",
            Rule("double Rate = 0.1",
                "[Update] double Update(double parameter, double gradient) => parameter - Rate * Math.CopySign(gradient * gradient, gradient); }") },
        { "OPT3017",
            Rule("double Rate = 0.1",
                "[Update] double Update(double parameter, double gradient) => parameter - Rate * gradient * gradient * parameter; }") },
        { "OPT3017",
            Rule("double Rate = 0.1",
                "[Update] double Update(double parameter, double gradient, [Rademacher] double draw) => parameter - Rate * Math.Abs(gradient) * draw; }") },
        { "OPT3017",
            Rule("double Rate = 0.1",
                "[State(Initial = 1)] static double Size(double gradient, double previousSize, double previousGradient) => previousSize * (gradient * previousGradient > 0 ? 1.2 : 0.5); [Update] double Update(double parameter, double gradient, double size) => parameter - Rate * size * RuleMath.Sign(gradient); }") },

        // Downhill; both ways; along something else; to where another gradient is taken.
        { "OPT3011",
            Rule("double Rate = 0.1", "[Update] double Update(double parameter, double gradient) => parameter + -Rate * gradient; }") },
        { "OPT3011",
            Rule("double Rate = 0.1",
                "[Update] double Update(double parameter, double gradient, double previousGradient) => parameter + Rate * (gradient - previousGradient); }") },
        { "OPT3011",
            Rule("double Rate = 0.1, double Reach = 0.1",
                "[Derived] double Worst(double parameter, double gradient) => parameter + Reach * gradient; [Update] double Update(double parameter, [GradientAt(nameof(Worst))] double sharp) => parameter - Rate * sharp; }") },
        { "OPT3011",
            Rule("double Rate = 0.1, [Domain(\"[-1, 1]\")] double Sign = 1",
                "[Update] double Update(double parameter, double gradient) => parameter + Sign * Rate * gradient; }") },

        // An angle turns away from the gradient beside another one, and beside what is negative it is not small where the gradient is.
        { "OPT3011",
            Rule("double Rate = 0.1",
                "[Update] double Update(double parameter, double gradient, double previousGradient) => parameter + Rate * RuleMath.Atan2(gradient, previousGradient); }") },
        { "OPT3011",
            Rule("double Rate = 0.1, double Size = 1",
                "[Update] double Update(double parameter, double gradient) => parameter + Rate * RuleMath.Atan2(gradient, -Size - Math.Abs(gradient)); }") },
        { "OPT3011",
            Rule("double Rate = 0.1, double Size = 1",
                "[Update] double Update(double parameter, double gradient) => parameter + Rate * RuleMath.Atan2(Size, gradient); }") },

        // Within pi; of one unit, whose angle is a number; an epsilon takes the other's.
        { "OPT3007", Root("", "double previousGradient", "Math.Sqrt(Math.PI - RuleMath.Atan2(gradient, previousGradient))") },
        { "OPT3007", Root("", "int step", "Math.Sqrt(RuleMath.Atan2((double)(step - 1), 1))") },
        { "OPT3008",
            Head + "[Update] double Update(double parameter, double gradient, double previousGradient) => parameter - Rate * gradient * (1 + RuleMath.Atan2(gradient, previousGradient) * RuleMath.Atan(Beta)); }" },

        // Sums, decays, factors that nobody knows, and what is bounded.
        { "OPT3012",
            Rule("double Rate = 0.1, double Decay = 0.9, double Scale = 2",
                "[State] double Sum(double gradient, double previousSum) => previousSum + Scale * gradient; [State] double Mean(double gradient, double previousMean) => -Decay * previousMean + gradient; [State(Initial = 1)] double Size(double gradient, double previousSize) => Math.Min(previousSize * Scale * (gradient > 0 ? 1 : 0.5), 9); [Update] double Update(double parameter, double sum, double mean, double size) => parameter - Rate * size * (sum + mean); }") },
        { "OPT3013",
            Head + "[Update] double Update(double parameter, double gradient, int step) => parameter - Rate * gradient * (step + 0.5) * (2 * Beta + 3) - Rate * Math.Max(gradient, 1e-3); }".Replace(" * (2 * Beta + 3)", "", StringComparison.Ordinal) },
    };
}
