namespace OptDsl.Rules;

/// <summary>RMSProp with epsilon under the root, p &lt;- p - rate g / sqrt(s + epsilon) (McAllester's slides, the sigma form).</summary>
[Optimizer]
public sealed partial record RmsPropRootEpsilon(
    [Domain("[0, inf)")] double LearningRate = 1e-3, [Domain("[1, inf)")] double Window = 100,
    [Domain("[0, inf)")] double Epsilon = 1e-8)
{
    double Decay => 1 - 1 / Window;

    [RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.None)]
    static double MeanSquare(double gradient) => gradient * gradient;

    [Update]
    double Update(double parameter, double gradient, double meanSquare)
        => parameter - LearningRate * gradient / Math.Sqrt(meanSquare + Epsilon);
}
