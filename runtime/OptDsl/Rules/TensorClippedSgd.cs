namespace OptDsl.Rules;

/// <summary>
/// Gradient descent with gradient clipping per tensor, by the norm of the tensor's gradient (Pascanu, Mikolov and Bengio 2013), with
/// PyTorch's epsilon.
/// </summary>
[Optimizer]
public sealed partial record TensorClippedSgd(
    [Domain("[0, inf)")] double LearningRate = 1e-2, [Domain("(0, inf]")] double Largest = 1,
    [Domain("[0, inf)")] double Epsilon = 1e-6)
{
    [Reduce(Reduction.Sum, Scope = Scope.Tensor)]
    static double Squares(double gradient) => gradient * gradient;

    [Derived]
    double Scale(double squares) => Math.Min(1, Largest / (Math.Sqrt(squares) + Epsilon));

    [Update]
    double Update(double parameter, double gradient, double scale) => parameter - LearningRate * (scale * gradient);
}
