namespace OptDsl.Rules;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019). As in PyTorch, the decay comes before the step.</summary>
[Optimizer]
public sealed partial record AdamW(
    [Domain("[0, inf)")] double LearningRate = 1e-3, double Beta1 = 0.9, double Beta2 = 0.999,
    [Domain("[0, inf)")] double Epsilon = 1e-8, [Domain("[0, inf)")] double WeightDecay = 1e-2)
{
    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.Published, SavedAs = "exp_avg")]
    static double Mean(double gradient) => gradient;

    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.Published, SavedAs = "exp_avg_sq")]
    static double MeanSquare(double gradient) => gradient * gradient;

    [Update]
    double Update(double parameter, double mean, double meanSquare)
        => parameter * (1 - LearningRate * WeightDecay) - LearningRate * mean / (Math.Sqrt(meanSquare) + Epsilon);
}
