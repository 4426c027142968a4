namespace OptDsl.Models;

/// <summary>When <see cref="Descent"/> ends, how often it is measured, and where it writes checkpoints.</summary>
public sealed record DescentSettings
{
    /// <summary>
    /// The largest number of steps, by the optimizer's own step count, so a resumed run ends at the same step as an uninterrupted one; at
    /// least 0.
    /// </summary>
    public required int Iterations { get; init; }

    /// <summary>The run ends when the loss is at most this value; at least 0. At 0, only the number of steps ends it.</summary>
    public double LossTolerance { get; init; }

    /// <summary>The number of consecutive losses that must be within the tolerance; at least 1.</summary>
    public int Patience { get; init; } = 1;

    /// <summary>The number of steps between two measurements; at 0, only step 0 and the end are measured.</summary>
    public int MeasureEvery { get; init; }

    /// <summary>
    /// The path of the checkpoint, written by <see cref="Optimizer{T, TRule}.Save(string, CancellationToken)"/> every
    /// <see cref="CheckpointEvery"/> steps and when the run ends, also by cancellation. If null, no checkpoint is written.
    /// </summary>
    public string? CheckpointPath { get; init; }

    /// <summary>
    /// Other objects to store in the checkpoints, by name, such as a plateau schedule that the measurements feed; none if null.
    /// </summary>
    public IReadOnlyDictionary<string, ICheckpointed>? CheckpointBeside { get; init; }

    /// <summary>The number of steps between two checkpoints; at 0, only the end is written.</summary>
    public int CheckpointEvery { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Iterations);
        ArgumentOutOfRangeException.ThrowIfLessThan(Patience, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(MeasureEvery);
        ArgumentOutOfRangeException.ThrowIfNegative(CheckpointEvery);
        if (!(LossTolerance >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(LossTolerance), LossTolerance, "LossTolerance must be at least 0.");
        }
    }
}

/// <summary>Why a descent ended.</summary>
public enum DescentOutcome
{
    /// <summary>The loss is within the tolerance.</summary>
    Tolerance,

    /// <summary>The allowed number of steps is made.</summary>
    Iterations,

    /// <summary>The run was cancelled. Parameters and state are those of the last completed step.</summary>
    Cancelled,

    /// <summary>The loss is not finite. Parameters and state are those of the last completed step.</summary>
    NotFinite,
}

/// <summary>A point of a descent.</summary>
/// <param name="Iteration">The number of steps that the optimizer has made.</param>
/// <param name="Loss">The loss at that point.</param>
/// <param name="Seconds">The time since the run began, without the time of measurements.</param>
public readonly record struct DescentPoint(int Iteration, double Loss, double Seconds);

/// <summary>The result of a descent.</summary>
/// <param name="Outcome">Why it ended.</param>
/// <param name="End">The point at which it ended.</param>
public readonly record struct DescentResult(DescentOutcome Outcome, DescentPoint End);
