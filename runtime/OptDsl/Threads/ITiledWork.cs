namespace OptDsl.Threads;

/// <summary>Work in numbered tiles that do not depend on each other.</summary>
internal interface ITiledWork
{
    /// <summary>Does one tile. Must not throw.</summary>
    void Run(int tile);
}
