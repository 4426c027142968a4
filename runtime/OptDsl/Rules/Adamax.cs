namespace OptDsl.Rules;

/// <summary>
/// Adamax (Kingma and Ba 2015, section 7.1): Adam whose scale is a decayed maximum of the gradients' sizes. As in PyTorch, epsilon is
/// inside the maximum.
/// </summary>
[Optimizer]
public sealed partial record Adamax(
    [Domain("[0, inf)")] double LearningRate = 2e-3, double Beta1 = 0.9, [Domain("[0, 1)")] double Beta2 = 0.999,
    [Domain("[0, inf)")] double Epsilon = 1e-8)
{
    [RunningAverage(Decay = nameof(Beta1), Correction = BiasCorrection.Published, SavedAs = "exp_avg")]
    static double Mean(double gradient) => gradient;

    [State(SavedAs = "exp_inf")]
    double Largest(double gradient, double previousLargest) => Math.Max(Beta2 * previousLargest, Math.Abs(gradient) + Epsilon);

    [Update]
    double Update(double parameter, double mean, double largest) => parameter - LearningRate * mean / largest;
}
