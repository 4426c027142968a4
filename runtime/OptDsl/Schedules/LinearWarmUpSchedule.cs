namespace OptDsl.Schedules;

/// <summary>A linear warm-up to the first value of another schedule, followed by that schedule from its own step 1.</summary>
/// <param name="Then">The schedule after the warm-up. Its first value is reached at step Steps + 1.</param>
/// <param name="Steps">The number of warm-up steps; at least 1.</param>
/// <param name="StartFactor">
/// The value at step 1 as a fraction of the first value of <paramref name="Then"/>; in [0, 1]. With 0 the first step does not move the
/// parameters.
/// </param>
/// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
/// <exception cref="ArgumentNullException"><paramref name="Then"/> is null.</exception>
public sealed record LinearWarmUpSchedule(ISchedule Then, int Steps, double StartFactor) : ISchedule
{
    /// <inheritdoc cref="LinearWarmUpSchedule" path="/param[@name='Then']"/>
    public ISchedule Then { get; init => field = value ?? throw new ArgumentNullException(nameof(Then)); } = Then
        ?? throw new ArgumentNullException(nameof(Then));

    /// <inheritdoc cref="LinearWarmUpSchedule" path="/param[@name='Steps']"/>
    public int Steps { get; init => field = ScheduleChecks.Count(value, nameof(Steps)); } = ScheduleChecks.Count(Steps);

    /// <inheritdoc cref="LinearWarmUpSchedule" path="/param[@name='StartFactor']"/>
    public double StartFactor
    {
        get; init
        => field = ScheduleChecks.Share(value, nameof(StartFactor));
    } = ScheduleChecks.Share(StartFactor);

    /// <inheritdoc/>
    public double At(int step)
        => ScheduleChecks.Step(step) > Steps
            ? Then.At(step - Steps)
            : Then.At(1) * (StartFactor + ((1 - StartFactor) * (step - 1) / Steps));
}
