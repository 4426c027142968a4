using System.Numerics;

namespace OptDsl.Conformance.Tests.Harness;

/// <summary>Gradients and parameters: ordinary ones, and those where kernels go wrong.</summary>
internal static class TestData
{
    /// <summary>Values from -3 to 3 that repeat for no length a test uses (Weyl's sequence).</summary>
    internal static void Fill<T>(Span<T> values, int seed, bool special)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < values.Length; i++)
        {
            double phase = (0.6180339887498949 * (i + 1)) + (0.7548776662466927 * seed);
            values[i] = T.CreateTruncating((6 * (phase - Math.Floor(phase))) - 3);
            if (special && (i + seed) % 3 == 0)
            {
                values[i] = Special<T>((i / 3) + (seed * 5));
            }
        }
    }

    private static T Special<T>(int index)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T half = T.CreateTruncating(0.5), huge = T.BitDecrement(T.PositiveInfinity);
        T[] values =
        [
            T.NaN, T.PositiveInfinity, T.NegativeInfinity, T.Epsilon, -T.Epsilon, T.NegativeZero, T.Zero, huge, -huge, half, -half,
            T.One + half, -T.One - half, T.One, T.NegativeOne, T.Sqrt(huge), T.One / huge, T.BitDecrement(half),
        ];
        return values[index % values.Length];
    }
}
