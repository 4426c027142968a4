using System.Numerics;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.IntegralTransforms;

namespace OptDsl.Models;

/// <summary>The halves of chains, one after the other, and what <see cref="ChainDiagnostics"/> computes of them.</summary>
/// <param name="values">Half by half, all of one length.</param>
/// <param name="count">Of halves, two a chain.</param>
internal sealed class SplitChains(double[] values, int count)
{
    private const int LeastLength = 4;

    private readonly int length = values.Length / count;

    /// <summary>Whether the halves are long enough, and not all draws are the same.</summary>
    private bool IsDefined { get; } = values.Length / count >= LeastLength && values.AsSpan().ContainsAnyExcept(values[0]);

    /// <summary>Of an odd number of draws the middle one is in neither half.</summary>
    internal static SplitChains Of(ReadOnlySpan<double> draws, int chains)
    {
        int all = draws.Length / chains, half = all / 2;
        double[] halves = new double[2 * chains * half];
        for (int chain = 0; chain < chains; chain++)
        {
            ReadOnlySpan<double> chosen = draws.Slice(chain * all, all);
            chosen[..half].CopyTo(halves.AsSpan(2 * chain * half));
            chosen[(all - half)..].CopyTo(halves.AsSpan((2 * chain + 1) * half));
        }

        return new SplitChains(halves, 2 * chains);
    }

    /// <summary>The normal quantiles of the ranks among all draws, which equal draws share (equation 14).</summary>
    internal SplitChains RankNormalized()
    {
        if (!IsDefined)
        {
            return this;
        }

        double[] sorted = (double[])values.Clone(), normal = new double[values.Length];
        int[] places = [.. Enumerable.Range(0, values.Length)];
        Array.Sort(sorted, places);
        for (int first = 0, next; first < sorted.Length; first = next)
        {
            for (next = first + 1; next < sorted.Length && sorted[next] == sorted[first]; next++)
            {
            }

            double rank = (first + 1 + next) / 2.0;
            double quantile = Normal.InvCDF(0, 1, (rank - 3.0 / 8) / (sorted.Length + 1.0 / 4));
            for (int i = first; i < next; i++)
            {
                normal[places[i]] = quantile;
            }
        }

        return new SplitChains(normal, count);
    }

    /// <summary>1 where a draw is at most <paramref name="level"/>, else 0.</summary>
    internal SplitChains AtMost(double level) => new(Array.ConvertAll(values, value => value <= level ? 1.0 : 0), count);

    /// <summary>The root of the ratio of two estimates of the variance, from all halves and within them (equations 1 to 4).</summary>
    internal double RHat()
    {
        if (!IsDefined)
        {
            return double.NaN;
        }

        double[] means = Means();
        double squares = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double distance = values[i] - means[i / length];
            squares += distance * distance;
        }

        return Math.Sqrt((length - 1.0) / length + Variance(means) / (squares / count / (length - 1)));
    }

    /// <summary>
    /// The effective sample size of the mean (equations 10 to 13): the autocorrelations' sum ends by Geyer's initial monotone sequence
    /// ("Practical Markov chain Monte Carlo", 1992), and is at least what makes S draws worth S log10 S.
    /// </summary>
    internal double EffectiveSize()
    {
        if (!IsDefined)
        {
            return double.NaN;
        }

        double[] means = Means(), covariances = Autocovariances(means);
        double within = covariances[0] * length / (length - 1), all = covariances[0] + Variance(means);
        double Correlation(int lag) => lag == 0 ? 1 : 1 - (within - covariances[lag]) / all;

        // Sums of an even lag and the next, as long as they are positive, and none larger than the one before. The last lags are of too
        // few draws to be looked at, where there are others.
        int last = Math.Max(2, (length - 4) / 2 * 2), even = 0;
        double sum = 0, before = double.PositiveInfinity;
        for (; even < last; even += 2)
        {
            double pair = Correlation(even) + Correlation(even + 1);
            if (pair <= 0)
            {
                break;
            }

            before = Math.Min(before, pair);
            sum += before;
        }

        // The even lag where it ends is positive on average too, and counts less bias where lags alternate.
        double time = 2 * sum - 1 + Math.Max(0, Correlation(even));
        return values.Length / Math.Max(time, 1 / Math.Log10(values.Length));
    }

    /// <summary>
    /// The mean over the halves of the autocovariance at every lag, with the divisor of lag 0 (which keeps the sequence positive definite).
    /// It is linear in the power spectrum, so one transform back serves all; two halves share one transform forth, as the real and the
    /// imaginary part.
    /// </summary>
    private double[] Autocovariances(double[] means)
    {
        // Zeros behind them keep the end from meeting the beginning.
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)(2 * length));
        var pair = new Complex[size];
        double[] power = new double[size];
        for (int half = 0; half < count; half += 2)
        {
            Array.Clear(pair);
            for (int i = 0; i < length; i++)
            {
                pair[i] = new Complex(values[half * length + i] - means[half], values[(half + 1) * length + i] - means[half + 1]);
            }

            Fourier.Forward(pair, FourierOptions.NoScaling);
            for (int i = 0; i < size; i++)
            {
                power[i] += pair[i].Real * pair[i].Real + pair[i].Imaginary * pair[i].Imaginary;
            }
        }

        for (int i = 0; i < size; i++)
        {
            pair[i] = power[i];
        }

        Fourier.Inverse(pair, FourierOptions.NoScaling);
        double[] covariances = new double[length];
        for (int lag = 0; lag < length; lag++)
        {
            covariances[lag] = pair[lag].Real / size / length / count;
        }

        return covariances;
    }

    private double[] Means()
    {
        double[] means = new double[count];
        for (int half = 0; half < count; half++)
        {
            // About the first, so that a half that stands still has no variance, not one of rounding errors.
            ReadOnlySpan<double> chosen = values.AsSpan(half * length, length);
            double sum = 0;
            foreach (double value in chosen)
            {
                sum += value - chosen[0];
            }

            means[half] = chosen[0] + sum / length;
        }

        return means;
    }

    private static double Variance(double[] means)
    {
        double mean = means.Sum() / means.Length;
        return means.Sum(value => (value - mean) * (value - mean)) / (means.Length - 1);
    }
}
