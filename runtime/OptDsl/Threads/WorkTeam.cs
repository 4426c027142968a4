namespace OptDsl.Threads;

/// <summary>
/// The calling thread and helper threads that wait for it. Tiles of short work are divided among them without allocating. The team helps
/// one caller at a time. Another call meanwhile, from another thread or from a tile, runs on its own thread alone.
/// </summary>
/// <remarks>
/// The caller never waits for a thread that has not begun. It runs the tiles that nobody has taken, closes the job, and waits only for
/// tiles that are running. A helper that wakes too late, because the machine is busy, finds the job closed.
/// </remarks>
internal sealed class WorkTeam : IDisposable
{
    // Room for a kernel's frame, for the runtime, and for the caller's target function of a sampler.
    private const int StackSize = 16 * 1024 * 1024;

    // The threads reference the crew and not the team. So a team that nobody disposed can be collected, and its finalizer ends them.
    private readonly Crew crew;
    private readonly List<Thread> helpers = [];
    private int isTaken;

    /// <param name="threads">The number of threads, including the caller; at least 1.</param>
    /// <exception cref="OutOfMemoryException">The system gives no more threads. The threads already started have ended.</exception>
    internal WorkTeam(int threads)
    {
        Threads = threads;
        crew = new Crew(threads);
        try
        {
            for (int member = 1; member < threads; member++)
            {
                (Crew shared, int self) = (crew, member);
                var helper = new Thread(() => shared.Serve(self), StackSize) { IsBackground = true, Name = $"OptDsl step {member}" };
                helper.Start();
                helpers.Add(helper);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    ~WorkTeam() => crew.End();

    /// <summary>The number of threads, including the caller.</summary>
    internal int Threads { get; }

    /// <summary>Runs all tiles on at most the given number of threads, and returns when they are done.</summary>
    /// <param name="work">The work.</param>
    /// <param name="tiles">The number of tiles.</param>
    /// <param name="threads">The number of threads that may take part, including the caller.</param>
    /// <param name="wake">
    /// Whether the work is worth waking sleeping threads, which costs the caller some 10 microseconds. In a tight loop they are woken in
    /// any case, and stay awake.
    /// </param>
    internal void Run(ITiledWork work, int tiles, int threads, bool wake)
    {
        if (Interlocked.CompareExchange(ref isTaken, 1, 0) == 0)
        {
            crew.Run(work, tiles, Math.Min(threads, Threads), wake);
            Volatile.Write(ref isTaken, 0);
            return;
        }

        for (int tile = 0; tile < tiles; tile++)
        {
            work.Run(tile);
        }
    }

    /// <summary>Ends the threads after their current work, without waiting.</summary>
    internal void End() => crew.End();

    /// <summary>Ends the threads and waits until they have ended.</summary>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        crew.End();
        foreach (Thread helper in helpers)
        {
            helper.Join();
        }
    }
}
