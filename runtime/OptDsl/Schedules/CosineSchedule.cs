namespace OptDsl.Schedules;

/// <summary>Half a cosine from Rate at step 1 down to Floor at step Steps + 1, and Floor from there on.</summary>
/// <param name="Rate">The value at step 1; finite, at least 0.</param>
/// <param name="Steps">Steps of the descent; at least 1.</param>
/// <param name="Floor">What it falls to; finite, at least 0.</param>
/// <remarks>Loshchilov and Hutter 2017, without restarts.</remarks>
/// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
public sealed record CosineSchedule(double Rate, int Steps, double Floor = 0) : ISchedule
{
    /// <inheritdoc cref="CosineSchedule" path="/param[@name='Rate']"/>
    public double Rate { get; init => field = ScheduleChecks.Rate(value, nameof(Rate)); } = ScheduleChecks.Rate(Rate);

    /// <inheritdoc cref="CosineSchedule" path="/param[@name='Steps']"/>
    public int Steps { get; init => field = ScheduleChecks.Count(value, nameof(Steps)); } = ScheduleChecks.Count(Steps);

    /// <inheritdoc cref="CosineSchedule" path="/param[@name='Floor']"/>
    public double Floor { get; init => field = ScheduleChecks.Rate(value, nameof(Floor)); } = ScheduleChecks.Rate(Floor);

    /// <inheritdoc/>
    public double At(int step)
        => Cosine(Rate, Floor, (double)Math.Min(ScheduleChecks.Step(step) - 1, Steps) / Steps);

    /// <summary>From rate at progress 0 to floor at progress 1; both ends exact.</summary>
    internal static double Cosine(double rate, double floor, double progress)
        => progress == 1 ? floor : floor + ((rate - floor) * 0.5 * (1 + Math.Cos(Math.PI * progress)));
}
