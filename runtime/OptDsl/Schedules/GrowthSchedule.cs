namespace OptDsl.Schedules;

/// <summary>
/// The "exponential learning rate" of Li and Arora (2020). It rises so that momentum without weight decay follows the same directions as
/// momentum with weight decay. It holds where the loss does not depend on the scale of the parameters.
/// </summary>
/// <remarks>
/// Let a be the larger root of x^2 - (1 + Momentum - WeightDecay Rate) x + Momentum. The rate at step t = 1, 2, ... is Rate a^(-2 t + 1).
/// The parameters are then a^-t times the parameters of the run with weight decay, if the first step's velocity is
/// <see cref="InitialVelocity"/> times the parameters. The velocity must not contain the rate: v &lt;- Momentum v + g and p &lt;- p - rate
/// v (<see cref="Rules.Momentum"/>).
/// </remarks>
/// <param name="Rate">The constant learning rate of the run with weight decay; finite, above 0.</param>
/// <param name="Momentum">The decay of the velocity; in [0, 1).</param>
/// <param name="WeightDecay">
/// The factor of the L2 term in the gradient; finite, at least 0, and at most (1 - sqrt(Momentum))^2 / Rate. Above that, no such rate
/// exists. With Momentum 0 it must be below that limit, where the first step of the run with weight decay would set the parameters to 0.
/// </param>
/// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
public sealed record GrowthSchedule(double Rate, double Momentum, double WeightDecay) : ISchedule
{
    /// <inheritdoc cref="GrowthSchedule" path="/param[@name='Rate']"/>
    public double Rate { get; } = ScheduleChecks.Positive(Rate);

    /// <inheritdoc cref="GrowthSchedule" path="/param[@name='Momentum']"/>
    public double Momentum { get; } = Momentum < 1 ? ScheduleChecks.Share(Momentum)
        : throw new ArgumentOutOfRangeException(nameof(Momentum), Momentum, "Momentum must lie in [0, 1).");

    /// <inheritdoc cref="GrowthSchedule" path="/param[@name='WeightDecay']"/>
    public double WeightDecay { get; } = Decay(Rate, Momentum, WeightDecay);

    /// <summary>The factor a by which weight decay shrinks the parameters per step; 1 without weight decay.</summary>
    public double Shrinkage { get; } = Root(Rate, Momentum, WeightDecay);

    /// <summary>The first velocity divided by the parameters: (a - 1) / (a Rate).</summary>
    public double InitialVelocity => (Shrinkage - 1) / (Shrinkage * Rate);

    /// <inheritdoc/>
    public double At(int step)
        => ScheduleChecks.Finite(Rate * Math.Pow(Shrinkage, 1 - (2.0 * ScheduleChecks.Step(step))), step, nameof(GrowthSchedule));

    private static double Decay(double rate, double momentum, double decay)
    {
        double most = Math.Pow(1 - Math.Sqrt(momentum), 2) / rate;
        return decay >= 0 && decay <= most && double.IsFinite(decay) && Root(rate, momentum, decay) > 0 ? decay
            : throw new ArgumentOutOfRangeException(nameof(WeightDecay), decay,
                $"WeightDecay must lie in [0, (1 - sqrt(Momentum))^2 / Rate] = [0, {most:G6}]; with Momentum 0, below the end.");
    }

    /// <summary>
    /// 1 minus the smaller root d of d^2 - (1 - Momentum + x) d + x with x = WeightDecay Rate. This form loses no digits where x is small.
    /// </summary>
    private static double Root(double rate, double momentum, double decay)
    {
        double x = decay * rate, sum = 1 - momentum + x;
        return 1 - (2 * x / (sum + Math.Sqrt(Math.Max(0, (sum * sum) - (4 * x)))));
    }
}
