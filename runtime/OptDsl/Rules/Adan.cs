namespace OptDsl.Rules;

/// <summary>
/// Adan (Xie et al. 2022): Nesterov's momentum computed from the change of the gradient, with decoupled weight decay before the step.
/// </summary>
[Optimizer]
public sealed partial record Adan(
    [Domain("[0, inf)")] double LearningRate = 1e-3, double Beta1 = 0.98, double Beta2 = 0.92, double Beta3 = 0.99,
    [Domain("[0, inf)")] double Epsilon = 1e-8, [Domain("[0, inf)")] double WeightDecay = 0)
{
    [Derived]
    static double Change(double gradient, double previousGradient, int step) => step == 1 ? 0 : gradient - previousGradient;

    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.Published)]
    static double Mean(double gradient) => gradient;

    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.Published)]
    static double MeanChange(double change) => change;

    [RunningAverage(Decay = nameof(Beta3), Correction = BiasCorrection.Published)]
    double MeanSquare(double gradient, double change)
    {
        double ahead = gradient + Beta2 * change;
        return ahead * ahead;
    }

    [Update]
    double Update(double parameter, double mean, double meanChange, double meanSquare)
        => parameter * (1 - LearningRate * WeightDecay) - LearningRate * (mean + Beta2 * meanChange) / (Math.Sqrt(meanSquare) + Epsilon);
}
