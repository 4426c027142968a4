#pragma warning disable OPT3008 // The published first radius is a fraction of 1 + |x|, whatever the unit of x.
namespace OptDsl.Rules;

/// <summary>
/// DoG (Ivgi, Hinder and Carmon 2023): the learning rate is the largest distance from the start divided by the root of the sum of squared
/// gradient norms, over all parameters.
/// </summary>
[Optimizer]
public sealed partial record DistanceOverGradients(
    [Domain("[0, inf)")] double LearningRate = 1, [Domain("(0, inf)")] double Fraction = 1e-6,
    [Domain("(0, inf)")] double Epsilon = 1e-8)
{
    [Derived]
    static double Start(double parameter) => parameter;

    [State(Initial = nameof(Start))]
    static double Origin(double previousOrigin) => previousOrigin;

    [Reduce(Reduction.Sum, Scope = Scope.Global)]
    static double StartSquares(double parameter) => parameter * parameter;

    [Derived]
    double FirstRadius(double startSquares) => Fraction * (1 + Math.Sqrt(startSquares));

    [Reduce(Reduction.Sum, Scope = Scope.Global)]
    static double MovedSquares(double parameter, double origin) => (parameter - origin) * (parameter - origin);

    [State(Initial = nameof(FirstRadius))]
    static double Radius(double movedSquares, double previousRadius) => Math.Max(previousRadius, Math.Sqrt(movedSquares));

    [Reduce(Reduction.Sum, Scope = Scope.Global)]
    static double GradientSquares(double gradient) => gradient * gradient;

    [State]
    static double Energy(double gradientSquares, double previousEnergy) => previousEnergy + gradientSquares;

    [Rate]
    double Rate(double radius, double energy) => LearningRate * radius / Math.Sqrt(energy + Epsilon);

    [Update]
    static double Update(double parameter, double gradient, double rate) => parameter - rate * gradient;
}
