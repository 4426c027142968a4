namespace OptDsl.Rules;

/// <summary>
/// Nesterov's momentum (1983) in the form of Sutskever et al. (2013). The parameters are the point ahead, where the velocity leads and the
/// gradient is taken. The model lies one decayed velocity behind that point.
/// </summary>
[Optimizer]
public sealed partial record NesterovLookahead([Domain("[0, inf)")] double LearningRate = 1e-2, [Domain("[0, 1)")] double Decay = 0.9)
{
    [State]
    double Velocity(double gradient, double previousVelocity) => Decay * previousVelocity - LearningRate * gradient;

    [Update]
    double Update(double parameter, double velocity, double previousVelocity)
        => parameter - Decay * previousVelocity + velocity + Decay * velocity;

    [ReadAt]
    double Read(double update, double velocity) => update - Decay * velocity;
}
