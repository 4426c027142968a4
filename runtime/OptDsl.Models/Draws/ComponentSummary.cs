namespace OptDsl.Models;

/// <summary>
/// What the draws of all chains say of one number, and how far they can be trusted (<see cref="ChainDiagnostics"/>); NaN where it is not
/// defined, everything where a draw is not finite.
/// </summary>
/// <param name="Name">Of the number.</param>
/// <param name="Mean">Of all draws.</param>
/// <param name="StandardDeviation">Of all draws, with the divisor of their number less one.</param>
/// <param name="Q05">The quantile of 5 %.</param>
/// <param name="Median">The quantile of 50 %.</param>
/// <param name="Q95">The quantile of 95 %.</param>
/// <param name="MeanError">The Monte Carlo standard error of the mean.</param>
/// <param name="BulkEss">The effective sample size of the rank-normalised draws.</param>
/// <param name="TailEss">The smaller effective sample size of the two outer quantiles.</param>
/// <param name="RHat">Rank-normalised split R-hat; chains agree where it is below 1.01.</param>
public sealed record ComponentSummary(
    string Name, double Mean, double StandardDeviation, double Q05, double Median, double Q95, double MeanError, double BulkEss,
        double TailEss, double RHat);
