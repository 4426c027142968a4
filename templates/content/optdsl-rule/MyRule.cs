using OptDsl;

namespace MyNamespace;

/// <summary>Heavy-ball momentum.</summary>
[Optimizer]
public sealed partial record MyRule(double LearningRate = 1e-2, double Decay = 0.9)
{
    /// <summary>The sum of all gradients, in which a gradient's weight falls by Decay per step.</summary>
    [State]
    double Velocity(double gradient, double previousVelocity) => Decay * previousVelocity + gradient;

    /// <summary>The parameter after the step.</summary>
    [Update]
    double Update(double parameter, double velocity) => parameter - LearningRate * velocity;
}
