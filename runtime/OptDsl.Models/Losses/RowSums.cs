using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OptDsl.Models;

/// <summary>Sums over a row of data. They run in fixed lanes, so their bits are the same on every machine.</summary>
internal static class RowSums
{
    private const int Block = 1024;

    /// <summary>The inner product. Blocks of 1024 elements are summed in the precision of the element, and their sums in double.</summary>
    internal static double Dot<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        for (int start = 0; start < a.Length; start += Block)
        {
            int end = Math.Min(start + Block, a.Length);
            sum += DotOfBlock(a[start..end], b[start..end]);
        }

        return sum;
    }

    /// <summary>Adds (factor x)^2 to each sum.</summary>
    internal static void AddSquares<T>(ReadOnlySpan<T> values, Span<T> sums, T factor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int i = 0;
        ref T from = ref MemoryMarshal.GetReference(values), to = ref MemoryMarshal.GetReference(sums);
        var factors = Vector256.Create(factor);
        for (; i <= values.Length - Vector256<T>.Count; i += Vector256<T>.Count)
        {
            Vector256<T> scaled = Vector256.LoadUnsafe(ref from, (nuint)i) * factors;
            (Vector256.LoadUnsafe(ref to, (nuint)i) + (scaled * scaled)).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < values.Length; i++)
        {
            T scaled = values[i] * factor;
            sums[i] += scaled * scaled;
        }
    }

    private static double DotOfBlock<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int i = 0;
        ref T first = ref MemoryMarshal.GetReference(a), second = ref MemoryMarshal.GetReference(b);
        Vector256<T> sums = Vector256<T>.Zero;
        for (; i <= a.Length - Vector256<T>.Count; i += Vector256<T>.Count)
        {
            sums += Vector256.LoadUnsafe(ref first, (nuint)i) * Vector256.LoadUnsafe(ref second, (nuint)i);
        }

        double sum = SquaredNorm.Fold(sums);
        for (; i < a.Length; i++)
        {
            sum += double.CreateTruncating(a[i] * b[i]);
        }

        return sum;
    }
}
