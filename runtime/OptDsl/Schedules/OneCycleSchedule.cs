namespace OptDsl.Schedules;

/// <summary>
/// One cycle over the whole run (Smith and Topin 2019): up from Start to Peak, then down to End. With <paramref name="Symmetric"/> it goes
/// down to Start in as many steps as up, and then to End.
/// </summary>
/// <param name="Start">
/// The value at step 1, even for a short rise; finite, at least 0. PyTorch uses Peak / 25. For a momentum it is 0.95.
/// </param>
/// <param name="Peak">The value at the top; finite, at least 0. For a momentum it is the bottom, 0.85.</param>
/// <param name="End">
/// The value at step Steps and after it; finite, at least 0. PyTorch uses Start / 10 000. For a momentum it is Start.
/// </param>
/// <param name="Steps">The total number of steps; at least 2.</param>
/// <param name="Rise">
/// The fraction of the steps until the peak, which is at step Rise x Steps; in (0, 1), and at most 1/2 if Symmetric. If the rise has at
/// most one step, the value falls from step 2 on. PyTorch has no such cycle, or begins it within the fall.
/// </param>
/// <param name="Straight">Whether the parts are straight lines instead of half cosines.</param>
/// <param name="Symmetric">
/// Whether the cycle has three parts. In a <c>with</c> expression that also changes Rise, name Symmetric last if it becomes true and first
/// if it becomes false.
/// </param>
/// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
public sealed record OneCycleSchedule(double Start, double Peak, double End, int Steps, double Rise = 0.3, bool Straight = false,
    bool Symmetric = false) : ISchedule
{
    /// <inheritdoc cref="OneCycleSchedule" path="/param[@name='Start']"/>
    public double Start { get; init => field = ScheduleChecks.Rate(value, nameof(Start)); } = ScheduleChecks.Rate(Start);

    /// <inheritdoc cref="OneCycleSchedule" path="/param[@name='Peak']"/>
    public double Peak { get; init => field = ScheduleChecks.Rate(value, nameof(Peak)); } = ScheduleChecks.Rate(Peak);

    /// <inheritdoc cref="OneCycleSchedule" path="/param[@name='End']"/>
    public double End { get; init => field = ScheduleChecks.Rate(value, nameof(End)); } = ScheduleChecks.Rate(End);

    /// <inheritdoc cref="OneCycleSchedule" path="/param[@name='Steps']"/>
    public int Steps { get; init => field = ScheduleChecks.Count(value, 2, nameof(Steps)); } = ScheduleChecks.Count(Steps, 2);

    /// <inheritdoc cref="OneCycleSchedule" path="/param[@name='Rise']"/>
    public double Rise
    {
        get; init
        => field = ScheduleChecks.Inside(value, Symmetric ? 0.5 : 1, nameof(Rise));
    } = ScheduleChecks.Inside(Rise, Symmetric ? 0.5 : 1);

    /// <inheritdoc cref="OneCycleSchedule" path="/param[@name='Symmetric']"/>
    public bool Symmetric
    {
        get;
        init
        {
            ScheduleChecks.Inside(Rise, value ? 0.5 : 1, nameof(Rise));
            field = value;
        }
    } = Symmetric;

    /// <inheritdoc/>
    public double At(int step)
    {
        double place = Math.Min(ScheduleChecks.Step(step), Steps) - 1, last = Steps - 1;
        double top = (Rise * Steps) - 1, bottom = Symmetric ? (2 * Rise * Steps) - 2 : last;

        // Both ends are exact. Every part that is evaluated between them has a length above 0.
        return place == 0 ? Start
            : place == last ? End
            : place <= top ? Between(Start, Peak, place / top)
            : place <= bottom ? Between(Peak, Symmetric ? Start : End, (place - top) / (bottom - top))
            : Between(Start, End, (place - bottom) / (last - bottom));
    }

    private double Between(double from, double to, double share)
        => Straight ? from + ((to - from) * share) : to + ((from - to) / 2 * (1 + Math.Cos(Math.PI * share)));
}
