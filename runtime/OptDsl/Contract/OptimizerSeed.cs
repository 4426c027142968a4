using System.Numerics;

namespace OptDsl.Contract;

/// <summary>
/// The key of a step's draws: the optimizer's seed and the current attempt. It is the attempt and not the step, so that the attempt after a
/// refused step does not draw the same noise again.
/// </summary>
/// <param name="seed">The seed.</param>
/// <param name="offset">The place of the buffer's first parameter among the draws.</param>
internal sealed class OptimizerSeed(ulong seed, ulong offset)
{
    /// <summary>The seed. Loading a checkpoint replaces it.</summary>
    internal ulong Seed { get; set; } = seed;

    /// <summary>
    /// The number of attempts that ended: steps made and steps refused. An attempt that threw does not count, so the next one draws the
    /// same noise.
    /// </summary>
    internal ulong Attempts { get; set; }

    /// <summary>The place among the draws of a place in the buffer.</summary>
    internal ulong PlaceOf(int place) => offset + (ulong)place;

    /// <summary>The key of an input's draws in the current attempt.</summary>
    internal NoiseKey Key(InputSchema input) => new(Seed, Attempts + 1, input.Stream);

    internal static NoiseKind KindOf(InputSchema input) => input.Source switch
    {
        InputSource.Gaussian => NoiseKind.Gaussian,
        InputSource.Uniform => NoiseKind.Uniform,
        _ => NoiseKind.Rademacher,
    };

    /// <summary>The draw for a row, column, tensor or group, identified by the place of its first parameter.</summary>
    internal T Draw<T>(InputSchema input, int place)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Noise.At<T>(KindOf(input), Key(input), PlaceOf(place));
}
