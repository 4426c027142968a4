namespace OptDsl.Schedules;

/// <summary>Half cosines from Rate towards Floor, repeated. For Floor 0 and Growth 1: (Rate / 2) (cos(pi mod(t - 1, P) / P) + 1).</summary>
/// <param name="Rate">The value at the first step of every cycle; finite, at least 0.</param>
/// <param name="Period">P, the length of the first cycle in steps; at least 1.</param>
/// <param name="Growth">The factor by which each cycle is longer than the previous one; at least 1.</param>
/// <param name="Floor">The value that a cycle falls towards, and would reach one step after its end; finite, at least 0.</param>
/// <remarks>Loshchilov and Hutter 2017.</remarks>
/// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
public sealed record CosineRestartsSchedule(double Rate, int Period, int Growth = 1, double Floor = 0) : ISchedule
{
    /// <inheritdoc cref="CosineRestartsSchedule" path="/param[@name='Rate']"/>
    public double Rate { get; init => field = ScheduleChecks.Rate(value, nameof(Rate)); } = ScheduleChecks.Rate(Rate);

    /// <inheritdoc cref="CosineRestartsSchedule" path="/param[@name='Period']"/>
    public int Period { get; init => field = ScheduleChecks.Count(value, nameof(Period)); } = ScheduleChecks.Count(Period);

    /// <inheritdoc cref="CosineRestartsSchedule" path="/param[@name='Growth']"/>
    public int Growth { get; init => field = ScheduleChecks.Count(value, nameof(Growth)); } = ScheduleChecks.Count(Growth);

    /// <inheritdoc cref="CosineRestartsSchedule" path="/param[@name='Floor']"/>
    public double Floor { get; init => field = ScheduleChecks.Rate(value, nameof(Floor)); } = ScheduleChecks.Rate(Floor);

    /// <summary>Cycles of equal length, P = ceil(steps / cycles), as in snapshot ensembles (Huang et al. 2017).</summary>
    /// <param name="rate">The value at the first step of every cycle; finite, at least 0.</param>
    /// <param name="steps">The total number of steps; at least 1.</param>
    /// <param name="cycles">The number of cycles; at least 1, at most <paramref name="steps"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static CosineRestartsSchedule ForCycles(double rate, int steps, int cycles)
    {
        ScheduleChecks.Count(steps);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ScheduleChecks.Count(cycles), steps, nameof(cycles));
        return new(rate, (steps / cycles) + (steps % cycles == 0 ? 0 : 1));
    }

    /// <inheritdoc/>
    public double At(int step)
    {
        long place = ScheduleChecks.Step(step) - 1, period = Period;
        if (Growth == 1)
        {
            place %= period;
        }
        else
        {
            for (; place >= period; period *= Growth)
            {
                place -= period;
            }
        }

        return CosineSchedule.Cosine(Rate, Floor, (double)place / period);
    }
}
