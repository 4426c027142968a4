namespace OptDsl.Models;

/// <summary>The settings of <see cref="Recommender.Fit"/>.</summary>
public sealed record RecommenderSettings
{
    /// <summary>The rank of the factors; at least 1.</summary>
    public int Rank { get; init; } = 16;

    /// <summary>
    /// The penalty on biases. It pulls each bias toward zero like that many additional entries, for values scaled to a standard deviation
    /// of 1; finite and not negative.
    /// </summary>
    public double BiasPenalty { get; init; } = 5;

    /// <summary>The penalty on factors, in the same unit; finite and not negative.</summary>
    public double FactorPenalty { get; init; } = 15;

    /// <summary>The learning rate of Adam; finite, above 0.</summary>
    public double LearningRate { get; init; } = 0.02;

    /// <summary>The largest number of steps, each over all training entries; at least 1.</summary>
    public int Iterations { get; init; } = 600;

    /// <summary>The number of steps between two measurements of the validation error; at least 1.</summary>
    public int MeasureEvery { get; init; } = 10;

    /// <summary>The number of consecutive measurements without a lower validation error after which training stops; at least 1.</summary>
    public int Patience { get; init; } = 5;

    /// <summary>
    /// The share of the entries set aside for validation, which decides when to stop; in [0, 1). At 0, all steps are made.
    /// </summary>
    public double ValidationShare { get; init; } = 0.05;

    /// <summary>The standard deviation of the initial factors; finite, above 0.</summary>
    public double InitialScale { get; init; } = 0.1;

    /// <summary>The seed of the split and of the initial factors.</summary>
    public ulong Seed { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
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

/// <summary>A point of the training of a recommender. Errors are root mean squares in the unit of the values.</summary>
/// <param name="Iteration">The number of steps made.</param>
/// <param name="TrainingError">The error over the training entries.</param>
/// <param name="ValidationError">The error over the entries set aside; NaN if there are none.</param>
public readonly record struct RecommenderProgress(int Iteration, double TrainingError, double ValidationError);
