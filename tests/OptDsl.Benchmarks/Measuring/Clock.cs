using System.Diagnostics;

namespace OptDsl.Benchmarks;

/// <summary>What a sample is measured in, and what reading it costs.</summary>
internal sealed class Clock
{
    private readonly Func<long> read;

    private Clock(Func<long> read)
    {
        this.read = read;
        Cost = CostOf(read);
    }

    /// <summary>The processor time of the calling thread: time a busy neighbour takes away is not counted.</summary>
    internal static Clock Thread { get; } = new(() => ThreadClock.Nanoseconds);

    /// <summary>Time that passes: the only measure of work on several threads.</summary>
    internal static Clock Wall { get; } = new(() => (long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency)));

    internal long Cost { get; }

    internal long Nanoseconds => read();

    /// <summary>Whether other work keeps two threads of ours from running side by side just now.</summary>
    internal static bool MachineIsBusy()
    {
        double[] shares = new double[2];
        var other = new System.Threading.Thread(() => shares[1] = Share());
        other.Start();
        shares[0] = Share();
        other.Join();
        return shares.Min() < .9;

        static double Share()
        {
            (long start, long wall) = (ThreadClock.Nanoseconds, Stopwatch.GetTimestamp());
            TimeSpan passed;
            do
            {
                passed = Stopwatch.GetElapsedTime(wall);
            }
            while (passed < TimeSpan.FromMilliseconds(20));
            return (ThreadClock.Nanoseconds - start) / passed.TotalNanoseconds;
        }
    }

    private static long CostOf(Func<long> read)
    {
        var costs = new long[2000];
        for (int i = 0; i < costs.Length; i++)
        {
            long start = read();
            costs[i] = read() - start;
        }

        Array.Sort(costs);
        return costs[costs.Length / 2];
    }
}
