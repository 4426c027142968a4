namespace OptDsl.Models;

/// <summary>The settings of <see cref="SimulatedTempering{T}"/>.</summary>
public sealed record SimulatedTemperingSettings
{
    /// <summary>The inverse temperature of each level: at least two, finite, above 0, increasing; the last is 1.</summary>
    public required IReadOnlyList<double> InverseTemperatures { get; init; }

    /// <summary>
    /// The log weight of each level, finite; if null, the warm-up learns them. All levels are equally likely if the weight of each is -log
    /// Z, where Z is the integral of exp(-inverse temperature x U). A constant in U therefore matters.
    /// </summary>
    public IReadOnlyList<double>? LogWeights { get; init; }

    /// <summary>The step size h of each level, or a single one for all levels; finite and above 0.</summary>
    public IReadOnlyList<double> StepSizes { get; init; } = [0.1];

    /// <summary>The probability that a transition proposes another level; above 0 and at most 1.</summary>
    public double SwapRate { get; init; } = 0.2;

    /// <summary>The initial level of the chains, from 0; the last level if null.</summary>
    public int? StartLevel { get; init; }

    internal int Levels => InverseTemperatures.Count;

    internal double StepSizeOf(int level) => StepSizes[StepSizes.Count == 1 ? 0 : level];

    internal void Validate(int warmUp)
    {
        TemperingChecks.RequireLadder(InverseTemperatures, nameof(InverseTemperatures));
        if (LogWeights is null && warmUp == 0)
        {
            throw new ArgumentException(
                "LogWeights is null, so the warm-up must learn them, but WarmUp is 0. State the weights, or set WarmUp above 0.",
                    nameof(LogWeights));
        }

        if (LogWeights is not null && LogWeights.Count != Levels)
        {
            throw new ArgumentException($"LogWeights has {LogWeights.Count} numbers, but there are {Levels} levels; each level needs one.", nameof(LogWeights));
        }

        for (int level = 0; level < LogWeights?.Count; level++)
        {
            if (!double.IsFinite(LogWeights[level]))
            {
                throw new ArgumentOutOfRangeException(nameof(LogWeights), LogWeights[level],
                    $"LogWeights of level {level} must be finite.");
            }
        }

        if (StepSizes is null || (StepSizes.Count != 1 && StepSizes.Count != Levels))
        {
            throw new ArgumentException(
                $"StepSizes has {StepSizes?.Count ?? 0} numbers; it must have one number for all levels, or one per level: {Levels}.",
                    nameof(StepSizes));
        }

        foreach (double size in StepSizes)
        {
            TemperingChecks.RequireStepSize(size, nameof(StepSizes));
        }

        if (!(SwapRate > 0 && SwapRate <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(SwapRate), SwapRate, "SwapRate must be above 0 and at most 1.");
        }

        if (StartLevel is { } start && (start < 0 || start >= Levels))
        {
            throw new ArgumentOutOfRangeException(nameof(StartLevel), start, $"StartLevel must be from 0 to {Levels - 1}.");
        }
    }
}

/// <summary>Checks of the settings that both tempering samplers share.</summary>
internal static class TemperingChecks
{
    internal static void RequireLadder(IReadOnlyList<double> inverseTemperatures, string name)
    {
        ArgumentNullException.ThrowIfNull(inverseTemperatures, name);
        if (inverseTemperatures.Count < 2)
        {
            throw new ArgumentException($"{name} has {inverseTemperatures.Count} numbers; there must be at least two levels.", name);
        }

        for (int level = 0; level < inverseTemperatures.Count; level++)
        {
            double inverse = inverseTemperatures[level];
            if (!double.IsFinite(inverse) || inverse <= (level == 0 ? 0 : inverseTemperatures[level - 1]))
            {
                throw new ArgumentOutOfRangeException(name, inverse,
                    $"{name} of level {level} must be finite and above {(level == 0 ? "0" : "that of the previous level")}.");
            }
        }

        if (inverseTemperatures[^1] != 1)
        {
            throw new ArgumentOutOfRangeException(name, inverseTemperatures[^1],
                $"{name} of the last level must be 1: that level is the target.");
        }
    }

    internal static void RequireStepSize(double size, string name)
    {
        if (!double.IsFinite(size) || size <= 0)
        {
            throw new ArgumentOutOfRangeException(name, size, $"{name} must be finite and above 0.");
        }
    }
}
