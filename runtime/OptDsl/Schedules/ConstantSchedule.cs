namespace OptDsl.Schedules;

/// <summary>The same value at every step.</summary>
/// <param name="Rate">The value; finite, at least 0.</param>
/// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
public sealed record ConstantSchedule(double Rate) : ISchedule
{
    /// <inheritdoc cref="ConstantSchedule" path="/param[@name='Rate']"/>
    public double Rate { get; init => field = ScheduleChecks.Rate(value, nameof(Rate)); } = ScheduleChecks.Rate(Rate);

    /// <inheritdoc/>
    public double At(int step)
    {
        ScheduleChecks.Step(step);
        return Rate;
    }
}
