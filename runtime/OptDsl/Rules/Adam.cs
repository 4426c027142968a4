namespace OptDsl.Rules;

/// <summary>Adam (Kingma and Ba 2015) with the published bias correction, and with epsilon outside the root, as in PyTorch.</summary>
[Optimizer]
public sealed partial record Adam(
    [Domain("[0, inf)")] double LearningRate = 1e-3, double Beta1 = 0.9, double Beta2 = 0.999,
    [Domain("[0, inf)")] double Epsilon = 1e-8)
{
    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.Published, SavedAs = "exp_avg")]
    static double Mean(double gradient) => gradient;

    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.Published, SavedAs = "exp_avg_sq")]
    static double MeanSquare(double gradient) => gradient * gradient;

    [Update]
    double Update(double parameter, double mean, double meanSquare)
        => parameter - LearningRate * mean / (Math.Sqrt(meanSquare) + Epsilon);
}
