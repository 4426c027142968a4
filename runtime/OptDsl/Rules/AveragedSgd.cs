namespace OptDsl.Rules;

/// <summary>
/// Averaged SGD (Polyak and Juditsky 1992) with the learning rates of Bottou and Xu's ASGD, as in PyTorch. The model is the mean of the
/// iterates since step Begin.
/// </summary>
[Optimizer]
public sealed partial record AveragedSgd(
    [Domain("[0, inf)")] double LearningRate = 1e-2, [Domain("[0, inf)")] double Lambda = 1e-4,
    [Domain("[0, inf)")] double Alpha = 0.75, [Domain("[0, inf]")] double Begin = 1e6)
{
    [Derived]
    double Rate(int step) => LearningRate / RuleMath.Pow(1 + Lambda * LearningRate * (step - 1), Alpha);

    [Derived]
    double Newest(int step) => 1 / Math.Max(1, step - 1 - Begin);

    [Update]
    double Update(double parameter, double gradient, double rate) => parameter * (1 - Lambda * rate) - rate * gradient;

    [RunningAverage(Weight = nameof(Newest), SavedAs = "ax")]
    static double Average(double update) => update;

    [ReadAt]
    static double Read(double average) => average;
}
