namespace OptDsl.Schedules;

/// <summary>An exponential decay: Rate Factor^(t - 1).</summary>
/// <param name="Rate">The value at step 1; finite, at least 0.</param>
/// <param name="Factor">The factor per step; in (0, 1].</param>
/// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
public sealed record ExponentialSchedule(double Rate, double Factor) : ISchedule
{
    /// <inheritdoc cref="ExponentialSchedule" path="/param[@name='Rate']"/>
    public double Rate { get; init => field = ScheduleChecks.Rate(value, nameof(Rate)); } = ScheduleChecks.Rate(Rate);

    /// <inheritdoc cref="ExponentialSchedule" path="/param[@name='Factor']"/>
    public double Factor { get; init => field = ScheduleChecks.Factor(value, nameof(Factor)); } = ScheduleChecks.Factor(Factor);

    /// <inheritdoc/>
    public double At(int step)
        => Rate * Math.Pow(Factor, ScheduleChecks.Step(step) - 1);
}
