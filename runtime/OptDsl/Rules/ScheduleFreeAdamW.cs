namespace OptDsl.Rules;

/// <summary>Schedule-free AdamW (Defazio et al. 2024): <see cref="ScheduleFreeSgd"/> with Adam's scale for the fast iterate.</summary>
[Optimizer]
public sealed partial record ScheduleFreeAdamW(
    [Domain("[0, inf)")] double LearningRate = 2.5e-3, [Domain("[0, 1]")] double Beta1 = 0.9, double Beta2 = 0.999,
    [Domain("[0, inf)")] double Epsilon = 1e-8, [Domain("[0, inf)")] double WeightDecay = 0, [Domain("[0, inf)")] int WarmUp = 0)
{
    [Derived]
    static double Start(double parameter) => parameter;

    [Derived]
    double Rate(int step) => WarmUp == 0 ? LearningRate : LearningRate * Math.Min(1.0, (double)step / WarmUp);

    [State]
    static double LargestRate(double rate, double previousLargestRate) => Math.Max(previousLargestRate, rate);

    [State]
    static double Total(double largestRate, double previousTotal) => previousTotal + largestRate * largestRate;

    // While the learning rate has been 0, as at the start of a warm-up, the total weight is 0.
    [Derived]
    static double Share(double largestRate, double total) => total > 0 ? largestRate * largestRate / total : 0;

    [RunningAverage(Decay = nameof(Beta2), Correction = BiasCorrection.Published)]
    static double MeanSquare(double gradient) => gradient * gradient;

    [State(Initial = nameof(Start))]
    double Fast(double parameter, double gradient, double meanSquare, double rate, double previousFast)
        => previousFast - rate * (gradient / (Math.Sqrt(meanSquare) + Epsilon) + WeightDecay * parameter);

    [RunningAverage(Weight = nameof(Share), Initial = nameof(Start))]
    static double Average(double fast) => fast;

    [Update]
    double Update(double average, double fast) => Beta1 * average + (1 - Beta1) * fast;

    [ReadAt]
    static double Read(double average) => average;
}
