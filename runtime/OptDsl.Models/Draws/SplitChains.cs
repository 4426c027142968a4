using System.Numerics;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.IntegralTransforms;

namespace OptDsl.Models;

/// <summary>The halves of chains, one after the other, and the computations of <see cref="ChainDiagnostics"/> on them.</summary>
/// <param name="values">The draws, half by half, all halves of the same length.</param>
/// <param name="count">The number of halves, two per chain.</param>
internal sealed class SplitChains(double[] values, int count)
{
    private const int LeastLength = 4;

    private readonly int length = values.Length / count;

    /// <summary>Whether the halves are long enough and the draws are not all the same.</summary>
    private bool IsDefined { get; } = values.Length / count >= LeastLength && values.AsSpan().ContainsAnyExcept(values[0]);

    /// <summary>Splits the chains. The middle one of an odd number of draws is in neither half.</summary>
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

    /// <summary>The normal quantiles of the ranks among all draws (equation 14). Equal draws share their mean rank.</summary>
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

    /// <summary>1 for draws of at most <paramref name="level"/>, 0 for the others.</summary>
    internal SplitChains AtMost(double level) => new(Array.ConvertAll(values, value => value <= level ? 1.0 : 0), count);

    /// <summary>The root of the ratio of two variance estimates: from all halves, and within the halves (equations 1 to 4).</summary>
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
    /// The effective sample size of the mean (equations 10 to 13). The sum of the autocorrelations is truncated by Geyer's initial monotone
    /// sequence ("Practical Markov chain Monte Carlo", 1992). It is bounded from below, so that S draws are worth at most S log10 S.
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

        // Adds each even lag to the next lag, as long as the sums are positive, and limits each sum to the previous one. The last lags have
        // too few draws, so they are left out if there are others.
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

        // The even lag at which the sum ends is also positive on average. Including it reduces the bias if the lags alternate in sign.
        double time = 2 * sum - 1 + Math.Max(0, Correlation(even));
        return values.Length / Math.Max(time, 1 / Math.Log10(values.Length));
    }

    /// <summary>
    /// The mean over the halves of the autocovariance at every lag. The divisor is that of lag 0, which keeps the sequence positive
    /// definite. It is linear in the power spectrum, so a single inverse transform serves all halves. Two halves share a forward transform,
    /// as the real and the imaginary part.
    /// </summary>
    private double[] Autocovariances(double[] means)
    {
        // Zero padding keeps the end of a half from being correlated with its beginning.
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
            // The mean is computed relative to the first draw, so that a half that does not move has zero variance instead of rounding
            // error.
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
