namespace OptDsl.Rules;

/// <summary>
/// AMSGrad (Reddi, Kale and Kumar 2018): Adam that divides by the root of the largest mean square so far. As in PyTorch, that is the
/// largest of the uncorrected averages, corrected afterwards.
/// </summary>
[Optimizer]
public sealed partial record AmsGrad(
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

    [State(SavedAs = "max_exp_avg_sq")]
    static double Largest(double meanSquare, double previousLargest) => Math.Max(previousLargest, meanSquare);

    [Update]
    double Update(double parameter, double mean, double largest, double seen)
        => parameter - LearningRate * mean / (Math.Sqrt(largest) / Math.Sqrt(seen) + Epsilon);
}
