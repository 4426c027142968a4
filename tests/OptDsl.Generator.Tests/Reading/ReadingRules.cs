namespace OptDsl.Generator.Tests.Reading;

/// <summary>
/// Rules whose [ReadAt] or [SearchDirection] member computes with a uniform value u: which operation, a hyperparameter says.
/// </summary>
internal static class ReadingRules
{
    /// <summary>Every operation of uniform values.</summary>
    internal static string[] Operations { get; } =
    [
        "u % 3", "-u % 0.7", "(int)(u * 10)", "(float)u", "checked((int)(u * 7))", "(int)(u * 10) / 3", "(int)(u * 10) % 4",
            "unchecked((int)(u * 9) * 1000003)",
        "Math.Clamp(u, 0.5, 1.5)", "Math.Clamp((int)(u * 10), 2, 9)", "RuleMath.Clamp(u, 2, 1)", "Math.Min(u, 1)", "Math.Max(u, 1)",
            "Math.Max((int)u, 2)",
        "Math.Abs(u - 2)", "Math.Abs((int)(u * -10))", "Math.Sqrt(u)", "Math.CopySign(1.5, u - 1)", "RuleMath.Sign(u - 1)",
        "Math.Floor(u * 3)", "Math.Ceiling(u * 3)", "Math.Truncate(u * 3)", "Math.Round(u * 3)",
            "Math.Round(u * 3, MidpointRounding.AwayFromZero)", "Math.FusedMultiplyAdd(u, 1.1, 0.3)",
        "RuleMath.Exp(-u)", "RuleMath.Log(u)", "RuleMath.Log2(u)", "RuleMath.Sin(u)", "RuleMath.Cos(u)", "RuleMath.Tanh(u)",
            "RuleMath.Atan(u)", "RuleMath.Atan2(u, u - 2)", "RuleMath.Pow(u, 1.5)", "RuleMath.Cbrt(u)", "RuleMath.Hypot(u, 2)",
        "u > 1 ? u : 2 - u", "u > 1 && u < 9 || !(u == 3) ? 1.5 : u", "u >= 2 & u <= 3 | u != 4 ? 0.25 : u",
        "u switch { < 1 => 1, 2 => 2, double.NaN => 3, > 2 when u < 2.5 => 4, _ => u }", "-u", "1 / u", "+u * u - u",
    ];

    /// <summary>Where u comes from: members, the inputs that give it, and the local that is it.</summary>
    internal static (string Name, string Members, string Input, string Local)[] Kinds { get; } =
    [
        ("Hyperparameter", "[State] double Copy() => Factor;", "", "double u = Factor;"),
        ("Group", "[State(Initial = 1)] double U(int step, double previousU) => previousU + 0.3 * step;", ", double u", ""),
        ("Tensor", "[State] double U(int rows, int step) => 0.7 * rows + step;", ", double u", ""),
        ("Row", "[Reduce(Reduction.Sum, Scope = Scope.Row)] double Mass(double gradient) => gradient * gradient; [State] double U(double mass, double previousU) => 0.5 * previousU + mass;", ", double u", ""),
        ("Column", "[Reduce(Reduction.Sum, Scope = Scope.Column)] double Mass(double gradient) => gradient * gradient; [RunningAverage(Decay = nameof(Beta))] double U(double mass) => mass;", ", double u", ""),
        ("Corrected", "[RunningAverage(Decay = nameof(Beta), Correction = BiasCorrection.Published)] double U(int rows) => 2.5 * rows;",
            ", double u", ""),
        ("CorrectedByMember",
            "[Derived] double Half(int step) => step > 0 ? 0.5 : 0.9; [RunningAverage(Decay = nameof(Half), Correction = BiasCorrection.Published)] double U(int rows) => 2.5 * rows;", ", double u", ""),
        ("Parameter", "[State] double U(double gradient, int step) => 0.3 + step;", ", double u", ""),
        ("Derived", "[Derived] double U(int step, int columns) => 0.3 * step + columns;", ", double u", ""),
    ];

    internal static string Name(int kind, bool reads) => $"{Kinds[kind].Name}{(reads ? "Read" : "Direction")}";

    internal static string Text(int kind, bool reads)
    {
        (string _, string members, string input, string local) = Kinds[kind];
        string arms = string.Join(", ", Operations.Select((operation, index) => $"{index} => {operation}"));
        return $$"""
            [Optimizer]
            public sealed partial record {{Name(kind, reads)}}(int Which = 0, double Factor = 1.25, double Beta = 0.5)
            {
                public {{Name(kind, reads)}} With(int which, double factor) => this with { Which = which, Factor = factor };

                {{members}}

                [Update]
                double Update(double parameter, double gradient) => parameter - 0.1 * gradient;

                [{{(reads ? "ReadAt" : "SearchDirection")}}]
                public double Target(double {{(reads ? "update" : "gradient")}}{{input}})
                {
                    {{local}}
                    double factor = Which switch { {{arms}}, _ => 0.0 };
                    return {{(reads ? "update" : "gradient")}} * factor;
                }
            }
            """;
    }
}
