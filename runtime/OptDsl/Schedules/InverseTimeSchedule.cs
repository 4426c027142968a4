namespace OptDsl.Schedules;

/// <summary>Rate / (1 + Decay (t - 1)). With the default Decay 1 it is Rate / t.</summary>
/// <param name="Rate">The value at step 1; finite, at least 0.</param>
/// <param name="Decay">How fast the value falls; finite, at least 0.</param>
/// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
public sealed record InverseTimeSchedule(double Rate, double Decay = 1) : ISchedule
{
    /// <inheritdoc cref="InverseTimeSchedule" path="/param[@name='Rate']"/>
    public double Rate { get; init => field = ScheduleChecks.Rate(value, nameof(Rate)); } = ScheduleChecks.Rate(Rate);

    /// <inheritdoc cref="InverseTimeSchedule" path="/param[@name='Decay']"/>
    public double Decay { get; init => field = ScheduleChecks.Rate(value, nameof(Decay)); } = ScheduleChecks.Rate(Decay);

    /// <inheritdoc/>
    public double At(int step)
        => Rate / (1 + (Decay * (ScheduleChecks.Step(step) - 1)));
}
