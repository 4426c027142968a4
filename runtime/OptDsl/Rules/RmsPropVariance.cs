namespace OptDsl.Rules;

/// <summary>
/// RMSProp that divides by the mean square itself, p &lt;- p - rate g / (s + epsilon) (McAllester's slides, the sigma^2 form). The learning
/// rate keeps its value when the parameters are rescaled.
/// </summary>
[Optimizer]
public sealed partial record RmsPropVariance(
    [Domain("[0, inf)")] double LearningRate = 1e-3, [Domain("[1, inf)")] double Window = 100,
    [Domain("[0, inf)")] double Epsilon = 1e-8)
{
    double Decay => 1 - 1 / Window;

    [RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.None)]
    static double MeanSquare(double gradient) => gradient * gradient;

    [Update]
    double Update(double parameter, double gradient, double meanSquare)
        => parameter - LearningRate * gradient / (meanSquare + Epsilon);
}
