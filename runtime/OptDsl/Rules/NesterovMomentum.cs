namespace OptDsl.Rules;

/// <summary>Nesterov's momentum as in PyTorch: the step looks one decay ahead of the velocity (Sutskever et al. 2013).</summary>
[Optimizer]
public sealed partial record NesterovMomentum([Domain("[0, inf)")] double LearningRate = 1e-2, [Domain("[0, 1)")] double Decay = 0.9)
{
    [State(SavedAs = "momentum_buffer")]
    double Velocity(double gradient, double previousVelocity) => Decay * previousVelocity + gradient;

    [Update]
    double Update(double parameter, double gradient, double velocity) => parameter - LearningRate * (gradient + Decay * velocity);
}
