#pragma warning disable OPT3008 // Before the scale is trusted the paper steps by the mean itself, at the same rate.
namespace OptDsl.Rules;

/// <summary>
/// RAdam (Liu et al. 2020): momentum until the variance of the scale is tractable, Adam after that. As in PyTorch, epsilon is added to the
/// uncorrected root.
/// </summary>
[Optimizer]
public sealed partial record RAdam(
    [Domain("[0, inf)")] double LearningRate = 1e-3, double Beta1 = 0.9, double Beta2 = 0.999,
    [Domain("[0, inf)")] double Epsilon = 1e-8)
{
    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.Published, SavedAs = "exp_avg")]
    static double Mean(double gradient) => gradient;

    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.None, SavedAs = "exp_avg_sq")]
    static double MeanSquare(double gradient) => gradient * gradient;

    // 1 - Beta2^step, computed as the average of ones, so that no digits cancel.
    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.None)]
    static double Seen() => 1;

    double Limit => 2 / (1 - Beta2) - 1;

    [Derived]
    double Length(double seen, int step) => Limit - 2.0 * step * (1 - seen) / seen;

    [Derived]
    double Rectifier(double length) => Math.Sqrt(Math.Max((length - 4) * (length - 2) * Limit / ((Limit - 4) * (Limit - 2) * length), 0));

    [Update]
    double Update(double parameter, double mean, double meanSquare, double seen, double length, double rectifier)
        => length > 5
            ? parameter - LearningRate * rectifier * Math.Sqrt(seen) * mean / (Math.Sqrt(meanSquare) + Epsilon)
            : parameter - LearningRate * mean;
}
