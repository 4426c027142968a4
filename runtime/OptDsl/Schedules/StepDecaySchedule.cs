namespace OptDsl.Schedules;

/// <summary>Multiplies the rate by a factor after every period: Rate Factor^floor((t - 1) / Period).</summary>
/// <param name="Rate">The value at step 1; finite, at least 0.</param>
/// <param name="Period">The number of steps with the same value; at least 1.</param>
/// <param name="Factor">The factor per period; in (0, 1].</param>
/// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
public sealed record StepDecaySchedule(double Rate, int Period, double Factor = 0.1) : ISchedule
{
    /// <inheritdoc cref="StepDecaySchedule" path="/param[@name='Rate']"/>
    public double Rate { get; init => field = ScheduleChecks.Rate(value, nameof(Rate)); } = ScheduleChecks.Rate(Rate);

    /// <inheritdoc cref="StepDecaySchedule" path="/param[@name='Period']"/>
    public int Period { get; init => field = ScheduleChecks.Count(value, nameof(Period)); } = ScheduleChecks.Count(Period);

    /// <inheritdoc cref="StepDecaySchedule" path="/param[@name='Factor']"/>
    public double Factor { get; init => field = ScheduleChecks.Factor(value, nameof(Factor)); } = ScheduleChecks.Factor(Factor);

    /// <inheritdoc/>
    public double At(int step)
        => Rate * Math.Pow(Factor, (ScheduleChecks.Step(step) - 1) / Period);
}
