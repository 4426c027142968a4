namespace OptDsl.Rules;

/// <summary>
/// The effect of gradient descent on a deep linear network on the product of its layers (Arora, Cohen and Hazan 2018, theorem 1 for a
/// vector). The learning rate grows with the norm, and the step has an additional component along the parameters.
/// </summary>
[Optimizer]
public sealed partial record ImplicitAcceleration([Domain("[0, inf)")] double LearningRate = 1e-2, [Domain("[1, inf)")] int Depth = 2)
{
    [Reduce(Reduction.Sum, Scope = Scope.Tensor)]
    static double Squares(double parameter) => parameter * parameter;

    [Reduce(Reduction.Sum, Scope = Scope.Tensor)]
    static double Inner(double parameter, double gradient) => parameter * gradient;

    [Derived]
    double Scale(double squares) => RuleMath.Pow(squares, 1 - 1.0 / Depth);

    [Derived]
    double Pull(double squares, double inner) => squares > 0 ? (Depth - 1) * (inner / squares) : 0;

    [Update]
    double Update(double parameter, double gradient, double scale, double pull)
        => parameter - LearningRate * (scale * (gradient + pull * parameter));
}
