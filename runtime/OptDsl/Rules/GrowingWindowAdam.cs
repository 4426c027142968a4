namespace OptDsl.Rules;

/// <summary>
/// Adam with epsilon under the root, and with averages over a window that grows to its size, so that they need no bias correction
/// (McAllester's slides, simplified Adam).
/// </summary>
[Optimizer]
public sealed partial record GrowingWindowAdam(
    [Domain("[0, inf)")] double LearningRate = 1e-3, int MeanWindow = 10, int SquareWindow = 1000,
    [Domain("[0, inf)")] double Epsilon = 1e-8)
{
    [RunningAverage(Window = nameof(MeanWindow))]
    static double Mean(double gradient) => gradient;

    [RunningAverage(Window = nameof(SquareWindow))]
    static double MeanSquare(double gradient) => gradient * gradient;

    [Update]
    double Update(double parameter, double mean, double meanSquare)
        => parameter - LearningRate * mean / Math.Sqrt(meanSquare + Epsilon);
}
