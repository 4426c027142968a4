#pragma warning disable OPT3005, OPT3007 // The caller gives means of squares.
namespace OptDsl.Rules;

/// <summary>
/// RMSProp of single examples (McAllester's slides, batch-size scaling). The caller passes the mean, over the batch, of the squares of the
/// examples' gradients. The average of these squares does not shrink as the batch grows.
/// </summary>
[Optimizer]
public sealed partial record BatchAwareRmsProp(
    [Domain("[0, inf)")] double LearningRate = 1e-3, int Window = 1000, [Domain("[0, inf)")] double Epsilon = 1e-8)
{
    [RunningAverage(Window = nameof(Window))]
    static double MeanSquare([PerParameter] double exampleSquare) => exampleSquare;

    [Update]
    double Update(double parameter, double gradient, double meanSquare)
    => parameter - LearningRate * gradient / Math.Sqrt(meanSquare + Epsilon);
}
