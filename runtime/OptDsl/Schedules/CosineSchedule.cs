namespace OptDsl.Schedules;

/// <summary>
/// Half a cosine from Rate at step 1 down to Floor at step Steps + 1. After that the value stays at Floor, or rises again.
/// </summary>
/// <param name="Rate">The value at step 1; finite, at least 0.</param>
/// <param name="Steps">The number of steps of the descent; at least 1.</param>
/// <param name="Floor">The value at the end of the descent; finite, at least 0.</param>
/// <param name="Swings">Whether the value rises again to Rate and goes on with a period of 2 Steps, as in PyTorch.</param>
/// <remarks>Loshchilov and Hutter 2017, without restarts.</remarks>
/// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
public sealed record CosineSchedule(double Rate, int Steps, double Floor = 0, bool Swings = false) : ISchedule
{
    /// <inheritdoc cref="CosineSchedule" path="/param[@name='Rate']"/>
    public double Rate { get; init => field = ScheduleChecks.Rate(value, nameof(Rate)); } = ScheduleChecks.Rate(Rate);

    /// <inheritdoc cref="CosineSchedule" path="/param[@name='Steps']"/>
    public int Steps { get; init => field = ScheduleChecks.Count(value, nameof(Steps)); } = ScheduleChecks.Count(Steps);

    /// <inheritdoc cref="CosineSchedule" path="/param[@name='Floor']"/>
    public double Floor { get; init => field = ScheduleChecks.Rate(value, nameof(Floor)); } = ScheduleChecks.Rate(Floor);

    /// <inheritdoc cref="CosineSchedule" path="/param[@name='Swings']"/>
    public bool Swings { get; init; } = Swings;

    /// <inheritdoc/>
    public double At(int step)
    {
        long place = ScheduleChecks.Step(step) - 1L;
        long phase = Swings ? place % (2L * Steps) : Math.Min(place, Steps);
        return Cosine(Rate, Floor, (double)Math.Min(phase, (2L * Steps) - phase) / Steps);
    }

    /// <summary>From rate at progress 0 to floor at progress 1; both ends are exact.</summary>
    internal static double Cosine(double rate, double floor, double progress)
        => progress == 1 ? floor : floor + ((rate - floor) * 0.5 * (1 + Math.Cos(Math.PI * progress)));
}
