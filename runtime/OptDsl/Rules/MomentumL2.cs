namespace OptDsl.Rules;

/// <summary>
/// Heavy-ball momentum with an L2 penalty in the gradient (coupled weight decay): PyTorch's SGD with weight_decay. With Decay 0 it equals
/// decoupled weight decay. With momentum, the penalty is averaged like the gradient.
/// </summary>
[Optimizer]
public sealed partial record MomentumL2(
    [Domain("[0, inf)")] double LearningRate = 1e-2, [Domain("[0, 1)")] double Decay = 0.9,
    [Domain("[0, inf)")] double WeightDecay = 1e-4)
{
    [State(SavedAs = "momentum_buffer")]
    double Velocity(double parameter, double gradient, double previousVelocity)
        => Decay * previousVelocity + (gradient + WeightDecay * parameter);

    [Update]
    double Update(double parameter, double velocity) => parameter - LearningRate * velocity;
}
