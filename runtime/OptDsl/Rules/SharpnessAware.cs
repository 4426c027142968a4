namespace OptDsl.Rules;

/// <summary>
/// SAM with heavy-ball momentum (Foret et al. 2021): the gradient is taken at the neighbouring point with the largest loss, to first order.
/// </summary>
[Optimizer]
public sealed partial record SharpnessAware(
    [Domain("[0, inf)")] double LearningRate = 1e-2, [Domain("[0, 1)")] double Decay = 0.9,
    [Domain("[0, inf)")] double Radius = 0.05, [Domain("(0, inf)")] double Epsilon = 1e-12)
{
    [Reduce(Reduction.Sum, Scope = Scope.Global)]
    static double Squares(double gradient) => gradient * gradient;

    [Derived]
    double Reach(double squares) => Radius / (Math.Sqrt(squares) + Epsilon);

    [Derived]
    static double Worst(double parameter, double gradient, double reach) => parameter + reach * gradient;

    [State]
    double Velocity([GradientAt(nameof(Worst))] double worstGradient, double previousVelocity) => Decay * previousVelocity + worstGradient;

    [Update]
    double Update(double parameter, double velocity) => parameter - LearningRate * velocity;
}
