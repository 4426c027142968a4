namespace OptDsl.Rules;

/// <summary>Lion (Chen et al. 2023): steps by the sign of an interpolated momentum, with decoupled weight decay.</summary>
[Optimizer]
public sealed partial record Lion(
    [Domain("[0, inf)")] double LearningRate = 1e-4, [Domain("[0, 1)")] double Beta1 = 0.9, double Beta2 = 0.99,
    [Domain("[0, inf)")] double WeightDecay = 0)
{
    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.None)]
    static double Mean(double gradient) => gradient;

    [Derived]
    double Direction(double gradient, double previousMean) => RuleMath.Sign(Beta1 * previousMean + (1 - Beta1) * gradient);

    [Update]
    double Update(double parameter, double direction)
        => parameter * (1 - LearningRate * WeightDecay) - LearningRate * direction;
}
