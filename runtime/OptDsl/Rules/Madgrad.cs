#pragma warning disable OPT3008 // As in the authors' code, one epsilon is added to the rate and to the root.
namespace OptDsl.Rules;

/// <summary>
/// MADGRAD (Defazio and Jelassi 2022): dual averaging with the cube root of the weighted sum of squared gradients, and momentum on the
/// iterates.
/// </summary>
[Optimizer]
public sealed partial record Madgrad(
    [Domain("[0, inf)")] double LearningRate = 1e-2, [Domain("[0, 1)")] double Momentum = 0.9,
    [Domain("[0, inf)")] double Epsilon = 1e-6)
{
    [Derived]
    static double Start(double parameter) => parameter;

    [State(Initial = nameof(Start))]
    static double Origin(double previousOrigin) => previousOrigin;

    // As in the authors' code, epsilon is not added to a learning rate of 0, so a frozen group does not move.
    [Derived]
    double Weight(int step) => LearningRate > 0 ? (LearningRate + Epsilon) * Math.Sqrt(step) : 0;

    double Kept => LearningRate > 0 ? Momentum : 1;

    double Drawn => LearningRate > 0 ? 1 - Momentum : 0;

    [State]
    static double SquareSum(double gradient, double weight, double previousSquareSum) => previousSquareSum + weight * (gradient * gradient);

    [State]
    static double GradientSum(double gradient, double weight, double previousGradientSum) => previousGradientSum + weight * gradient;

    [Update]
    double Update(double parameter, double origin, double squareSum, double gradientSum)
        => Kept * parameter + Drawn * (origin - gradientSum / (RuleMath.Cbrt(squareSum) + Epsilon));
}
