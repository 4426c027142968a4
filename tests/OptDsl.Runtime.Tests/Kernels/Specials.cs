using System.Numerics;
using System.Runtime.CompilerServices;

namespace OptDsl.Runtime.Tests.Kernels;

/// <summary>Values on which implementations of one function tend to differ.</summary>
internal static class Specials
{
    internal static T[] Of<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T largest = typeof(T) == typeof(float) ? T.CreateTruncating(float.MaxValue) : T.CreateTruncating(double.MaxValue);
        T normal = typeof(T) == typeof(float) ? T.CreateTruncating(1.17549435e-38) : T.CreateTruncating(2.2250738585072014e-308);

        // Past the first of these every number is an integer; before it ties can be held.
        T integers = typeof(T) == typeof(float) ? T.CreateTruncating(8388608) : T.CreateTruncating(4503599627370496);
        T half = T.CreateTruncating(.5);
        T[] magnitudes =
        [
            T.Zero, T.One, half, T.One + half, T.CreateTruncating(2.5), T.CreateTruncating(3.5), T.CreateTruncating(.1),
                T.CreateTruncating(2),
            T.BitDecrement(half), T.BitIncrement(T.One), T.BitDecrement(T.One), integers - half, integers, integers + T.One,
                integers + integers,
            T.Epsilon, T.Epsilon + T.Epsilon, T.BitDecrement(normal), normal, largest, largest * half, T.Sqrt(largest),
                T.CreateTruncating(1e10), T.Pi,
            T.PositiveInfinity, T.NaN,
        ];
        return [.. magnitudes, .. magnitudes.Select(value => -value)];
    }

    internal static ulong Bits<T>(T value)
        where T : unmanaged
        => Unsafe.SizeOf<T>() == sizeof(float) ? Unsafe.BitCast<T, uint>(value) : Unsafe.BitCast<T, ulong>(value);
}
