using System.Numerics;

namespace OptDsl.Recorded.Tests;

/// <summary>
/// Inputs of the recorded runs. They are made here and nowhere else, so that no other code's change looks like a change of bits.
/// </summary>
internal static class Numbers
{
    /// <summary>Multiples of 2^-20 in [-scale, scale): exact in float and double.</summary>
    /// <param name="values">To be filled.</param>
    /// <param name="seed">Which numbers.</param>
    /// <param name="scale">A power of two.</param>
    internal static void Fill<T>(Span<T> values, int seed, double scale = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Knuth's MMIX generator; its high bits are the good ones.
        ulong state = unchecked((ulong)seed * 0x9E3779B97F4A7C15 + 1);
        for (int i = 0; i < values.Length; i++)
        {
            state = unchecked((state * 6364136223846793005) + 1442695040888963407);
            long number = (long)(state >> 43) - (1L << 20);
            values[i] = T.CreateTruncating(number * scale / (1 << 20));
        }
    }
}
