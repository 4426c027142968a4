namespace OptDsl.Schedules;

/// <summary>Rate (1 - (t - 1) / Steps)^Power, and 0 after Steps. With Power 1 it is a straight line.</summary>
/// <param name="Rate">The value at step 1; finite, at least 0.</param>
/// <param name="Steps">The number of steps until the value is 0; at least 1.</param>
/// <param name="Power">The exponent; finite, above 0.</param>
/// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
public sealed record PolynomialSchedule(double Rate, int Steps, double Power = 1) : ISchedule
{
    /// <inheritdoc cref="PolynomialSchedule" path="/param[@name='Rate']"/>
    public double Rate { get; init => field = ScheduleChecks.Rate(value, nameof(Rate)); } = ScheduleChecks.Rate(Rate);

    /// <inheritdoc cref="PolynomialSchedule" path="/param[@name='Steps']"/>
    public int Steps { get; init => field = ScheduleChecks.Count(value, nameof(Steps)); } = ScheduleChecks.Count(Steps);

    /// <inheritdoc cref="PolynomialSchedule" path="/param[@name='Power']"/>
    public double Power { get; init => field = ScheduleChecks.Positive(value, nameof(Power)); } = ScheduleChecks.Positive(Power);

    /// <inheritdoc/>
    public double At(int step)
    {
        double left = 1 - ((double)(ScheduleChecks.Step(step) - 1) / Steps);
        return left <= 0 ? 0 : Rate * Math.Pow(left, Power);
    }
}
