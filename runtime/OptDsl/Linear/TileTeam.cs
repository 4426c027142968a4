using OptDsl.Threads;

namespace OptDsl.Linear;

/// <summary>
/// Runs tiles on the calling thread and some of the thread pool, without allocating. Which thread takes which tile is left
/// to chance; the tiles are disjoint, so the result is not.
/// </summary>
/// <remarks>
/// Products and losses have no end at which threads of their own could be given back, and take long enough for the pool's;
/// an optimizer's step is shorter, and its buffer, which is disposed, keeps threads for it.
/// </remarks>
internal sealed class TileTeam
{
    private readonly Helper[] helpers;
    private ITiledWork? work;

    // Tiles nobody has claimed, and tiles not yet done. A helper that wakes late finds nothing unclaimed, or joins the next
    // job: it reads the job only after a claim, and a job is complete in memory before its tiles can be claimed.
    private int unclaimed, unfinished;

    internal TileTeam(int threads)
    {
        helpers = new Helper[threads - 1];
        for (int i = 0; i < helpers.Length; i++)
        {
            helpers[i] = new Helper(this);
        }
    }

    internal int Threads => helpers.Length + 1;

    internal void Run(ITiledWork tiles, int count)
    {
        work = tiles;
        unfinished = count;
        Volatile.Write(ref unclaimed, count);
        for (int i = 0; i < Math.Min(helpers.Length, count - 1); i++)
        {
            helpers[i].Wake();
        }

        Work();

        // What is left is at most one tile a helper: short, so never asleep.
        SpinWait spin = default;
        while (Volatile.Read(ref unfinished) != 0)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    private void Work()
    {
        while (true)
        {
            int left = Volatile.Read(ref unclaimed);
            if (left <= 0)
            {
                return;
            }

            if (Interlocked.CompareExchange(ref unclaimed, left - 1, left) == left)
            {
                work!.Run(left - 1);
                Interlocked.Decrement(ref unfinished);
            }
        }
    }

    private sealed class Helper(TileTeam team) : IThreadPoolWorkItem
    {
        private int queued;

        internal void Wake()
        {
            if (Interlocked.Exchange(ref queued, 1) == 0)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }
        }

        public void Execute()
        {
            // A full fence: had the next read of the tiles come first, a wake in between would be lost.
            Interlocked.Exchange(ref queued, 0);
            team.Work();
        }
    }
}
