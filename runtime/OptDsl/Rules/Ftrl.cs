namespace OptDsl.Rules;

/// <summary>FTRL-proximal (McMahan et al. 2013, algorithm 1): the parameter is made anew of the sums, and is zero where |z| is at most L1.</summary>
[Optimizer]
public sealed partial record Ftrl(
    double LearningRate = 0.1, double L1 = 0, double L2 = 0, double Beta = 1, double InitialSum = 0)
{
    [State(Initial = nameof(InitialSum))]
    static double SquareSum(double gradient, double previousSquareSum) => previousSquareSum + gradient * gradient;

    [State]
    double Linear(double gradient, double parameter, double squareSum, double previousSquareSum, double previousLinear)
        => previousLinear + gradient - (Math.Sqrt(squareSum) - Math.Sqrt(previousSquareSum)) / LearningRate * parameter;

    [Update]
    double Update(double linear, double squareSum)
        => Math.Abs(linear) <= L1 ? 0 : (RuleMath.Sign(linear) * L1 - linear) / ((Beta + Math.Sqrt(squareSum)) / LearningRate + L2);
}
