namespace OptDsl.Rules;

/// <summary>
/// Accelerated SGD under interpolation (Nesterov 2004, constant step scheme III; Vaswani, Bach and Schmidt 2019). The parameters are the
/// extrapolated point, where gradients are taken. The model is the point before the extrapolation.
/// </summary>
[Optimizer]
public sealed partial record AcceleratedSgd([Domain("[0, inf)")] double LearningRate = 1e-2, [Domain("[0, inf)")] double Convexity = 1e-2)
{
    [Derived]
    static double Start(double parameter) => parameter;

    [Derived]
    double Momentum()
    {
        double root = Math.Sqrt(LearningRate * Convexity);
        return (1 - root) / (1 + root);
    }

    [State(Initial = nameof(Start))]
    double Point(double parameter, double gradient) => parameter - LearningRate * gradient;

    [Update]
    static double Update(double point, double previousPoint, double momentum) => point + momentum * (point - previousPoint);

    [ReadAt]
    static double Read(double point) => point;
}
