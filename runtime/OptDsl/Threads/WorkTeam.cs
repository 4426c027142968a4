namespace OptDsl.Threads;

/// <summary>
/// The calling thread and some of its own that wait for it: tiles of short work are divided among them without allocating. It helps one
/// caller at a time; another one that calls meanwhile, from another thread or from a tile, does its work alone.
/// </summary>
/// <remarks>
/// The caller never waits for a thread that has not begun. It does the tiles that nobody has taken, closes the job, and
/// waits only for tiles under way; a helper that wakes too late, because the machine is busy, finds the job closed.
/// </remarks>
internal sealed class WorkTeam : IDisposable
{
    // A kernel's frame and the runtime's own needs, and what a caller's target of a sampler keeps there.
    private const int StackSize = 16 * 1024 * 1024;

    // The threads know the crew and not the team, so that a team nobody disposed can be collected, and end them.
    private readonly Crew crew;
    private readonly List<Thread> helpers = [];
    private int isTaken;

    /// <param name="threads">Threads in all, with the caller; at least 1.</param>
    /// <exception cref="OutOfMemoryException">The system gives no more threads; those begun have ended.</exception>
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

    /// <summary>Threads in all, with the caller.</summary>
    internal int Threads { get; }

    /// <summary>Runs all tiles, on no more threads than asked for, and returns when they are done.</summary>
    /// <param name="work">What to run.</param>
    /// <param name="tiles">How many.</param>
    /// <param name="threads">Threads that may take part, with the caller.</param>
    /// <param name="wake">
    /// Whether the work is worth waking those that sleep, some 10 microseconds for the caller; in a tight loop they are
    /// woken in any case, and stay awake.
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

    /// <summary>Ends the threads when they have done the work under way, and waits for nothing.</summary>
    internal void End() => crew.End();

    /// <summary>Ends the threads and waits for their end.</summary>
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
