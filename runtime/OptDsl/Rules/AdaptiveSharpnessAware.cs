namespace OptDsl.Rules;

/// <summary>ASAM with heavy-ball momentum (Kwon et al. 2021): the neighbourhood of a parameter is proportional to its size.</summary>
[Optimizer]
public sealed partial record AdaptiveSharpnessAware(
    [Domain("[0, inf)")] double LearningRate = 1e-2, [Domain("[0, 1)")] double Decay = 0.9,
    [Domain("[0, inf)")] double Radius = 0.5, [Domain("(0, inf)")] double Epsilon = 1e-12)
{
    [Reduce(Reduction.Sum, Scope = Scope.Global)]
    static double Squares(double parameter, double gradient) => (parameter * gradient) * (parameter * gradient);

    [Derived]
    double Reach(double squares) => Radius / (Math.Sqrt(squares) + Epsilon);

    [Derived]
    static double Worst(double parameter, double gradient, double reach) => parameter + reach * (parameter * parameter * gradient);

    [State]
    double Velocity([GradientAt(nameof(Worst))] double worstGradient, double previousVelocity) => Decay * previousVelocity + worstGradient;

    [Update]
    double Update(double parameter, double velocity) => parameter - LearningRate * velocity;
}
