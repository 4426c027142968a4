namespace OptDsl.Rules;

/// <summary>
/// NAdam (Dozat 2016) with the momentum schedule of section 3, and with the product of that schedule as in PyTorch 2.x. PyTorch 1.13
/// multiplied one factor in twice.
/// </summary>
[Optimizer]
public sealed partial record NAdam(
    [Domain("[0, inf)")] double LearningRate = 2e-3, double Beta1 = 0.9, double Beta2 = 0.999,
    [Domain("[0, inf)")] double Epsilon = 1e-8, [Domain("[0, inf)")] double MomentumDecay = 4e-3)
{
    double MomentumAt(int step) => Beta1 * (1 - 0.5 * RuleMath.Pow(0.96, step * MomentumDecay));

    [Derived]
    double Momentum(int step) => MomentumAt(step);

    [Derived]
    double NextMomentum(int step) => MomentumAt(step + 1);

    [State(Initial = 1.0)]
    static double Product(double momentum, double previousProduct) => previousProduct * momentum;

    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.None, SavedAs = "exp_avg")]
    static double Mean(double gradient) => gradient;

    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.Published, SavedAs = "exp_avg_sq")]
    static double MeanSquare(double gradient) => gradient * gradient;

    [Update]
    double Update(double parameter, double gradient, double mean, double meanSquare, double product, double momentum, double nextMomentum)
        => parameter
        - (LearningRate * (1 - momentum) / (1 - product) * gradient + LearningRate * nextMomentum / (1 - product * nextMomentum) * mean)
            / (Math.Sqrt(meanSquare) + Epsilon);
}
