namespace OptDsl.Benchmarks;

/// <summary>A competitor's work and ours over the same memory.</summary>
internal abstract class Contest : IDisposable
{
    /// <summary>What their time is measured in.</summary>
    internal virtual Clock Clock => Clock.Thread;

    /// <summary>How much of the whole a sample works on.</summary>
    internal virtual double PartOfWhole => 1;

    /// <summary>The work one sample of the rival and of ours does.</summary>
    internal abstract (Work Rival, Work Ours) Works(int repetitions);

    /// <summary>Requires that both compute the same; throws, naming the first difference, if they do not.</summary>
    internal abstract void Verify();

    public abstract void Dispose();
}
