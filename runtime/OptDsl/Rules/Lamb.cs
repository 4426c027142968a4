namespace OptDsl.Rules;

/// <summary>LAMB (You et al. 2020) with bias correction, without a bound on the trust ratio.</summary>
[Optimizer]
public sealed partial record Lamb(
    [Domain("[0, inf)")] double LearningRate = 1e-3, double Beta1 = 0.9, double Beta2 = 0.999,
    [Domain("[0, inf)")] double Epsilon = 1e-6, [Domain("[0, inf)")] double WeightDecay = 0.01)
{
    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.Published)]
    static double Mean(double gradient) => gradient;

    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.Published)]
    static double MeanSquare(double gradient) => gradient * gradient;

    [Derived]
    double Direction(double parameter, double mean, double meanSquare)
    => mean / (Math.Sqrt(meanSquare) + Epsilon) + WeightDecay * parameter;

    [Reduce(Reduction.Sum, Scope = Scope.Tensor)]
    static double ParameterSquares(double parameter) => parameter * parameter;

    [Reduce(Reduction.Sum, Scope = Scope.Tensor)]
    static double DirectionSquares(double direction) => direction * direction;

    [Derived]
    static double Trust(double parameterSquares, double directionSquares)
        => parameterSquares > 0 && directionSquares > 0 ? Math.Sqrt(parameterSquares) / Math.Sqrt(directionSquares) : 1;

    [Update]
    double Update(double parameter, double direction, double trust) => parameter - LearningRate * trust * direction;
}
