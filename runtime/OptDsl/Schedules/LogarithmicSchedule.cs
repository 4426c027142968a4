namespace OptDsl.Schedules;

/// <summary>Rate (1 - ln t / ln Steps): Rate at step 1, 0 at step Steps.</summary>
/// <param name="Rate">The value at step 1; finite, at least 0.</param>
/// <param name="Steps">T, the number of steps of the descent; at least 2.</param>
/// <param name="Restarts">Whether the schedule starts again after T steps. If not, it stays at 0.</param>
/// <remarks>Shamaee et al. 2024.</remarks>
/// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
public sealed record LogarithmicSchedule(double Rate, int Steps, bool Restarts = false) : ISchedule
{
    /// <inheritdoc cref="LogarithmicSchedule" path="/param[@name='Rate']"/>
    public double Rate { get; init => field = ScheduleChecks.Rate(value, nameof(Rate)); } = ScheduleChecks.Rate(Rate);

    /// <inheritdoc cref="LogarithmicSchedule" path="/param[@name='Steps']"/>
    public int Steps { get; init => field = ScheduleChecks.Count(value, 2, nameof(Steps)); } = ScheduleChecks.Count(Steps, 2);

    /// <inheritdoc cref="LogarithmicSchedule" path="/param[@name='Restarts']"/>
    public bool Restarts { get; init; } = Restarts;

    /// <inheritdoc/>
    public double At(int step)
    {
        int place = ScheduleChecks.Step(step) - 1;
        int t = Restarts ? (place % Steps) + 1 : Math.Min(step, Steps);
        return t == Steps ? 0 : Rate * (1 - (Math.Log(t) / Math.Log(Steps)));
    }
}
