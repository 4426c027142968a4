using OptDsl.Threads;

namespace OptDsl.Linear;

/// <summary>
/// Runs tiles on the calling thread and threads of the thread pool, without allocating. Which thread takes which tile depends on chance.
/// The tiles are disjoint, so the result does not.
/// </summary>
/// <remarks>
/// Products and losses use the pool because they take long enough for it and have no point in time at which their own threads could be
/// ended. An optimizer's step is shorter. Its buffer keeps threads for it and ends them when it is disposed.
/// </remarks>
internal sealed class TileTeam
{
    private readonly Helper[] helpers;
    private ITiledWork? work;

    // The tiles nobody has claimed, and the tiles not yet done. A helper that wakes late finds nothing unclaimed, or joins the next job.
    // It reads the job only after a claim, and a job is complete in memory before its tiles can be claimed.
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

        // At most one tile per helper is left. That is short, so this thread does not sleep.
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
            // A full fence: if the next read of the tiles came first, a wake in between would be lost.
            Interlocked.Exchange(ref queued, 0);
            team.Work();
        }
    }
}
