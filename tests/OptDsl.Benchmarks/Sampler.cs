namespace OptDsl.Benchmarks;

/// <summary>What is timed: one sample of a competitor's work.</summary>
internal delegate void Work();

/// <summary>Ratios of one competitor to the reference: the reference's time over its own.</summary>
internal readonly record struct Ratios(double P05, double P50);

/// <summary>
/// Times competitors against each other on a machine that other people use: in one process, in random order every round, in
/// processor time, comparing their quiet samples (the fifth percentile) with each other.
/// </summary>
internal sealed class Sampler
{
    private const int WarmUpRounds = 30;
    private readonly Random random = new(20_240_229);
    private readonly long clockCost;

    internal Sampler() => clockCost = CostOfClock();

    /// <summary>The median over repeats of each work's ratios to the first one.</summary>
    internal Ratios[] Compare(Work[] works, int repeats, TimeSpan repeat)
    {
        var ratios = new Ratios[works.Length][];
        for (int i = 0; i < works.Length; i++)
        {
            ratios[i] = new Ratios[repeats];
        }

        for (int r = 0; r < repeats; r++)
        {
            double[][] sorted = Sample(works, repeat);
            for (int i = 0; i < works.Length; i++)
            {
                ratios[i][r] = new(At(sorted[0], .05) / At(sorted[i], .05), At(sorted[0], .5) / At(sorted[i], .5));
            }
        }

        return [.. ratios.Select(all => new Ratios(Median(all.Select(ratio => ratio.P05)), Median(all.Select(ratio => ratio.P50))))];
    }

    /// <summary>Nanoseconds of the quiet samples of one work.</summary>
    internal double Quiet(Work work, TimeSpan time) => At(Sample([work], time)[0], .05);

    private static double At(double[] sorted, double quantile) => sorted[(int)(quantile * (sorted.Length - 1))];

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static long CostOfClock()
    {
        var costs = new long[2000];
        for (int i = 0; i < costs.Length; i++)
        {
            long start = ThreadClock.Nanoseconds;
            costs[i] = ThreadClock.Nanoseconds - start;
        }

        Array.Sort(costs);
        return costs[costs.Length / 2];
    }

    private double[][] Sample(Work[] works, TimeSpan time)
    {
        var samples = new List<double>[works.Length];
        for (int i = 0; i < works.Length; i++)
        {
            samples[i] = new List<double>(100_000);
        }

        int[] order = [.. Enumerable.Range(0, works.Length)];
        long deadline = 0;
        for (int round = -WarmUpRounds; round < 20 || ThreadClock.Nanoseconds < deadline; round++)
        {
            if (round == 0)
            {
                deadline = ThreadClock.Nanoseconds + (long)(time.TotalMilliseconds * 1e6);
            }

            random.Shuffle(order);
            foreach (int i in order)
            {
                long start = ThreadClock.Nanoseconds;
                works[i]();
                long end = ThreadClock.Nanoseconds;
                if (round >= 0)
                {
                    samples[i].Add(Math.Max(1, end - start - clockCost));
                }
            }
        }

        return [.. samples.Select(list => list.Order().ToArray())];
    }
}
