namespace OptDsl.Models.Tests.Draws;

/// <summary>
/// The definitions of Vehtari et al. (2021) as they stand, every sum written out: ranks by counting, autocovariances lag by lag, the
/// normal quantile by bisection. Nothing is shared with the library.
/// </summary>
internal static class SlowDiagnostics
{
    internal static double RHat(double[][] chains)
    {
        double[] sorted = [.. chains.SelectMany(chain => chain).Order()];
        double median = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        double[][] folded = [.. chains.Select(chain => chain.Select(value => Math.Abs(value - median)).ToArray())];
        return Math.Max(PlainRHat(Normal(Split(chains))), PlainRHat(Normal(Split(folded))));
    }

    internal static double SplitRHat(double[][] chains) => PlainRHat(Split(chains));

    internal static double BulkEss(double[][] chains) => Ess(Normal(Split(chains)));

    internal static double TailEss(double[][] chains) => Math.Min(QuantileEss(chains, 0.05), QuantileEss(chains, 0.95));

    internal static double MeanEss(double[][] chains) => Ess(Split(chains));

    internal static double QuantileEss(double[][] chains, double probability)
    {
        double[] sorted = [.. chains.SelectMany(chain => chain).Order()];
        decimal place = (decimal)probability * (sorted.Length - 1);
        int below = (int)place;
        double quantile = sorted[below] + (double)(place - below) * (sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]);
        return Ess(Split([.. chains.Select(chain => chain.Select(value => value <= quantile ? 1.0 : 0).ToArray())]));
    }

    private static double PlainRHat(double[][] chains)
    {
        int n = chains[0].Length;
        double[] means = [.. chains.Select(chain => chain.Average())];
        double between = n * SampleVariance(means), within = chains.Average(SampleVariance);
        return Math.Sqrt(((n - 1.0) / n * within + between / n) / within);
    }

    private static double Ess(double[][] chains)
    {
        int n = chains[0].Length, all = chains.Length * n;
        if (chains.All(chain => chain.All(value => value == chains[0][0])))
        {
            return double.NaN;
        }

        double within = chains.Average(SampleVariance),
            total = (n - 1.0) / n * within + SampleVariance([.. chains.Select(chain => chain.Average())]);
        double[] correlations = [.. Enumerable.Range(0, n)
            .Select(lag => 1 - (within - chains.Average(chain => Autocovariance(chain, lag))) / total)];
        correlations[0] = 1;

        // Stan sums no pair from the last even lag on that has 3 lags behind it.
        var pairs = new List<double>();
        int last = Math.Max(2, Enumerable.Range(0, n).Last(lag => lag % 2 == 0 && lag + 3 < n)), lag = 0;
        for (; lag < last && correlations[lag] + correlations[lag + 1] > 0; lag += 2)
        {
            pairs.Add(correlations[lag] + correlations[lag + 1]);
        }

        for (int i = 1; i < pairs.Count; i++)
        {
            pairs[i] = Math.Min(pairs[i], pairs[i - 1]);
        }

        return all / Math.Max(2 * pairs.Sum() - 1 + Math.Max(0, correlations[lag]), 1 / Math.Log10(all));
    }

    private static double Autocovariance(double[] chain, int lag)
    {
        double mean = chain.Average(), sum = 0;
        for (int i = lag; i < chain.Length; i++)
        {
            sum += (chain[i] - mean) * (chain[i - lag] - mean);
        }

        return sum / chain.Length;
    }

    private static double SampleVariance(double[] values)
        => values.Sum(value => (value - values.Average()) * (value - values.Average())) / (values.Length - 1);

    private static double[][] Split(double[][] chains)
        => [.. chains.SelectMany(chain => new[] { chain[..(chain.Length / 2)], chain[((chain.Length + 1) / 2)..] })];

    private static double[][] Normal(double[][] chains)
    {
        double[] all = [.. chains.SelectMany(chain => chain)];
        return [.. chains.Select(chain => chain.Select(value =>
        {
            double rank = all.Count(other => other < value) + (all.Count(other => other == value) + 1) / 2.0;
            return NormalQuantile((rank - 0.375) / (all.Length + 0.25));
        }).ToArray())];
    }

    private static double NormalQuantile(double probability)
    {
        double low = -40, high = 40;
        for (int i = 0; i < 120; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = MathNet.Numerics.Distributions.Normal.CDF(0, 1, middle) < probability ? (middle, high) : (low, middle);
        }

        return low;
    }
}
