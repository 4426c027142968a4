namespace OptDsl.Generator.Tests;

/// <summary>Rules several tests use, as an author writes them.</summary>
internal static class SampleRules
{
    internal const string Adam = """
        namespace Sample;

        [Optimizer]
        public sealed partial record Adam(
            double LearningRate = 1e-3, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8)
        {
            [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.Published)]
            static double Mean(double gradient) => gradient;

            [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.Published)]
            static double MeanSquare(double gradient) => gradient * gradient;

            [Update]
            double Update(double parameter, double mean, double meanSquare)
                => parameter - LearningRate * mean / (Math.Sqrt(meanSquare) + Epsilon);
        }
        """;

    internal const string FusedMomentum = """
        namespace Sample;

        [Optimizer(Arithmetic = Arithmetic.Fused)]
        public sealed partial record Momentum(double LearningRate = 1e-2, double Decay = 0.9)
        {
            [State] double Velocity(double gradient, double previousVelocity) => Decay * previousVelocity + gradient;
            [Update] double Update(double parameter, double velocity) => parameter - LearningRate * velocity;
        }
        """;

    /// <summary>Two passes: a reduction of each kind of scope, a state of one value a row, and one that begins with a parameter.</summary>
    internal const string TwoPasses = """
        namespace Sample;

        [Optimizer]
        public sealed partial record TwoPasses(double LearningRate = 0.1, double Beta = 0.9, double Epsilon = 1e-8)
        {
            [Derived]
            static double Start(double parameter) => parameter;

            [State(Initial = nameof(Start))]
            static double Origin(double previousOrigin) => previousOrigin;

            [Reduce(Reduction.Sum, Scope = Scope.Global)]
            static double Squares(double gradient) => gradient * gradient;

            [Reduce(Reduction.Mean, Scope = Scope.Row)]
            static double RowSquare(double gradient) => gradient * gradient;

            [Reduce(Reduction.Max, Scope = Scope.Column)]
            static double Largest(double gradient, [PerParameter] double mask) => Math.Abs(gradient) * mask;

            [RunningAverage(Decay = nameof(Beta))]
            static double RowMean(double rowSquare) => rowSquare;

            [Update]
            double Update(double parameter, double origin, double gradient, double rowMean, double largest, double squares, [Gaussian] double noise)
                => origin + Beta * (parameter - origin) - LearningRate * (gradient + noise * Math.Min(largest, Math.Sqrt(squares))) / (Math.Sqrt(rowMean) + Epsilon);

            [ReadAt]
            static double Model(double update, double origin) => 0.5 * (update + origin);
        }
        """;

    /// <summary>Branches, uniform states, last step's values, clamps, nesting and a float element.</summary>
    internal const string Everything = """
        partial class Outer<T> where T : class
        {
            internal partial record struct Middle
            {
                [Optimizer]
                internal sealed partial record Everything(float LearningRate = 0.1f, float Bound = 2, int Window = 5, float Start = 1)
                {
                    [State(Initial = nameof(Start))]
                    float Scale(int step, float previousScale) => step % Window == 0 ? previousScale / 2 : previousScale;

                    [RunningAverage(Window = nameof(Window))]
                    static float Trend(float gradient, float previousGradient) => gradient - previousGradient;

                    [Derived]
                    bool Rising(float trend, float previousTrend) => trend > previousTrend && !(trend == 0);

                    [Rate]
                    float Rate(bool rising, float scale, float gradient)
                    {
                        if (rising)
                        {
                            return LearningRate * scale;
                        }

                        float bounded = Math.Clamp(gradient, -Bound, Bound);
                        return LearningRate * RuleMath.Sign(bounded) * MathF.Abs(bounded);
                    }

                    [Update]
                    static float Update(float parameter, float gradient, float rate) => parameter - rate * gradient;
                }
            }
        }
        """;
}
