namespace OptDsl.Models;

/// <summary>How the chains of <see cref="SimulatedTempering{T}"/> went through the levels, counted after the warm-up.</summary>
/// <param name="LogWeights">
/// Of each level, stated or learnt. Learnt ones are relative to the last level's, and for U as the target gives it: c added to U adds (b -
/// 1) c to that of a level of inverse temperature b.
/// </param>
/// <param name="Occupation">
/// The share of transitions that ended in each level; NaN before the first. A level far below the others is a bottleneck.
/// </param>
/// <param name="SwapProposals">From each level (first index) to each (second): zero but between neighbours.</param>
/// <param name="SwapAcceptance">The share of these that was accepted, in [0, 1]; NaN where none was proposed.</param>
/// <param name="RoundTrips">
/// Of each chain: from the last level to the first and back. Without any, the levels have brought no other mode to it.
/// </param>
public sealed record SimulatedTemperingReport(
    IReadOnlyList<double> LogWeights,
    IReadOnlyList<double> Occupation,
    IReadOnlyList<IReadOnlyList<long>> SwapProposals,
    IReadOnlyList<IReadOnlyList<double>> SwapAcceptance,
    IReadOnlyList<int> RoundTrips);

/// <summary>A mean under the target, of draws of which only some are the target's.</summary>
/// <param name="Mean">Of the draws at the target; NaN without any.</param>
/// <param name="Error">Its Monte Carlo standard error; NaN where it cannot be told (<see cref="ChainDiagnostics"/>).</param>
/// <param name="Draws">Draws at the target.</param>
public readonly record struct TargetMean(double Mean, double Error, int Draws);
