namespace OptDsl.Benchmarks;

/// <summary>What is timed: one sample of a competitor's work.</summary>
internal delegate void Work();

/// <summary>The competitor's time over ours, and the competitor's over its own.</summary>
internal readonly record struct Ratios(double P05, double P50, double ControlP05);

/// <summary>
/// Times competitors against each other on a machine that other people use: in one process, in random order every round,
/// comparing their quiet samples (the fifth percentile) with each other.
/// </summary>
internal sealed class Sampler(int repeats, TimeSpan repeat)
{
    // A sample: long beside the clock, short beside a time slice.
    private const double SampleNanoseconds = 50_000;
    private const int WarmUpRounds = 30, LeastRounds = 20, FewRounds = 4;
    private readonly Random random = new(20_240_229);

    /// <summary>The ratios of a contest, each the median over the repeats.</summary>
    internal Ratios Compare(Contest contest)
    {
        double once = Quiet(contest.Works(1).Rival, contest.Clock, TimeSpan.FromMilliseconds(2));
        (Work rival, Work ours) = contest.Works(Math.Clamp((int)(SampleNanoseconds / once), 1, 1000));
        var ratios = new Ratios[repeats];
        for (int r = 0; r < repeats; r++)
        {
            double[][] sorted = Sample([rival, rival, ours], contest.Clock, repeat);
            ratios[r] = new(At(sorted[0], .05) / At(sorted[2], .05), At(sorted[0], .5) / At(sorted[2], .5),
                At(sorted[0], .05) / At(sorted[1], .05));
        }

        return new(Median(ratios.Select(ratio => ratio.P05)), Median(ratios.Select(ratio => ratio.P50)),
            Median(ratios.Select(ratio => ratio.ControlP05)));
    }

    /// <summary>Nanoseconds of one work's samples, sorted.</summary>
    internal double[] Samples(Work work, Clock clock) => Sample([work], clock, repeat)[0];

    /// <summary>A quantile of sorted samples.</summary>
    internal static double At(double[] sorted, double quantile) => sorted[(int)(quantile * (sorted.Length - 1))];

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private double Quiet(Work work, Clock clock, TimeSpan time) => At(Sample([work], clock, time)[0], .05);

    private double[][] Sample(Work[] works, Clock clock, TimeSpan time)
    {
        var samples = new List<double>[works.Length];
        for (int i = 0; i < works.Length; i++)
        {
            samples[i] = new List<double>(100_000);
        }

        int[] order = [.. Enumerable.Range(0, works.Length)];
        long begun = clock.Nanoseconds, length = (long)time.TotalNanoseconds, deadline = long.MaxValue;
        int least = LeastRounds;
        for (int round = -WarmUpRounds; round < least || clock.Nanoseconds < deadline; round++)
        {
            // Work that takes milliseconds needs neither so many rounds to warm up nor to be measured.
            if (round < 0 && clock.Nanoseconds - begun > length / 4)
            {
                round = 0;
                least = FewRounds;
            }

            if (round == 0)
            {
                deadline = clock.Nanoseconds + length;
            }

            random.Shuffle(order);
            foreach (int i in order)
            {
                long start = clock.Nanoseconds;
                works[i]();
                long end = clock.Nanoseconds;
                if (round >= 0)
                {
                    samples[i].Add(Math.Max(1, end - start - clock.Cost));
                }
            }
        }

        return [.. samples.Select(list => list.Order().ToArray())];
    }
}
