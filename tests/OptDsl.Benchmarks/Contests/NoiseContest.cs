namespace OptDsl.Benchmarks;

/// <summary>Another maker of normal numbers.</summary>
internal interface INormals
{
    /// <summary>Whether they are those of the library, but for rounding.</summary>
    bool AreOurs { get; }

    void Fill(ulong seed, ulong attempt, uint stream, float[] target);
}

/// <summary>Normal numbers in float against another maker's.</summary>
internal sealed class NoiseContest(int size, INormals rival) : Contest
{
    private readonly float[] ours = new float[size], theirs = new float[size];
    private ulong attempt;

    internal override (Work Rival, Work Ours) Works(int repetitions) => (
        () =>
        {
            for (int i = 0; i < repetitions; i++)
            {
                rival.Fill(1, ++attempt, 2, theirs);
            }
        },
        () =>
        {
            for (int i = 0; i < repetitions; i++)
            {
                Noise.Fill(NoiseKind.Gaussian, new NoiseKey(1, ++attempt, 2), 0, ours.AsSpan());
            }
        }
    );

    internal override void Verify()
    {
        Noise.Fill(NoiseKind.Gaussian, new NoiseKey(1, 5, 2), 0, ours.AsSpan());
        rival.Fill(1, 5, 2, theirs);
        double square = theirs.Average(draw => (double)draw * draw);
        for (int i = 0; i < size; i++)
        {
            if (Math.Abs(square - 1) > .05 || (rival.AreOurs && Math.Abs(ours[i] - theirs[i]) > 2e-6))
            {
                throw new InvalidOperationException($"Normal number {i}: ours {ours[i]}, the rival's {theirs[i]}, of variance {square}.");
            }
        }
    }

    public override void Dispose()
    {
    }
}

/// <summary>What one writes without a library: Box and Muller's from <see cref="Random"/>, both of a pair.</summary>
internal sealed class RandomNormals : INormals
{
    private readonly Random random = new(1);

    public bool AreOurs => false;

    public void Fill(ulong seed, ulong attempt, uint stream, float[] target)
    {
        for (int i = 0; i + 1 < target.Length; i += 2)
        {
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            (double sine, double cosine) = Math.SinCos(2 * Math.PI * random.NextDouble());
            (target[i], target[i + 1]) = ((float)(radius * cosine), (float)(radius * sine));
        }
    }
}

/// <summary>
/// The kernel of <c>reference.c</c>: the same counters and layout, in blocks, with the vector functions of the C library.
/// </summary>
internal sealed unsafe class LibraryNormals(RivalLibrary library) : INormals
{
    private readonly nint entry = library.Function("normals");

    public bool AreOurs => true;

    public void Fill(ulong seed, ulong attempt, uint stream, float[] target)
    {
        fixed (float* first = target)
        {
            ((delegate* unmanaged[SuppressGCTransition]<ulong, ulong, uint, float*, nuint, void>)entry)(seed, attempt, stream, first,
                (nuint)target.Length);
        }
    }
}
