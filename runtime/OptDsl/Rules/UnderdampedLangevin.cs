namespace OptDsl.Rules;

/// <summary>
/// Underdamped Langevin dynamics of unit mass by the splitting BAOAB (Leimkuhler and Matthews 2013): a kick, half a drift, friction and
/// noise, half a drift; the second half of a kick and the first half of the next are one. Of a quadratic loss of curvature k its places
/// have the variance <c>Temperature</c> / k exactly, for <c>StepSize</c>^2 k below 4. The velocity, kept from step to step, is that half a
/// kick before the place's.
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
