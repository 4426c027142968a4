using MathNet.Numerics.Distributions;

namespace OptDsl.Models;

/// <summary>
/// Diagnostics of whether chains agree, and how many independent draws theirs are worth (Vehtari, Gelman, Simpson, Carpenter and Bürkner,
/// "Rank-normalization, folding, and localization: an improved R-hat for assessing convergence of MCMC", Bayesian Analysis 16, 2021).
/// </summary>
/// <remarks>
/// <para>
/// Every method takes the draws of one number, chain by chain (<see cref="Samples{T}.GetComponent(int)"/>), and the number of chains. Each
/// chain is split into two halves; the middle one of an odd number of draws is left out. The result is NaN if there are fewer than 8 draws
/// per chain, if a draw is not finite, or if no chain ever moves.
/// </para>
/// <para>
/// Draws may have any magnitude. If their squares would overflow or underflow, the draws are scaled by a power of two and the result is
/// scaled back. A result that exceeds a double is infinite, such as the standard deviation of draws at both ends of its range.
/// </para>
/// <para>
/// Rely on the results only if R-hat is below 1.01 and both effective sample sizes are at least 100 per chain (section 4).
/// </para>
/// </remarks>
public static class ChainDiagnostics
{
    private const double Tail = 0.05;

    // For draws up to 2 to this power, the fourth powers of deviations and their sums are normal numbers. So they are down to 2 to minus
    // this power, even if the draws differ only in their last digit.
    private const int ModerateExponent = 150;

    /// <summary>
    /// The larger of two split R-hats of rank-normalized draws (equation 14). That of the draws detects chains with different means. That
    /// of their distances from the median detects chains with different scales (section 3.2).
    /// </summary>
    /// <param name="draws">The draws of one number, chain by chain.</param>
    /// <param name="chains">The number of chains; at least 1.</param>
    /// <returns>
    /// About 1 or above; NaN if either part is NaN. One part is NaN, for example, if a number takes two values, each in half of the draws.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no chain.</exception>
    /// <exception cref="ArgumentException">The chains do not have equally many draws.</exception>
    public static double RHat(ReadOnlySpan<double> draws, int chains)
    {
        return CanTell(draws, chains) ? RHat(draws, chains, Quantiles.Sorted(draws), SplitChains.Of(draws, chains).RankNormalized())
            : double.NaN;
    }

    /// <summary>
    /// Split R-hat of the draws themselves (equations 1 to 4). It does not detect chains with different scales, and has no meaning for a
    /// distribution without a variance.
    /// </summary>
    /// <inheritdoc cref="RHat(ReadOnlySpan{double}, int)"/>
    /// <returns>About 1 or above.</returns>
    public static double SplitRHat(ReadOnlySpan<double> draws, int chains)
    {
        return CanTell(draws, chains) ? Moderate(draws, chains).RHat() : double.NaN;
    }

    /// <summary>
    /// The effective sample size of the rank-normalized draws (section 4.1). It measures how well the center of the distribution is known,
    /// also for a distribution without a variance.
    /// </summary>
    /// <inheritdoc cref="RHat(ReadOnlySpan{double}, int)"/>
    /// <returns>Above 0, and at most S log10 S for S draws.</returns>
    public static double BulkEss(ReadOnlySpan<double> draws, int chains)
    {
        return CanTell(draws, chains) ? SplitChains.Of(draws, chains).RankNormalized().EffectiveSize() : double.NaN;
    }

    /// <summary>The smaller of the effective sample sizes of the 5 % and 95 % quantiles (section 4.3).</summary>
    /// <inheritdoc cref="BulkEss"/>
    public static double TailEss(ReadOnlySpan<double> draws, int chains)
    {
        return CanTell(draws, chains) ? TailEss(SplitChains.Of(draws, chains), Quantiles.Sorted(draws)) : double.NaN;
    }

    /// <summary>The effective sample size of the mean (equation 10), by Geyer's initial monotone sequence.</summary>
    /// <inheritdoc cref="BulkEss"/>
    public static double MeanEss(ReadOnlySpan<double> draws, int chains)
    {
        return CanTell(draws, chains) ? Moderate(draws, chains).EffectiveSize() : double.NaN;
    }

    /// <summary>The effective sample size of a quantile (section 4.3): that of the indicator of draws at or below the quantile.</summary>
    /// <param name="draws">The draws of one number, chain by chain.</param>
    /// <param name="chains">The number of chains; at least 1.</param>
    /// <param name="probability">The probability of the quantile, in (0, 1).</param>
    /// <returns>Above 0, and at most S log10 S for S draws; NaN if every draw is at or below the quantile.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no chain, or the probability is not between 0 and 1.</exception>
    /// <exception cref="ArgumentException">The chains do not have equally many draws.</exception>
    public static double QuantileEss(ReadOnlySpan<double> draws, int chains, double probability)
    {
        CheckProbability(probability);
        return CanTell(draws, chains) ? QuantileEss(SplitChains.Of(draws, chains), Quantiles.Sorted(draws), probability) : double.NaN;
    }

    /// <summary>The Monte Carlo standard error of the mean: the standard deviation divided by the root of <see cref="MeanEss"/>.</summary>
    /// <inheritdoc cref="RHat(ReadOnlySpan{double}, int)"/>
    /// <returns>The error, in the unit of the draws.</returns>
    public static double MeanError(ReadOnlySpan<double> draws, int chains)
    {
        return CanTell(draws, chains) ? Moments(draws).StandardDeviation / Math.Sqrt(Moderate(draws, chains).EffectiveSize()) : double.NaN;
    }

    /// <summary>
    /// The Monte Carlo standard error of the standard deviation, to first order: that of the mean squared distance from the mean, divided
    /// by twice the standard deviation.
    /// </summary>
    /// <inheritdoc cref="MeanError"/>
    public static double StandardDeviationError(ReadOnlySpan<double> draws, int chains)
    {
        if (!CanTell(draws, chains))
        {
            return double.NaN;
        }

        draws = Moderate(draws, out int exponent);
        double mean = Moments(draws).Mean, second = 0, fourth = 0;
        double[] squares = new double[draws.Length];
        for (int i = 0; i < squares.Length; i++)
        {
            squares[i] = (draws[i] - mean) * (draws[i] - mean);
            second += squares[i] / squares.Length;
            fourth += squares[i] * squares[i] / squares.Length;
        }

        return Math.ScaleB(Math.Sqrt((fourth - second * second) / SplitChains.Of(squares, chains).EffectiveSize() / second) / 2, exponent);
    }

    /// <summary>
    /// The Monte Carlo standard error of a quantile (section 4.4): half the distance between two draws. The quantile lies between them with
    /// the same probability as a normal number lies within one standard deviation of its mean.
    /// </summary>
    /// <inheritdoc cref="QuantileEss(ReadOnlySpan{double}, int, double)"/>
    /// <returns>The error, in the unit of the draws.</returns>
    public static double QuantileError(ReadOnlySpan<double> draws, int chains, double probability)
    {
        CheckProbability(probability);
        double[] sorted = Quantiles.Sorted(draws);
        double size = CanTell(draws, chains) ? QuantileEss(SplitChains.Of(draws, chains), sorted, probability) : double.NaN;
        if (double.IsNaN(size))
        {
            return double.NaN;
        }

        // The position of the quantile among independent draws has a beta distribution.
        double alpha = size * probability + 1, beta = size * (1 - probability) + 1, outside = Normal.CDF(0, 1, -1);
        int low = (int)Math.Floor(Beta.InvCDF(alpha, beta, outside) * sorted.Length),
            high = (int)Math.Ceiling(Beta.InvCDF(alpha, beta, 1 - outside) * sorted.Length);
        (double first, double last) = (sorted[Math.Max(low, 1) - 1], sorted[Math.Min(high, sorted.Length) - 1]);
        return double.IsInfinity(last - first) ? (last / 2) - (first / 2) : (last - first) / 2;
    }

    /// <summary>Computes all columns of a table of results for one number.</summary>
    /// <param name="name">The name of the number.</param>
    /// <param name="draws">The draws of one number, chain by chain.</param>
    /// <param name="chains">The number of chains; at least 1.</param>
    /// <inheritdoc cref="RHat(ReadOnlySpan{double}, int)"/>
    /// <returns>
    /// The row of the table. Quantiles are interpolated linearly between neighbouring draws. Without draws, every column is NaN.
    /// </returns>
    public static ComponentSummary Summarize(string name, ReadOnlySpan<double> draws, int chains)
    {
        ArgumentNullException.ThrowIfNull(name);
        bool canTell = CanTell(draws, chains);
        double[] sorted = Quantiles.Sorted(draws);
        (double mean, double deviation) = Moments(draws);
        var summary = new ComponentSummary(
            name, mean, deviation, Quantiles.At(sorted, Tail), Quantiles.At(sorted, 0.5), Quantiles.At(sorted, 1 - Tail), double.NaN,
                double.NaN, double.NaN, double.NaN);
        if (!canTell)
        {
            return summary;
        }

        SplitChains halves = SplitChains.Of(draws, chains), normal = halves.RankNormalized();
        return summary with
        {
            MeanError = deviation / Math.Sqrt(Moderate(draws, chains).EffectiveSize()),
            BulkEss = normal.EffectiveSize(),
            TailEss = TailEss(halves, sorted),
            RHat = RHat(draws, chains, sorted, normal),
        };
    }

    private static double RHat(ReadOnlySpan<double> draws, int chains, double[] sorted, SplitChains normal)
    {
        double median = Quantiles.At(sorted, 0.5);
        double[] folded = new double[draws.Length];
        for (int i = 0; i < folded.Length; i++)
        {
            folded[i] = Math.Abs(draws[i] - median);
        }

        // Only the ranks of the distances are used. If some distances overflow, all are halved, which keeps their ranks.
        bool overflows = folded.AsSpan().Contains(double.PositiveInfinity);
        for (int i = 0; overflows && i < folded.Length; i++)
        {
            folded[i] = Math.Abs((draws[i] / 2) - (median / 2));
        }

        return Math.Max(normal.RHat(), SplitChains.Of(folded, chains).RankNormalized().RHat());
    }

    private static double TailEss(SplitChains halves, double[] sorted)
        => Math.Min(QuantileEss(halves, sorted, Tail), QuantileEss(halves, sorted, 1 - Tail));

    private static double QuantileEss(SplitChains halves, double[] sorted, double probability)
        => halves.AtMost(Quantiles.At(sorted, probability)).EffectiveSize();

    /// <summary>The mean, and the standard deviation with the divisor n - 1; NaN if a draw is not finite.</summary>
    private static (double Mean, double StandardDeviation) Moments(ReadOnlySpan<double> draws)
    {
        draws = Moderate(draws, out int exponent);
        double sum = 0, squares = 0;
        foreach (double draw in draws)
        {
            sum += double.IsFinite(draw) ? draw : double.NaN;
        }

        double mean = sum / draws.Length;
        foreach (double draw in draws)
        {
            squares += (draw - mean) * (draw - mean);
        }

        return (Math.ScaleB(mean, exponent), Math.ScaleB(Math.Sqrt(squares / (draws.Length - 1)), exponent));
    }

    /// <summary>
    /// Returns the draws. If their fourth powers would overflow or underflow, returns them divided by 2^exponent, so that the largest is
    /// about 1. The result must not be ranked, because small draws beside large ones may become equal.
    /// </summary>
    private static ReadOnlySpan<double> Moderate(ReadOnlySpan<double> draws, out int exponent)
    {
        exponent = ScaledNorm.Exponent(draws);
        if (Math.Abs(exponent) <= ModerateExponent)
        {
            exponent = 0;
            return draws;
        }

        return ScaledNorm.Times(draws, -exponent);
    }

    private static SplitChains Moderate(ReadOnlySpan<double> draws, int chains) => SplitChains.Of(Moderate(draws, out _), chains);

    /// <summary>
    /// Checks the number of draws, and returns whether there are enough, all finite, and not all the same within every chain.
    /// </summary>
    private static bool CanTell(ReadOnlySpan<double> draws, int chains)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(chains, 1);
        if (draws.Length % chains != 0)
        {
            throw new ArgumentException($"{draws.Length} draws are not those of {chains} chains; every chain must have equally many.",
                nameof(draws));
        }

        bool moves = false;
        for (int i = 0, length = draws.Length / chains; i < draws.Length; i++)
        {
            moves |= draws[i] != draws[i / length * length];
            if (!double.IsFinite(draws[i]))
            {
                return false;
            }
        }

        return moves;
    }

    private static void CheckProbability(double probability)
    {
        if (!(probability is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability,
                "probability must lie between 0 and 1, both excluded.");
        }
    }
}
