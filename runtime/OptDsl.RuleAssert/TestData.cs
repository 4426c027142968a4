using System.Numerics;

namespace OptDsl;

/// <summary>Parameters and gradients: ordinary values, and values for which kernels often fail.</summary>
internal static class TestData
{
    /// <summary>Fills in values from -3 to 3. Each is a function of the seed and its index alone.</summary>
    internal static void Fill<T>(Span<T> values, int seed, bool special)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = T.CreateTruncating((6 * Fraction(seed, i)) - 3);
            if (special && (i + seed) % 3 == 0)
            {
                values[i] = Special<T>((i / 3) + (seed * 5));
            }
        }
    }

    /// <summary>A number in [0, 1), by SplitMix64.</summary>
    private static double Fraction(int seed, int index)
    {
        ulong z = unchecked((((ulong)(uint)seed << 32) | (uint)index) * 0x9E3779B97F4A7C15);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }

    private static T Special<T>(int index)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T half = T.CreateTruncating(0.5), huge = T.BitDecrement(T.PositiveInfinity);
        ReadOnlySpan<T> values =
        [
            T.NaN, T.PositiveInfinity, T.NegativeInfinity, T.Epsilon, -T.Epsilon, T.NegativeZero, T.Zero, huge, -huge, half, -half,
            T.One + half, -T.One - half, T.One, T.NegativeOne, T.Sqrt(huge), T.One / huge, T.BitDecrement(half),
        ];
        return values[(int)((uint)index % (uint)values.Length)];
    }
}
