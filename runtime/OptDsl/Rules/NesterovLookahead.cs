namespace OptDsl.Rules;

/// <summary>
/// Nesterov's momentum (1983) as Sutskever et al. (2013) write it, the gradient taken where the velocity leads: the parameters are
/// that point, and the model stands a decayed velocity before it.
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
