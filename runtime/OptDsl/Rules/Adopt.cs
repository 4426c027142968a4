namespace OptDsl.Rules;

/// <summary>
/// ADOPT (Taniguchi et al. 2024): the gradient is divided by the scale of the previous steps, and clipped at the fourth root of their
/// number. The first step only measures the scale: its gradient is clipped at 0.
/// </summary>
[Optimizer]
public sealed partial record Adopt(
    [Domain("[0, inf)")] double LearningRate = 1e-3, double Beta1 = 0.9, [Domain("[0, 1)")] double Beta2 = 0.9999,
    [Domain("(0, inf)")] double Epsilon = 1e-6)
{
    [Derived]
    double SquareDecay(int step) => step == 1 ? 0 : Beta2;

    [RunningAverage(Decay = nameof(SquareDecay))]
    static double MeanSquare(double gradient) => gradient * gradient;

    [Derived]
    static double Bound(int step) => Math.Sqrt(Math.Sqrt(step - 1));

    [Derived]
    double Direction(double gradient, double previousMeanSquare, double bound)
        => Math.Clamp(gradient / Math.Max(Math.Sqrt(previousMeanSquare), Epsilon), -bound, bound);

    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.None)]
    static double Mean(double direction) => direction;

    [Update]
    double Update(double parameter, double mean) => parameter - LearningRate * mean;
}
