namespace OptDsl.Rules;

/// <summary>
/// Implicit gradient transport (Arnold et al. 2019). Gradients are taken ahead of the model, by the step number times its last change. If
/// all Hessians are equal, their plain mean is the mean of all gradients at the model.
/// </summary>
[Optimizer]
public sealed partial record ImplicitGradientTransport([Domain("[0, inf)")] double LearningRate = 1e-2)
{
    [Derived]
    static double Start(double parameter) => parameter;

    [RunningAverage(Weight = nameof(Newest))]
    static double Mean(double gradient) => gradient;

    [Derived]
    static double Newest(int step) => 1.0 / step;

    [State(Initial = nameof(Start))]
    double Point(double mean, double previousPoint) => previousPoint - LearningRate * mean;

    [Update]
    static double Update(double point, double previousPoint, int step) => point + step * (point - previousPoint);

    [ReadAt]
    static double Read(double point) => point;
}
