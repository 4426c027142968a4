namespace OptDsl.Rules;

/// <summary>
/// RMSProp with one scale per parameter group: the root of the averaged squared norm of the group's gradient (Arora, Cohen, Hu and Luo
/// 2019; Razin and Cohen 2020).
/// </summary>
[Optimizer]
public sealed partial record GroupRmsProp(
    [Domain("[0, inf)")] double LearningRate = 1e-3, double Decay = 0.99, [Domain("[0, inf)")] double Epsilon = 1e-6)
{
    [Reduce(Reduction.Sum, Scope = Scope.Group)]
    static double SquareSum(double gradient) => gradient * gradient;

    [RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.Published)]
    static double MeanSquare(double squareSum) => squareSum;

    [Rate]
    double Rate(double meanSquare) => LearningRate / (Math.Sqrt(meanSquare) + Epsilon);

    [Update]
    static double Update(double parameter, double gradient, double rate) => parameter - rate * gradient;
}
