namespace OptDsl.Models;

/// <summary>How <see cref="Recommender.Fit"/> trains.</summary>
public sealed record RecommenderSettings
{
    /// <summary>Of the factors, at least 1.</summary>
    public int Rank { get; init; } = 16;

    /// <summary>
    /// A bias is drawn to zero as if by so many more entries, of values scaled to a deviation of 1; finite and not negative.
    /// </summary>
    public double BiasPenalty { get; init; } = 5;

    /// <summary>A factor likewise; finite and not negative.</summary>
    public double FactorPenalty { get; init; } = 15;

    /// <summary>Adam's rate; finite, above 0.</summary>
    public double LearningRate { get; init; } = 0.02;

    /// <summary>Steps at most, each over all entries; at least 1.</summary>
    public int Iterations { get; init; } = 600;

    /// <summary>Steps from one measurement of the validation error to the next; at least 1.</summary>
    public int MeasureEvery { get; init; } = 10;

    /// <summary>Measurements without a lower validation error after which it stops; at least 1.</summary>
    public int Patience { get; init; } = 5;

    /// <summary>The share of the entries set aside to stop by; in [0, 1). With 0 all steps are made.</summary>
    public double ValidationShare { get; init; } = 0.05;

    /// <summary>The factors' standard deviation at the start; finite, above 0.</summary>
    public double InitialScale { get; init; } = 0.1;

    /// <summary>Of the split and of the factors' start.</summary>
    public ulong Seed { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Rank, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Iterations, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MeasureEvery, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Patience, 1);
        Require(BiasPenalty >= 0 && double.IsFinite(BiasPenalty), nameof(BiasPenalty), BiasPenalty, "must be finite and not negative");
        Require(FactorPenalty >= 0 && double.IsFinite(FactorPenalty), nameof(FactorPenalty), FactorPenalty,
            "must be finite and not negative");
        Require(LearningRate > 0 && double.IsFinite(LearningRate), nameof(LearningRate), LearningRate, "must be a finite number above 0");
        Require(ValidationShare is >= 0 and < 1, nameof(ValidationShare), ValidationShare, "must lie in [0, 1)");
        Require(InitialScale > 0 && double.IsFinite(InitialScale), nameof(InitialScale), InitialScale, "must be a finite number above 0");
    }

    private static void Require(bool holds, string name, double value, string range)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} {range}.");
        }
    }
}

/// <summary>Where the training of a recommender stands; errors are root mean squares in the values' own unit.</summary>
/// <param name="Iteration">Steps made.</param>
/// <param name="TrainingError">Over the entries trained on.</param>
/// <param name="ValidationError">Over the entries set aside; NaN where there are none.</param>
public readonly record struct RecommenderProgress(int Iteration, double TrainingError, double ValidationError);
