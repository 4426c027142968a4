namespace OptDsl.Schedules;

/// <summary>The product of two schedules, for instance a warm-up factor times a decay.</summary>
/// <param name="First">A rate.</param>
/// <param name="Second">A factor, or another rate.</param>
/// <exception cref="ArgumentNullException">A schedule is null.</exception>
public sealed record ProductSchedule(ISchedule First, ISchedule Second) : ISchedule
{
    /// <inheritdoc cref="ProductSchedule" path="/param[@name='First']"/>
    public ISchedule First { get; init => field = value ?? throw new ArgumentNullException(nameof(First)); } = First
        ?? throw new ArgumentNullException(nameof(First));

    /// <inheritdoc cref="ProductSchedule" path="/param[@name='Second']"/>
    public ISchedule Second { get; init => field = value ?? throw new ArgumentNullException(nameof(Second)); } = Second
        ?? throw new ArgumentNullException(nameof(Second));

    /// <inheritdoc/>
    public double At(int step) => ScheduleChecks.Finite(First.At(step) * Second.At(step), step, nameof(ProductSchedule));
}
