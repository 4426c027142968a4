namespace OptDsl.Threads;

/// <summary>Work that is divided into numbered, independent tiles.</summary>
internal interface ITiledWork
{
    /// <summary>Runs one tile. Must not throw.</summary>
    void Run(int tile);
}
