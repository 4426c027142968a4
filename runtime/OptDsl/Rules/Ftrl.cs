namespace OptDsl.Rules;

/// <summary>FTRL-proximal (McMahan et al. 2013, algorithm 1): the parameter is made anew of the sums, and is zero where |z| is at most L1.</summary>
[Optimizer]
public sealed partial record Ftrl(
    [Domain("[0, inf)")] double LearningRate = 0.1, [Domain("[0, inf)")] double L1 = 0, [Domain("[0, inf)")] double L2 = 0,
    [Domain("[0, inf)")] double Beta = 1, [Domain("[0, inf)")] double InitialSum = 0)
{
    // A step at rate 0 leaves everything as it is: the formulas below divide by the rate.
    bool Learns => LearningRate > 0;

    [State(Initial = nameof(InitialSum))]
    double SquareSum(double gradient, double previousSquareSum) => Learns ? previousSquareSum + gradient * gradient : previousSquareSum;

    [State]
    double Linear(double gradient, double parameter, double squareSum, double previousSquareSum, double previousLinear)
        => Learns ? previousLinear + gradient - (Math.Sqrt(squareSum) - Math.Sqrt(previousSquareSum)) / LearningRate * parameter : previousLinear;

    [Update]
    double Update(double parameter, double linear, double squareSum)
        => !Learns ? parameter
            : Math.Abs(linear) <= L1 ? 0
            : (RuleMath.Sign(linear) * L1 - linear) / ((Beta + Math.Sqrt(squareSum)) / LearningRate + L2);
}
