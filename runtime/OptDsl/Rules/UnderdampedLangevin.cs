namespace OptDsl.Rules;

/// <summary>
/// Underdamped Langevin dynamics of unit mass with the splitting BAOAB (Leimkuhler and Matthews 2013). A step is a kick, half a drift,
/// friction and noise, and half a drift. The second half of a kick and the first half of the next kick are one. For a quadratic loss of
/// curvature k, the variance of the parameters is exactly <c>Temperature</c> / k, if <c>StepSize</c>^2 k is below 4. The velocity that is
/// kept from step to step lags the parameters by half a kick.
/// </summary>
[Optimizer]
public sealed partial record UnderdampedLangevin(
    [Domain("[0, inf)")] double StepSize = 1e-1, [Domain("[0, inf)")] double Friction = 1,
    [Domain("[0, inf)")] double Temperature = 1)
{
    [Derived]
    double Remaining() => RuleMath.Exp(-Friction * StepSize);

    [Derived]
    double Kicked(double gradient, double previousVelocity) => previousVelocity - StepSize * gradient;

    [State]
    double Velocity(double kicked, double remaining, [Gaussian] double noise)
        => remaining * kicked + Math.Sqrt(Math.Max(1 - remaining * remaining, 0) * Temperature) * noise;

    [Update]
    double Update(double parameter, double kicked, double velocity) => parameter + StepSize / 2 * (kicked + velocity);
}
