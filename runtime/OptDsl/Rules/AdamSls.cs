namespace OptDsl.Rules;

/// <summary>
/// Adam for a line search (ADAMSLS, Kenneweg et al. 2023). The search follows the preconditioned gradient without momentum; the step uses
/// momentum. Without a search it is <see cref="Adam"/>.
/// </summary>
[Optimizer]
public sealed partial record AdamSls(
    [Domain("[0, inf)")] double LearningRate = 1e-3, double Beta1 = 0.9, double Beta2 = 0.999,
    [Domain("[0, inf)")] double Epsilon = 1e-8)
{
    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.Published)]
    static double Mean(double gradient) => gradient;

    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.Published)]
    static double MeanSquare(double gradient) => gradient * gradient;

    [SearchDirection]
    double Direction(double gradient, double meanSquare) => gradient / (Math.Sqrt(meanSquare) + Epsilon);

    [Update]
    double Update(double parameter, double mean, double meanSquare) => parameter - LearningRate * mean / (Math.Sqrt(meanSquare) + Epsilon);
}
