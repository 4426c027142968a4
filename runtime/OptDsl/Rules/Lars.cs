namespace OptDsl.Rules;

/// <summary>LARS (You, Gitman and Ginsburg 2017).</summary>
[Optimizer]
public sealed partial record Lars(
    [Domain("[0, inf)")] double LearningRate = 0.1, [Domain("[0, 1)")] double Momentum = 0.9,
    [Domain("[0, inf)")] double Trust = 1e-3, [Domain("[0, inf)")] double WeightDecay = 1e-4)
{
    [Reduce(Reduction.Sum, Scope = Scope.Tensor)]
    static double ParameterSquares(double parameter) => parameter * parameter;

    [Reduce(Reduction.Sum, Scope = Scope.Tensor)]
    static double GradientSquares(double gradient) => gradient * gradient;

    [Derived]
    double Ratio(double parameterSquares, double gradientSquares, int rank)
        => rank > 1 && parameterSquares > 0 && gradientSquares > 0 ? Trust * Math.Sqrt(parameterSquares) / Math.Sqrt(gradientSquares) : 1;

    [State]
    double Velocity(double parameter, double gradient, double ratio, double previousVelocity)
        => Momentum * previousVelocity + ratio * (gradient + WeightDecay * parameter);

    [Update]
    double Update(double parameter, double velocity) => parameter - LearningRate * velocity;
}
