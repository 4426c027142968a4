using System.Collections.Immutable;

namespace OptDsl.Schedules;

/// <summary>
/// Multiplies the rate by a factor at every milestone: Rate Factor^(number of milestones below t). He et al. (2016) divide by ten.
/// </summary>
/// <param name="Rate">The value at step 1; finite, at least 0.</param>
/// <param name="Milestones">The numbers of steps after which the rate changes; each at least 1, in increasing order.</param>
/// <param name="Factor">The factor per milestone; finite, above 0. Above 1 the rate rises.</param>
/// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
public sealed record MultiStepSchedule(double Rate, ImmutableArray<int> Milestones, double Factor = 0.1) : ISchedule
{
    /// <inheritdoc cref="MultiStepSchedule" path="/param[@name='Rate']"/>
    public double Rate { get; init => field = ScheduleChecks.Rate(value, nameof(Rate)); } = ScheduleChecks.Rate(Rate);

    /// <inheritdoc cref="MultiStepSchedule" path="/param[@name='Milestones']"/>
    public ImmutableArray<int> Milestones
    {
        get; init
        => field = ScheduleChecks.Rising(value, nameof(Milestones));
    } = ScheduleChecks.Rising(Milestones);

    /// <inheritdoc cref="MultiStepSchedule" path="/param[@name='Factor']"/>
    public double Factor { get; init => field = ScheduleChecks.Positive(value, nameof(Factor)); } = ScheduleChecks.Positive(Factor);

    /// <inheritdoc/>
    public double At(int step)
    {
        ScheduleChecks.Step(step);
        int passed = 0;
        while (passed < Milestones.Length && Milestones[passed] < step)
        {
            passed++;
        }

        return Rate == 0 ? 0 : ScheduleChecks.Finite(Rate * Math.Pow(Factor, passed), step, nameof(MultiStepSchedule));
    }
}
