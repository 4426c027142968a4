namespace OptDsl.Models;

/// <summary>How long <see cref="Descent"/> goes on, how often it is looked at, and what it leaves on the way.</summary>
public sealed record DescentSettings
{
    /// <summary>
    /// Steps at most, counted by the optimizer's own step count, so that a resumed run ends where it would have; at least 0.
    /// </summary>
    public required int Iterations { get; init; }

    /// <summary>Ends where the loss is no more than this; at least 0. 0 leaves it to the iterations.</summary>
    public double LossTolerance { get; init; }

    /// <summary>Losses in a row that must be within the tolerance; at least 1.</summary>
    public int Patience { get; init; } = 1;

    /// <summary>Steps from one measurement to the next; 0 for the first and the last only.</summary>
    public int MeasureEvery { get; init; }

    /// <summary>
    /// A file that <see cref="Optimizer{T, TRule}.Save(string, CancellationToken)"/> writes now and then, at the end and when cancelled;
    /// none if null.
    /// </summary>
    public string? CheckpointPath { get; init; }

    /// <summary>
    /// What goes into the checkpoints beside the optimizer, by name, such as a plateau schedule that measuring feeds; nothing if null.
    /// </summary>
    public IReadOnlyDictionary<string, ICheckpointed>? CheckpointBeside { get; init; }

    /// <summary>Steps from one checkpoint to the next; 0 for the end only.</summary>
    public int CheckpointEvery { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
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

    /// <summary>The allowed steps were made.</summary>
    Iterations,

    /// <summary>It was cancelled. Parameters and state are those of the last whole step.</summary>
    Cancelled,

    /// <summary>The loss is not finite. Parameters and state are those of the last whole step.</summary>
    NotFinite,
}

/// <summary>Where a descent stands.</summary>
/// <param name="Iteration">Steps the optimizer has made.</param>
/// <param name="Loss">The loss there.</param>
/// <param name="Seconds">Time since the run began, without what measuring took.</param>
public readonly record struct DescentPoint(int Iteration, double Loss, double Seconds);

/// <summary>What a descent came to.</summary>
/// <param name="Outcome">Why it ended.</param>
/// <param name="End">Where.</param>
public readonly record struct DescentResult(DescentOutcome Outcome, DescentPoint End);
