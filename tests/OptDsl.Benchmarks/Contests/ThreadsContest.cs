namespace OptDsl.Benchmarks;

/// <summary>A rule's step on several threads against its step on one, over the same parameters.</summary>
internal sealed class ThreadsContest<TRule> : Contest
    where TRule : class, IUpdateRule<float>
{
    private readonly ParameterBuffer<float> buffer = new();
    private readonly Optimizer<float, TRule> one, several;

    /// <param name="rule">The rule.</param>
    /// <param name="count">Parameters.</param>
    /// <param name="threads">Threads; 0 for the library's choice.</param>
    internal ThreadsContest(TRule rule, int count, int threads)
    {
        buffer.Add("x", [count]);
        for (int i = 0; i < count; i++)
        {
            buffer.Values[i] = (i % 1000) * 1e-3f;
            buffer.Gradients[i] = 0.5f - ((i % 777) * 1e-3f);
        }

        one = buffer.Optimize(rule, new OptimizerOptions { Threads = 1 });
        several = buffer.Optimize(rule, new OptimizerOptions { Threads = threads });
    }

    internal override Clock Clock => Clock.Wall;

    internal override (Work Rival, Work Ours) Works(int repetitions) => (Steps(one, repetitions), Steps(several, repetitions));

    internal override void Verify()
    {
        float[] start = buffer.Values.ToArray();
        one.Step();
        float[] expected = buffer.Values.ToArray();
        start.CopyTo(buffer.Values);
        several.Step();
        if (!buffer.Values.SequenceEqual(expected))
        {
            throw new InvalidOperationException($"{typeof(TRule).Name}: several threads compute something else.");
        }
    }

    public override void Dispose() => buffer.Dispose();

    private static Work Steps(Optimizer<float, TRule> optimizer, int repetitions) => () =>
    {
        for (int i = 0; i < repetitions; i++)
        {
            optimizer.Step();
        }
    };
}
