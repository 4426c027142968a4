namespace OptDsl.Rules;

/// <summary>
/// AdaGrad (Duchi, Hazan and Singer 2011) as in PyTorch: epsilon outside the root, a decay of the learning rate, and an initial sum.
/// </summary>
[Optimizer]
public sealed partial record AdaGrad(
    [Domain("[0, inf)")] double LearningRate = 1e-2, [Domain("[0, inf)")] double Epsilon = 1e-10,
    [Domain("[0, inf)")] double RateDecay = 0, [Domain("[0, inf)")] double InitialSum = 0)
{
    [State(Initial = nameof(InitialSum), SavedAs = "sum")]
    static double SquareSum(double gradient, double previousSquareSum) => previousSquareSum + gradient * gradient;

    [Derived]
    double Rate(int step) => LearningRate / (1 + (step - 1) * RateDecay);

    [Update]
    double Update(double parameter, double gradient, double squareSum, double rate)
        => parameter - rate * gradient / (Math.Sqrt(squareSum) + Epsilon);
}
