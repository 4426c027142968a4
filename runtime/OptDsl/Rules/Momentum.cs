namespace OptDsl.Rules;

/// <summary>Heavy-ball momentum (Polyak 1964) as in PyTorch: the learning rate multiplies the velocity and is not part of it.</summary>
[Optimizer]
public sealed partial record Momentum([Domain("[0, inf)")] double LearningRate = 1e-2, [Domain("[0, 1)")] double Decay = 0.9)
{
    [State(SavedAs = "momentum_buffer")]
    double Velocity(double gradient, double previousVelocity) => Decay * previousVelocity + gradient;

    [Update]
    double Update(double parameter, double velocity) => parameter - LearningRate * velocity;
}
