namespace OptDsl.Schedules;

/// <summary>Rate t^-Exponent.</summary>
/// <param name="Rate">The value at step 1; finite, at least 0.</param>
/// <param name="Exponent">The exponent; finite, at least 0. 0.5 is the learning rate of convex stochastic gradient descent.</param>
/// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
public sealed record PowerSchedule(double Rate, double Exponent = 0.5) : ISchedule
{
    /// <inheritdoc cref="PowerSchedule" path="/param[@name='Rate']"/>
    public double Rate { get; init => field = ScheduleChecks.Rate(value, nameof(Rate)); } = ScheduleChecks.Rate(Rate);

    /// <inheritdoc cref="PowerSchedule" path="/param[@name='Exponent']"/>
    public double Exponent { get; init => field = ScheduleChecks.Rate(value, nameof(Exponent)); } = ScheduleChecks.Rate(Exponent);

    /// <inheritdoc/>
    public double At(int step)
        => Rate * Math.Pow(ScheduleChecks.Step(step), -Exponent);
}
