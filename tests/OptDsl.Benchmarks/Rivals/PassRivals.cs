namespace OptDsl.Benchmarks;

/// <summary>The rivals of rules with several passes or with noise.</summary>
internal static unsafe class PassRivals
{
    internal const ulong Seed = 1;

    // FNV-1a of the input's name, 'noise', as the library keys its draws; the check of the contest would show another.
    private const uint Stream = 2420381393;

    /// <summary>The bytes that clipping must move.</summary>
    internal static PassRival ClipBytes(RivalLibrary library)
    {
        var step = (delegate* unmanaged[SuppressGCTransition]<float*, float*, nuint, void>)library.Function("clip_bytes");
        return (parameters, gradients, count, _) => step(parameters, gradients, count);
    }

    internal static PassRival Langevin(RivalLibrary library)
    {
        var step = (delegate* unmanaged[SuppressGCTransition]<ulong, ulong, uint, float*, float*, nuint, double,
            void>)library.Function("langevin");
        return (parameters, gradients, count, number) =>
            step(Seed, (ulong)number, Stream, parameters, gradients, count, RuleContests.TimingRate);
    }

    /// <summary>What one writes without a library: noise from <see cref="Random"/>, then a loop.</summary>
    internal static PassRival LangevinByRandom()
    {
        var normals = new RandomNormals();
        float[] noise = [];
        float spread = (float)Math.Sqrt(2 * RuleContests.TimingRate), rate = (float)RuleContests.TimingRate;
        return (parameters, gradients, count, _) =>
        {
            noise = noise.Length == (int)count ? noise : new float[count];
            normals.Fill(0, 0, 0, noise);
            for (int i = 0; i < noise.Length; i++)
            {
                parameters[i] = parameters[i] - (rate * gradients[i]) + (spread * noise[i]);
            }
        };
    }
}
