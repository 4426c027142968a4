namespace OptDsl.Models;

/// <summary>The settings of <see cref="ParallelTempering{T}"/>.</summary>
public sealed record ParallelTemperingSettings
{
    /// <summary>
    /// The number of levels, which is also the number of replicas; at least 2. Round trips are most frequent per unit of work with about
    /// twice as many levels as the communication barrier (<see cref="ParallelTemperingReport.Barriers"/>). Then half of the swaps are
    /// rejected (Syed and others 2022).
    /// </summary>
    public int Levels { get; init; } = 8;

    /// <summary>The inverse temperature of the first level, in (0, 1). It should let a replica pass between modes.</summary>
    public double LeastInverseTemperature { get; init; } = 0.05;

    /// <summary>
    /// The initial step size h of the last level, the target; finite and above 0. A level of inverse temperature b begins with h / b.
    /// </summary>
    public double StepSize { get; init; } = 0.1;

    /// <summary>The mean acceptance probability to which the warm-up adapts the step sizes of every level, in (0, 1).</summary>
    public double TargetAcceptance { get; init; } = 0.574;

    /// <summary>Whether the warm-up adapts the step sizes; if not, they stay at h / b.</summary>
    public bool Adapts { get; init; } = true;

    /// <summary>Whether the warm-up adapts the ladder; if not, it stays geometric.</summary>
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
/// How the replicas of <see cref="ParallelTempering{T}"/> moved through the levels, per chain, which is an ensemble of replicas.
/// </summary>
/// <param name="Ladders">The inverse temperatures of each chain, increasing to 1.</param>
/// <param name="StepSizes">The step size h of each level, per chain.</param>
/// <param name="SwapAcceptance">
/// The mean swap probability between each level and the next since the warm-up, per chain, in [0, 1]; NaN before the first possible swap.
/// </param>
/// <param name="Barriers">
/// The communication barrier Lambda between the first level and the target, per chain: the sum of the rejection rates (Syed and others
/// 2022).
/// </param>
/// <param name="RoundTrips">
/// Per chain, the round trips of all replicas since the warm-up: from the last level to the first and back.
/// </param>
public sealed record ParallelTemperingReport(
    IReadOnlyList<IReadOnlyList<double>> Ladders,
    IReadOnlyList<IReadOnlyList<double>> StepSizes,
    IReadOnlyList<IReadOnlyList<double>> SwapAcceptance,
    IReadOnlyList<double> Barriers,
    IReadOnlyList<int> RoundTrips);
