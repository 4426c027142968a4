namespace OptDsl.Rules;

/// <summary>
/// Adam with an L2 penalty in the gradient (coupled weight decay): PyTorch's Adam with weight_decay. The penalty is divided by the root
/// like the gradient. Without other gradients it moves every parameter by about the learning rate, whatever the parameter's size.
/// <see cref="AdamW"/> avoids this.
/// </summary>
[Optimizer]
public sealed partial record AdamL2(
    [Domain("[0, inf)")] double LearningRate = 1e-3, double Beta1 = 0.9, double Beta2 = 0.999,
    [Domain("[0, inf)")] double Epsilon = 1e-8, [Domain("[0, inf)")] double WeightDecay = 1e-4)
{
    [Derived]
    double Penalized(double parameter, double gradient) => gradient + WeightDecay * parameter;

    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.Published, SavedAs = "exp_avg")]
    static double Mean(double penalized) => penalized;

    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.Published, SavedAs = "exp_avg_sq")]
    static double MeanSquare(double penalized) => penalized * penalized;

    [Update]
    double Update(double parameter, double mean, double meanSquare)
        => parameter - LearningRate * mean / (Math.Sqrt(meanSquare) + Epsilon);
}
