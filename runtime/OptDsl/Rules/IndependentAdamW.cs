namespace OptDsl.Rules;

/// <summary>
/// Adam with weight decay that does not depend on the learning rate, p &lt;- (1 - decay) p - rate m / (sqrt v + e) (Loshchilov and Hutter
/// 2019, whose schedule multiplies both). Changing the learning rate does not change the decay. <see cref="AdamW"/> multiplies the decay by
/// the learning rate.
/// </summary>
[Optimizer]
public sealed partial record IndependentAdamW(
    [Domain("[0, inf)")] double LearningRate = 1e-3, double Beta1 = 0.9, double Beta2 = 0.999,
    [Domain("[0, inf)")] double Epsilon = 1e-8, [Domain("[0, 1]")] double WeightDecay = 1e-5)
{
    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.Published, SavedAs = "exp_avg")]
    static double Mean(double gradient) => gradient;

    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.Published, SavedAs = "exp_avg_sq")]
    static double MeanSquare(double gradient) => gradient * gradient;

    [Update]
    double Update(double parameter, double mean, double meanSquare)
        => parameter * (1 - WeightDecay) - LearningRate * mean / (Math.Sqrt(meanSquare) + Epsilon);
}
