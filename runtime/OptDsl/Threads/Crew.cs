using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OptDsl.Threads;

/// <summary>
/// What the threads of a <see cref="WorkTeam"/> share: one job at a time, and the place where they wait for the next job.
/// </summary>
internal sealed class Crew(int members)
{
    // Long enough to reach the next step of a tight loop, short enough to leave the processor to others.
    private static readonly long SpinTicks = Stopwatch.Frequency / 1_000_000 * 20;

    private const int Open = 1 << 30;

    private readonly object bell = new();

    // A member's own tiles lie together, so every step finds them in the cache of the core that stepped them last.
    private readonly Share[] shares = new Share[members];

    // When the last job ended. A job that follows within the spin time is part of a tight loop, whose helpers need not fall asleep.
    private long lastEnd;

    // The job. It is written while the gate is closed and nobody is inside, and read by those who passed the gate.
    private ITiledWork? work;
    private int sharers;

    // Whether the job is open, and how many helpers are inside it.
    private int gate;
    private int jobs, asleep;
    private bool ended;

    internal void Run(ITiledWork tiles, int count, int threads, bool wake)
    {
        wake |= Stopwatch.GetTimestamp() - lastEnd < SpinTicks;
        if (wake || Volatile.Read(ref asleep) < members - 1)
        {
            RunTogether(tiles, count, threads, wake);
        }
        else
        {
            for (int tile = 0; tile < count; tile++)
            {
                tiles.Run(tile);
            }
        }

        lastEnd = Stopwatch.GetTimestamp();
    }

    /// <summary>The loop of a helper thread: it takes part in jobs until the end.</summary>
    internal void Serve(int member)
    {
        int seen = 0;
        while (Await(ref seen))
        {
            if (Enter(member))
            {
                Work(member);
                Interlocked.Decrement(ref gate);
            }
        }
    }

    internal void End()
    {
        lock (bell)
        {
            Volatile.Write(ref ended, true);
            Monitor.PulseAll(bell);
        }
    }

    private void RunTogether(ITiledWork tiles, int count, int threads, bool wake)
    {
        work = tiles;
        sharers = threads;
        for (int i = 0; i < threads; i++)
        {
            shares[i].Next = (int)((long)count * i / threads);
            shares[i].End = (int)((long)count * (i + 1) / threads);
        }

        Interlocked.Exchange(ref gate, Open);

        // A full fence, here and where a helper falls asleep: either the helper sees the new job, or this thread sees that it sleeps.
        Interlocked.Increment(ref jobs);
        if (wake && Volatile.Read(ref asleep) != 0)
        {
            lock (bell)
            {
                Monitor.PulseAll(bell);
            }
        }

        Work(member: 0);
        Interlocked.And(ref gate, ~Open);

        // At most one tile per helper is left. Yield, in case a helper has lost its processor.
        SpinWait spin = default;
        while (Volatile.Read(ref gate) != 0)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }

        work = null;
    }

    private bool Await(ref int seen)
    {
        long deadline = Stopwatch.GetTimestamp() + SpinTicks;
        while (Volatile.Read(ref jobs) == seen && !Volatile.Read(ref ended))
        {
            if (Stopwatch.GetTimestamp() > deadline)
            {
                Sleep(seen);
            }
            else
            {
                Thread.SpinWait(4);
            }
        }

        seen = Volatile.Read(ref jobs);
        return !Volatile.Read(ref ended);
    }

    private void Sleep(int seen)
    {
        lock (bell)
        {
            Interlocked.Increment(ref asleep);
            while (Volatile.Read(ref jobs) == seen && !ended)
            {
                Monitor.Wait(bell);
            }

            Interlocked.Decrement(ref asleep);
        }
    }

    private bool Enter(int member)
    {
        int now = Volatile.Read(ref gate);
        while ((now & Open) != 0)
        {
            int before = Interlocked.CompareExchange(ref gate, now + 1, now);
            if (before == now)
            {
                if (member < sharers)
                {
                    return true;
                }

                Interlocked.Decrement(ref gate);
                return false;
            }

            now = before;
        }

        return false;
    }

    /// <summary>Runs a member's own tiles first, then tiles of other members that have not begun.</summary>
    private void Work(int member)
    {
        ITiledWork tiles = work!;
        for (int i = 0; i < sharers; i++)
        {
            ref Share share = ref shares[(member + i) % sharers];
            while (Volatile.Read(ref share.Next) < share.End)
            {
                int tile = Interlocked.Increment(ref share.Next) - 1;
                if (tile < share.End)
                {
                    tiles.Run(tile);
                }
            }
        }
    }

    /// <summary>A range of tiles in its own two cache lines, because processors fetch cache lines in pairs.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct Share
    {
        [FieldOffset(0)]
        internal int Next;

        [FieldOffset(4)]
        internal int End;
    }
}
