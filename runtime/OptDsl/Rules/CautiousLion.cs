namespace OptDsl.Rules;

/// <summary>
/// Cautious Lion (Liang et al. 2024): Lion that takes its step only where its direction agrees with the gradient. The step grows with the
/// fraction of a tensor's parameters that are left out.
/// </summary>
[Optimizer]
public sealed partial record CautiousLion(
    [Domain("[0, inf)")] double LearningRate = 1e-4, [Domain("[0, 1)")] double Beta1 = 0.9, double Beta2 = 0.99,
    [Domain("[0, inf)")] double WeightDecay = 0)
{
    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.None)]
    static double Mean(double gradient) => gradient;

    [Derived]
    double Direction(double gradient, double previousMean) => RuleMath.Sign(Beta1 * previousMean + (1 - Beta1) * gradient);

    [Derived]
    static double Agrees(double direction, double gradient) => direction * gradient > 0 ? 1 : 0;

    [Reduce(Reduction.Sum, Scope = Scope.Tensor)]
    static double Agreeing(double agrees) => agrees;

    [Derived]
    double Rate(double agreeing, int count) => LearningRate * (count / (agreeing + 1));

    [Update]
    double Update(double parameter, double direction, double agrees, double rate)
        => parameter * (1 - LearningRate * WeightDecay) - rate * (direction * agrees);
}
