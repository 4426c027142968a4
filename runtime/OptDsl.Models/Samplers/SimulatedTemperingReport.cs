namespace OptDsl.Models;

/// <summary>How the chains of <see cref="SimulatedTempering{T}"/> moved through the levels, counted after the warm-up.</summary>
/// <param name="LogWeights">
/// The log weight of each level, stated or learned. Learned ones are relative to the last level's, and refer to U itself: a constant c in U
/// adds (b - 1) c to the weight of a level of inverse temperature b.
/// </param>
/// <param name="Occupation">
/// The share of transitions that ended in each level; NaN before the first. A level far below the others indicates a bottleneck.
/// </param>
/// <param name="SwapProposals">The proposals from each level (first index) to each level (second); zero except between neighbours.</param>
/// <param name="SwapAcceptance">The share of these proposals that was accepted, in [0, 1]; NaN if there was none.</param>
/// <param name="RoundTrips">
/// The round trips of each chain, from the last level to the first and back. Without any, tempering has not brought a chain to another
/// mode.
/// </param>
public sealed record SimulatedTemperingReport(
    IReadOnlyList<double> LogWeights,
    IReadOnlyList<double> Occupation,
    IReadOnlyList<IReadOnlyList<long>> SwapProposals,
    IReadOnlyList<IReadOnlyList<double>> SwapAcceptance,
    IReadOnlyList<int> RoundTrips);

/// <summary>A mean under the target, from the draws at the target's level.</summary>
/// <param name="Mean">The mean of the draws at the target; NaN if there is none.</param>
/// <param name="Error">The Monte Carlo standard error of the mean; NaN if it cannot be estimated (<see cref="ChainDiagnostics"/>).</param>
/// <param name="Draws">The number of draws at the target.</param>
public readonly record struct TargetMean(double Mean, double Error, int Draws);
