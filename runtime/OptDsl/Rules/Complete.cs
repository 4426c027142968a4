namespace OptDsl.Rules;

/// <summary>
/// McAllester's complete algorithm. Each parameter averages over its own best batch size, 16 variance / mean^2 examples, and has the
/// learning rate mean^2 / variance. The batch size is at least Smallest examples, because an average of one example would show no variance
/// ever after. With Smallest at most Batch, parameters can enter that state and stay in it, with Largest as their rate.
/// <c>Observed("Variance")</c> counts them as zero.
/// </summary>
[Optimizer]
public sealed partial record Complete(
    [Domain("[0, inf)")] int WarmUp = 100, [Domain("(0, inf)")] double Batch = 1, [Domain("[0, inf)")] double Smallest = 10,
    [Domain("[0, inf)")] double BatchFactor = 16, [Domain("[0, inf)")] double RateFactor = 1 / 32.0,
    [Domain("(0, inf)")] double Epsilon = 1e-8, [Domain("(0, inf)")] double Tiny = 1e-30, [Domain("[0, inf]")] double Largest = 1)
{
    [Derived]
    double Weight(double previousBestBatch, int step) => step <= WarmUp ? 1.0 / step : Math.Min(1, Batch / previousBestBatch);

    [RunningAverage(Weight = nameof(Weight))]
    static double Mean(double gradient) => gradient;

    [RunningAverage(Weight = nameof(Weight))]
    static double MeanSquare(double gradient) => gradient * gradient;

    [Derived]
    [Observe]
    static double Variance(double mean, double meanSquare) => Math.Max(meanSquare - mean * mean, 0);

    [Derived]
    double BestBatch(double mean, double variance) => Math.Max(BatchFactor * variance / (mean * mean + Epsilon), Smallest);

    [Rate]
    [Observe]
    double Rate(double mean, double variance, int step) => step <= WarmUp ? 0
    : Math.Min(RateFactor * (mean * mean) / Math.Max(variance, Tiny), Largest);

    [Update]
    static double Update(double parameter, double gradient, double rate) => parameter - rate * gradient;
}
