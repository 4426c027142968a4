namespace OptDsl.Rules;

/// <summary>
/// Momentum with the learning rate inside the velocity, v &lt;- (1 - 1/N) v + rate g and p &lt;- p - v (McAllester's slides, the v-form).
/// It differs from <see cref="Momentum"/> when the learning rate changes.
/// </summary>
[Optimizer]
public sealed partial record VelocityMomentum([Domain("[0, inf)")] double LearningRate = 1e-2, [Domain("[1, inf)")] double Window = 10)
{
    [State]
    double Velocity(double gradient, double previousVelocity) => (1 - 1 / Window) * previousVelocity + LearningRate * gradient;

    [Update]
    static double Update(double parameter, double velocity) => parameter - velocity;
}
