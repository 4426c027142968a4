namespace OptDsl.Schedules;

/// <summary>A learning rate, or any other number, as a pure function of the step.</summary>
/// <remarks>
/// Before a step, the number of the next step is <c>optimizer.StepCount + 1</c>: <c>optimizer.Rule = optimizer.Rule with { LearningRate =
/// schedule.At(optimizer.StepCount + 1) }</c>.
/// </remarks>
public interface ISchedule
{
    /// <summary>The value at a step.</summary>
    /// <param name="step">The step, from 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is below 1.</exception>
    /// <exception cref="OverflowException">The value is not finite: a growing schedule has exceeded the range of a double.</exception>
    double At(int step);
}
