using System.Numerics;

namespace OptDsl.Contract;

/// <summary>
/// What the draws of a step are keyed by: the optimizer's seed and the attempt under way, so that the one after a refused step does not
/// draw the same noise again.
/// </summary>
/// <param name="seed">The seed.</param>
/// <param name="offset">The place among the draws of the buffer's first parameter.</param>
internal sealed class OptimizerSeed(ulong seed, ulong offset)
{
    /// <summary>The seed; a checkpoint brings its own.</summary>
    internal ulong Seed { get; set; } = seed;

    /// <summary>Attempts that have ended: steps made and steps refused. One that threw was none, and the next draws what it drew.</summary>
    internal ulong Attempts { get; set; }

    /// <summary>The place among the draws of a place in the buffer.</summary>
    internal ulong PlaceOf(int place) => offset + (ulong)place;

    /// <summary>The key of an input's draws in the attempt that has not ended.</summary>
    internal NoiseKey Key(InputSchema input) => new(Seed, Attempts + 1, input.Stream);

    internal static NoiseKind KindOf(InputSchema input) => input.Source switch
    {
        InputSource.Gaussian => NoiseKind.Gaussian,
        InputSource.Uniform => NoiseKind.Uniform,
        _ => NoiseKind.Rademacher,
    };

    /// <summary>The draw of a row, column, tensor or group, which the place of its first parameter stands for.</summary>
    internal T Draw<T>(InputSchema input, int place)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Noise.At<T>(KindOf(input), Key(input), PlaceOf(place));
}
