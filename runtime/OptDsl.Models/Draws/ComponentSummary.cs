namespace OptDsl.Models;

/// <summary>
/// Summarizes the draws of one number over all chains, and how far they can be trusted (<see cref="ChainDiagnostics"/>). A column that is
/// not defined is NaN; if a draw is not finite, all columns are NaN.
/// </summary>
/// <param name="Name">The name of the number.</param>
/// <param name="Mean">The mean of all draws.</param>
/// <param name="StandardDeviation">The standard deviation of all n draws, with the divisor n - 1.</param>
/// <param name="Q05">The 5 % quantile.</param>
/// <param name="Median">The 50 % quantile.</param>
/// <param name="Q95">The 95 % quantile.</param>
/// <param name="MeanError">The Monte Carlo standard error of the mean.</param>
/// <param name="BulkEss">The effective sample size of the rank-normalized draws.</param>
/// <param name="TailEss">The smaller of the effective sample sizes of the 5 % and 95 % quantiles.</param>
/// <param name="RHat">The rank-normalized split R-hat; chains agree if it is below 1.01.</param>
public sealed record ComponentSummary(
    string Name, double Mean, double StandardDeviation, double Q05, double Median, double Q95, double MeanError, double BulkEss,
        double TailEss, double RHat);
