namespace OptDsl.Rules;

/// <summary>
/// Momentum as a running average, mu &lt;- (1 - 1/N) mu + g/N and p &lt;- p - N rate mu (McAllester's slides, the mu-form). At a constant
/// learning rate it has the trajectory of <see cref="VelocityMomentum"/>.
/// </summary>
[Optimizer]
public sealed partial record MeanMomentum([Domain("[0, inf)")] double LearningRate = 1e-2, [Domain("[1, inf)")] double Window = 10)
{
    double Decay => 1 - 1 / Window;

    [RunningAverage(Decay = nameof(Decay), Correction = BiasCorrection.None)]
    static double Mean(double gradient) => gradient;

    [Update]
    double Update(double parameter, double mean) => parameter - Window * LearningRate * mean;
}
