namespace OptDsl.Rules;

/// <summary>
/// FTRL-proximal (McMahan et al. 2013, algorithm 1). Every step computes the parameter anew from two sums. It is zero where |z|, the size
/// of the linear sum, is at most L1.
/// </summary>
[Optimizer]
public sealed partial record Ftrl(
    [Domain("[0, inf)")] double LearningRate = 0.1, [Domain("[0, inf)")] double L1 = 0, [Domain("[0, inf)")] double L2 = 0,
    [Domain("[0, inf)")] double Beta = 1, [Domain("[0, inf)")] double InitialSum = 0)
{
    // A step with learning rate 0 leaves sums and parameter unchanged, because the formulas divide by the rate.
    bool Learns => LearningRate > 0;

    double Rate => Learns ? LearningRate : 1;

    [Derived]
    double Seen(double gradient) => Learns ? gradient : 0;

    [State(Initial = nameof(InitialSum))]
    static double SquareSum(double seen, double previousSquareSum) => previousSquareSum + seen * seen;

    [State]
    double Linear(double seen, double parameter, double squareSum, double previousSquareSum, double previousLinear)
        => previousLinear + seen - (Math.Sqrt(squareSum) - Math.Sqrt(previousSquareSum)) / Rate * parameter;

    [Update]
    double Update(double parameter, double linear, double squareSum)
        => !Learns ? parameter
            : Math.Abs(linear) <= L1 ? 0
            : (RuleMath.Sign(linear) * L1 - linear) / ((Beta + Math.Sqrt(squareSum)) / Rate + L2);
}
