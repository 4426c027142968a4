namespace OptDsl.Schedules;

/// <summary>How the height of the cycles of a <see cref="CyclicSchedule"/> changes.</summary>
public enum CycleScale
{
    /// <summary>It does not change.</summary>
    Constant,

    /// <summary>Each cycle reaches half as far from Low as the previous one.</summary>
    Halving,

    /// <summary>The distance from Low is multiplied by Factor^(t - 1).</summary>
    Exponential,
}

/// <summary>Triangles between two values: a straight line from Low to High, and a straight line back (Smith 2017).</summary>
/// <param name="Low">
/// The value at step 1; finite, at least 0. It may be above High, for a momentum that falls while the learning rate rises.
/// </param>
/// <param name="High">The value at the top of a cycle; finite, at least 0.</param>
/// <param name="Up">The number of steps from Low to High; at least 1.</param>
/// <param name="Down">The number of steps from High to Low; at least 1, or 0 for as many as <paramref name="Up"/>.</param>
/// <param name="Scale">How the height of the cycles changes.</param>
/// <param name="Factor">The factor for <see cref="CycleScale.Exponential"/>; in (0, 1]. The other scales ignore it.</param>
/// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
public sealed record CyclicSchedule(double Low, double High, int Up, int Down = 0, CycleScale Scale = CycleScale.Constant,
    double Factor = 1) : ISchedule
{
    /// <inheritdoc cref="CyclicSchedule" path="/param[@name='Low']"/>
    public double Low { get; init => field = ScheduleChecks.Rate(value, nameof(Low)); } = ScheduleChecks.Rate(Low);

    /// <inheritdoc cref="CyclicSchedule" path="/param[@name='High']"/>
    public double High { get; init => field = ScheduleChecks.Rate(value, nameof(High)); } = ScheduleChecks.Rate(High);

    /// <inheritdoc cref="CyclicSchedule" path="/param[@name='Up']"/>
    public int Up { get; init => field = ScheduleChecks.Count(value, nameof(Up)); } = ScheduleChecks.Count(Up);

    /// <inheritdoc cref="CyclicSchedule" path="/param[@name='Down']"/>
    public int Down { get; init => field = ScheduleChecks.Count(value, 0, nameof(Down)); } = ScheduleChecks.Count(Down, 0);

    /// <inheritdoc cref="CyclicSchedule" path="/param[@name='Scale']"/>
    public CycleScale Scale { get; init => field = ScheduleChecks.Defined(value, nameof(Scale)); } = ScheduleChecks.Defined(Scale);

    /// <inheritdoc cref="CyclicSchedule" path="/param[@name='Factor']"/>
    public double Factor { get; init => field = ScheduleChecks.Factor(value, nameof(Factor)); } = ScheduleChecks.Factor(Factor);

    /// <inheritdoc/>
    public double At(int step)
    {
        long place = ScheduleChecks.Step(step) - 1, down = Down == 0 ? Up : Down, period = Up + down;
        (long cycle, long within) = Math.DivRem(place, period);
        double height = within <= Up ? (double)within / Up : (double)(period - within) / down;
        double scale = Scale switch
        {
            CycleScale.Halving => Math.ScaleB(1, (int)-cycle),
            CycleScale.Exponential => Math.Pow(Factor, place),
            _ => 1,
        };
        return Low + ((High - Low) * height * scale);
    }
}
