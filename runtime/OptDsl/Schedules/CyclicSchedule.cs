namespace OptDsl.Schedules;

/// <summary>How the cycles of a <see cref="CyclicSchedule"/> change.</summary>
public enum CycleScale
{
    /// <summary>They do not.</summary>
    Constant,

    /// <summary>Each reaches half as far above Low as the last.</summary>
    Halving,

    /// <summary>The distance from Low is times Factor^(t - 1).</summary>
    Exponential,
}

/// <summary>Triangles between two values: a straight line up from Low to High, and one down (Smith 2017).</summary>
/// <param name="Low">The value at step 1; finite. May be above High, as for a momentum that falls while the rate rises.</param>
/// <param name="High">The value at the top; finite.</param>
/// <param name="Up">Steps up; at least 1.</param>
/// <param name="Down">Steps down; at least 1, or 0 for as many as up.</param>
/// <param name="Scale">How the cycles change.</param>
/// <param name="Factor">In (0, 1]; of <see cref="CycleScale.Exponential"/> only.</param>
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
