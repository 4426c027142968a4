namespace OptDsl.Rules;

/// <summary>
/// Schedule-free SGD (Defazio et al. 2024). The model is the average of the fast iterates, and gradients are taken between the fast iterate
/// and this average. A step's weight is the square of the largest learning rate so far.
/// </summary>
[Optimizer]
public sealed partial record ScheduleFreeSgd(
    [Domain("[0, inf)")] double LearningRate = 1, [Domain("[0, 1]")] double Beta = 0.9,
    [Domain("[0, inf)")] double WeightDecay = 0, [Domain("[0, inf)")] int WarmUp = 0)
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

    [State(Initial = nameof(Start))]
    double Fast(double parameter, double gradient, double rate, double previousFast)
    => previousFast - rate * (gradient + WeightDecay * parameter);

    [RunningAverage(Weight = nameof(Share), Initial = nameof(Start))]
    static double Average(double fast) => fast;

    [Update]
    double Update(double average, double fast) => Beta * average + (1 - Beta) * fast;

    [ReadAt]
    static double Read(double average) => average;
}
