using System.Numerics;

namespace OptDsl.Kernels;

/// <summary>The distribution of a draw.</summary>
public enum NoiseKind
{
    /// <summary>The standard normal distribution.</summary>
    Gaussian,

    /// <summary>The uniform distribution on (0, 1).</summary>
    Uniform,

    /// <summary>1 or -1, equally likely.</summary>
    Rademacher,
}

/// <summary>What a draw depends on beside its place.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Attempt">The step begun.</param>
/// <param name="Stream">The input.</param>
public readonly record struct NoiseKey(ulong Seed, ulong Attempt, uint Stream);

/// <summary>Draws that are functions of a key and a place: Philox4x32-10 (Salmon et al. 2011).</summary>
public static class Noise
{
    /// <summary>Fills a span with the draws of the elements from a place on.</summary>
    public static void Fill<T>(NoiseKind kind, in NoiseKey key, ulong start, Span<T> destination, SimdWidth width = SimdWidth.Widest)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = At<T>(kind, key, start + (ulong)i);
        }
    }

    /// <summary>The draw of one element.</summary>
    public static T At<T>(NoiseKind kind, in NoiseKey key, ulong element)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (ulong first, ulong second) = Philox(key, element);
        double u = ((first >> 11) + 0.5) / (1UL << 53);
        return kind switch
        {
            NoiseKind.Uniform => T.CreateTruncating(u),
            NoiseKind.Rademacher => (first & 1) == 0 ? T.One : T.NegativeOne,
            _ => T.CreateTruncating(Math.Sqrt(-2 * Math.Log(u)) * Math.Cos(2 * Math.PI * (second >> 11) / (1UL << 53))),
        };
    }

    private static (ulong First, ulong Second) Philox(in NoiseKey key, ulong element)
    {
        uint c0 = (uint)element, c1 = (uint)(element >> 32) ^ key.Stream, c2 = (uint)key.Attempt, c3 = (uint)(key.Attempt >> 32);
        uint k0 = (uint)key.Seed, k1 = (uint)(key.Seed >> 32);
        for (int round = 0; round < 10; round++)
        {
            ulong a = (ulong)c0 * 0xD2511F53, b = (ulong)c2 * 0xCD9E8D57;
            (c0, c1, c2, c3) = ((uint)(b >> 32) ^ c1 ^ k0, (uint)b, (uint)(a >> 32) ^ c3 ^ k1, (uint)a);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }

        return (((ulong)c0 << 32) | c1, ((ulong)c2 << 32) | c3);
    }
}
