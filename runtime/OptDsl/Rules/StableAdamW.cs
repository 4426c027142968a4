namespace OptDsl.Rules;

/// <summary>
/// StableAdamW (Wortsman et al. 2023): AdamW that lowers the learning rate of a tensor while its squared gradients exceed their averages.
/// The debiased decays of the paper are the published bias correction.
/// </summary>
[Optimizer]
public sealed partial record StableAdamW(
    [Domain("[0, inf)")] double LearningRate = 1e-3, double Beta1 = 0.9, double Beta2 = 0.99,
    [Domain("[0, inf)")] double Epsilon = 1e-8, [Domain("[0, inf)")] double WeightDecay = 0)
{
    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.Published)]
    static double Mean(double gradient) => gradient;

    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.Published)]
    static double MeanSquare(double gradient) => gradient * gradient;

    [Reduce(Reduction.Mean, Scope = Scope.Tensor)]
    double Surprise(double gradient, double meanSquare) => gradient * gradient / Math.Max(meanSquare, Epsilon * Epsilon);

    [Derived]
    double Rate(double surprise) => LearningRate / Math.Max(1, Math.Sqrt(surprise));

    [Update]
    double Update(double parameter, double mean, double meanSquare, double rate)
        => parameter * (1 - rate * WeightDecay) - rate * mean / (Math.Sqrt(meanSquare) + Epsilon);
}
