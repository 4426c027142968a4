namespace OptDsl.Models;

/// <summary>How <see cref="ParallelTempering{T}"/> moves.</summary>
public sealed record ParallelTemperingSettings
{
    /// <summary>
    /// Levels, as many as there are replicas; at least 2. With about twice the communication barrier
    /// (<see cref="ParallelTemperingReport.Barriers"/>), which rejects half of the swaps, round trips are the most frequent for the work
    /// (Syed and others 2022).
    /// </summary>
    public int Levels { get; init; } = 8;

    /// <summary>The inverse temperature of the first level, at which a replica passes between modes; in (0, 1).</summary>
    public double LeastInverseTemperature { get; init; } = 0.05;

    /// <summary>
    /// The step size h of the target's level to begin with; a level of inverse temperature b begins with h / b. Finite and above 0.
    /// </summary>
    public double StepSize { get; init; } = 0.1;

    /// <summary>The mean probability of acceptance that the warm-up reaches at every level by its step sizes, in (0, 1).</summary>
    public double TargetAcceptance { get; init; } = 0.574;

    /// <summary>Whether the warm-up adapts the step sizes; else they stay h / b.</summary>
    public bool Adapts { get; init; } = true;

    /// <summary>Whether the warm-up adapts the ladder; else it stays geometric.</summary>
    public bool AdaptsLadder { get; init; } = true;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Levels, 2);
        if (!(LeastInverseTemperature > 0 && LeastInverseTemperature < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(LeastInverseTemperature), LeastInverseTemperature,
                "LeastInverseTemperature must be between 0 and 1.");
        }

        new MetropolisSettings { StepSize = StepSize, TargetAcceptance = TargetAcceptance }.Validate();
    }
}

/// <summary>
/// How the replicas of <see cref="ParallelTempering{T}"/> went through the levels; of each chain, which is an ensemble of replicas.
/// </summary>
/// <param name="Ladders">The inverse temperatures, increasing to 1.</param>
/// <param name="StepSizes">The step size h of each level.</param>
/// <param name="SwapAcceptance">
/// The mean probability of a swap between each level and the next since the warm-up, in [0, 1]; NaN before the first.
/// </param>
/// <param name="Barriers">
/// The communication barrier Lambda between the first level and the target: the sum of the rejections (Syed and others 2022).
/// </param>
/// <param name="RoundTrips">Of all replicas since the warm-up: from the last level to the first and back.</param>
public sealed record ParallelTemperingReport(
    IReadOnlyList<IReadOnlyList<double>> Ladders,
    IReadOnlyList<IReadOnlyList<double>> StepSizes,
    IReadOnlyList<IReadOnlyList<double>> SwapAcceptance,
    IReadOnlyList<double> Barriers,
    IReadOnlyList<int> RoundTrips);
