namespace OptDsl.Rules;

/// <summary>
/// McAllester's complete algorithm: each parameter averages over the batch that is best for it, 16 variance / mean^2 examples, and has
/// the rate mean^2 / variance. Bounded below, at Smallest examples, lest an average of one example show no variance ever after: with
/// Smallest no more than Batch, parameters fall into that state and stay, their rate at Largest, and <c>Observed("Variance")</c> counts
/// them as zero.
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
