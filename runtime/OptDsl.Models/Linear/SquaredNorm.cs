using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OptDsl.Models;

/// <summary>
/// The penalty c |W|^2. Sums run over 1024 elements at a time in fixed lanes, so their bits are the same on every machine.
/// </summary>
/// <remarks>If squares overflow or underflow in float, they are summed in double.</remarks>
internal static class SquaredNorm
{
    private const int Block = 1024;

    // 2^-100: below it, squares of floats lose some or all of their digits.
    private const double LeastFloatSum = 7.888609052210118e-31;

    internal static double Of<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        for (int start = 0; start < values.Length; start += Block)
        {
            sum += OfBlock(values[start..Math.Min(start + Block, values.Length)]);
        }

        return sum;
    }

    /// <summary>Adds <paramref name="factor"/> times the values to the gradients.</summary>
    internal static void AddGradient<T>(ReadOnlySpan<T> values, Span<T> gradients, T factor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int i = 0;
        ref T from = ref MemoryMarshal.GetReference(values), to = ref MemoryMarshal.GetReference(gradients);
        var factors = Vector256.Create(factor);
        for (; i <= values.Length - Vector256<T>.Count; i += Vector256<T>.Count)
        {
            (Vector256.LoadUnsafe(ref to, (nuint)i) + (Vector256.LoadUnsafe(ref from, (nuint)i) * factors)).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < values.Length; i++)
        {
            gradients[i] += values[i] * factor;
        }
    }

    /// <summary>Like <see cref="Of"/>; the gradients become <paramref name="factor"/> times the values.</summary>
    internal static double WithGradient<T>(ReadOnlySpan<T> values, Span<T> gradients, T factor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        for (int start = 0; start < values.Length; start += Block)
        {
            int end = Math.Min(start + Block, values.Length);
            sum += OfBlock(values[start..end], gradients[start..end], factor);
        }

        return sum;
    }

    /// <summary>
    /// The sum of squares of a block. If gradients are given, as many as values, they become <paramref name="factor"/> times the values.
    /// </summary>
    private static double OfBlock<T>(ReadOnlySpan<T> values, Span<T> gradients = default, T factor = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int i = 0;
        ref T from = ref MemoryMarshal.GetReference(values), to = ref MemoryMarshal.GetReference(gradients);
        Vector256<T> sums = Vector256<T>.Zero, factors = Vector256.Create(factor);
        for (; i <= values.Length - Vector256<T>.Count; i += Vector256<T>.Count)
        {
            Vector256<T> x = Vector256.LoadUnsafe(ref from, (nuint)i);
            sums += x * x;
            if (!gradients.IsEmpty)
            {
                (x * factors).StoreUnsafe(ref to, (nuint)i);
            }
        }

        double sum = Fold(sums);
        if (typeof(T) == typeof(float) && !(sum >= LeastFloatSum && sum <= float.MaxValue))
        {
            sum = InDouble(values[..i]);
        }

        for (; i < values.Length; i++)
        {
            double x = double.CreateTruncating(values[i]);
            sum += x * x;
            if (!gradients.IsEmpty)
            {
                gradients[i] = values[i] * factor;
            }
        }

        return sum;
    }

    private static double InDouble<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double x = double.CreateTruncating(values[i]);
            sum += x * x;
        }

        return sum;
    }

    /// <summary>Adds the lanes in their order, in double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double Fold<T>(Vector256<T> lanes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        for (int lane = 0; lane < Vector256<T>.Count; lane++)
        {
            sum += double.CreateTruncating(lanes[lane]);
        }

        return sum;
    }
}
