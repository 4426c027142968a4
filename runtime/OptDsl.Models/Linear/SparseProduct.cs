using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using OptDsl.Linear;

namespace OptDsl.Models;

/// <summary>
/// Products with a sparse matrix. Lanes are those of 256-bit vectors on every machine, and sums have a fixed order. So the bits are the
/// same on all machines that fuse multiplication and addition.
/// </summary>
internal static class SparseProduct
{
    /// <summary>The inner product of two rows of equal length: four vectors of partial sums, folded in a fixed order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Dot<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Dot(ref MemoryMarshal.GetReference(a), ref MemoryMarshal.GetReference(b), a.Length);

    /// <summary>The inner product of two rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static T Dot<T>(ref T a, ref T b, int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector256<T> s0 = Vector256<T>.Zero, s1 = s0, s2 = s0, s3 = s0;
        int w = Vector256<T>.Count, i = 0;
        for (; i <= length - (4 * w); i += 4 * w)
        {
            s0 = MultiplyAdd(Load(ref a, i), Load(ref b, i), s0);
            s1 = MultiplyAdd(Load(ref a, i + w), Load(ref b, i + w), s1);
            s2 = MultiplyAdd(Load(ref a, i + (2 * w)), Load(ref b, i + (2 * w)), s2);
            s3 = MultiplyAdd(Load(ref a, i + (3 * w)), Load(ref b, i + (3 * w)), s3);
        }

        for (; i <= length - w; i += w)
        {
            s0 = MultiplyAdd(Load(ref a, i), Load(ref b, i), s0);
        }

        T sum = FourLanes.Sum(s0 + s1 + (s2 + s3));
        for (; i < length; i++)
        {
            sum += Unsafe.Add(ref a, i) * Unsafe.Add(ref b, i);
        }

        return sum;
    }

    /// <summary>
    /// The inner products of one row with some rows of a dense matrix, four at a time, so that no product waits for its own sums. Each has
    /// two vectors of partial sums. The last vector may overlap elements that are already summed; these lanes are masked out.
    /// </summary>
    /// <param name="row">The row, as long as the rows of the dense matrix.</param>
    /// <param name="dense">The dense matrix, row by row.</param>
    /// <param name="indices">The selected rows.</param>
    /// <param name="products">Receives one product per selected row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void DotRows<T>(ReadOnlySpan<T> row, ReadOnlySpan<T> dense, ReadOnlySpan<int> indices, Span<T> products)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int width = row.Length, w = Vector256<T>.Count, e = 0;
        ref T x = ref MemoryMarshal.GetReference(row), from = ref MemoryMarshal.GetReference(dense),
            to = ref MemoryMarshal.GetReference(products);
        if (width >= w)
        {
            Vector256<T> rest = Vector256.GreaterThanOrEqual(Vector256<T>.Indices,
                Vector256.Create(T.CreateTruncating((w - (width % w)) % w)));
            for (; e < indices.Length && indices.Length >= 4; e += 4)
            {
                // The last four rows may overlap the previous four; both write the same numbers.
                e = Math.Min(e, indices.Length - 4);
                ref T a = ref Unsafe.Add(ref from, (nint)indices[e] * width), b = ref Unsafe.Add(ref from, (nint)indices[e + 1] * width);
                ref T c = ref Unsafe.Add(ref from, (nint)indices[e + 2] * width),
                    d = ref Unsafe.Add(ref from, (nint)indices[e + 3] * width);
                Vector256<T> a0 = Vector256<T>.Zero, b0 = a0, c0 = a0, d0 = a0, a1 = a0, b1 = a0, c1 = a0, d1 = a0;
                int i = 0;
                for (; i <= width - (2 * w); i += 2 * w)
                {
                    Vector256<T> left = Load(ref x, i);
                    a0 = MultiplyAdd(left, Load(ref a, i), a0);
                    b0 = MultiplyAdd(left, Load(ref b, i), b0);
                    c0 = MultiplyAdd(left, Load(ref c, i), c0);
                    d0 = MultiplyAdd(left, Load(ref d, i), d0);
                    left = Load(ref x, i + w);
                    a1 = MultiplyAdd(left, Load(ref a, i + w), a1);
                    b1 = MultiplyAdd(left, Load(ref b, i + w), b1);
                    c1 = MultiplyAdd(left, Load(ref c, i + w), c1);
                    d1 = MultiplyAdd(left, Load(ref d, i + w), d1);
                }

                for (; i < width; i += w)
                {
                    int at = Math.Min(i, width - w);
                    Vector256<T> left = at == i ? Load(ref x, at) : Load(ref x, at) & rest;
                    a0 = MultiplyAdd(left, Load(ref a, at), a0);
                    b0 = MultiplyAdd(left, Load(ref b, at), b0);
                    c0 = MultiplyAdd(left, Load(ref c, at), c0);
                    d0 = MultiplyAdd(left, Load(ref d, at), d0);
                }

                FourLanes.Store(FourLanes.Sums(a0 + a1, b0 + b1, c0 + c1, d0 + d1), ref Unsafe.Add(ref to, e));
            }
        }

        for (; e < indices.Length; e++)
        {
            products[e] = Dot(ref x, ref Unsafe.Add(ref from, (nint)indices[e] * width), width);
        }
    }

    /// <summary>
    /// Writes rows of the product of a sparse matrix and a dense one. The row <c>targets[r]</c> of <paramref name="product"/>, or row r if
    /// there are no targets, becomes a sum over the places from <c>starts[r]</c> up to <c>starts[r + 1]</c>. Each place adds its value
    /// times the dense row of its index.
    /// </summary>
    /// <param name="starts">The first place of each row, followed by the number of places.</param>
    /// <param name="indices">The index of the dense row per place.</param>
    /// <param name="values">The value per place.</param>
    /// <param name="dense">The dense matrix, with rows of <paramref name="width"/> elements.</param>
    /// <param name="width">The length of a row; at least 1.</param>
    /// <param name="targets">The row of the product for each row; or empty.</param>
    /// <param name="product">The product, with rows of <paramref name="width"/> elements; other rows are not written.</param>
    internal static void MultiplyRows<T>(
        ReadOnlySpan<int> starts, ReadOnlySpan<int> indices, ReadOnlySpan<T> values, ReadOnlySpan<T> dense, int width,
            ReadOnlySpan<int> targets, Span<T> product)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int w = Vector256<T>.Count, part;
        for (int i = 0; i < width; i += part * w)
        {
            // Eight vectors at a time, and the rest in as few parts as possible, none so narrow that its sums wait for each other. All rows
            // finish one part before the next begins, so that this part of the dense rows stays in the first-level cache.
            int left = (width - i + w - 1) / w;
            part = width < w ? 1 : left > 10 || left is 7 or 8 ? 8 : left > 4 ? 6 : 4;
            for (int row = 0; row < starts.Length - 1; row++)
            {
                ReadOnlySpan<int> of = indices[starts[row]..starts[row + 1]];
                ReadOnlySpan<T> times = values.Slice(starts[row], of.Length);
                Span<T> to = product.Slice((targets.IsEmpty ? row : targets[row]) * width, width);
                switch (part)
                {
                    case 8:
                        MultiplyEight(of, times, ref MemoryMarshal.GetReference(dense), ref MemoryMarshal.GetReference(to), width,
                        i); break;
                    case 6:
                        MultiplySix(of, times, ref MemoryMarshal.GetReference(dense), ref MemoryMarshal.GetReference(to), width,
                        i); break;
                    case 4:
                        MultiplyFour(of, times, ref MemoryMarshal.GetReference(dense), ref MemoryMarshal.GetReference(to), width,
                        i); break;
                    default: MultiplyShort(of, times, dense, to); break;
                }
            }
        }
    }

    /// <summary>
    /// Eight vectors from <paramref name="i"/> on, at least seven of which begin within the row. The last ones may overlap others; they
    /// write the same sums.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyEight<T>(ReadOnlySpan<int> indices, ReadOnlySpan<T> values, ref T dense, ref T product, int width, int i)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int w = Vector256<T>.Count;
        nint g = Math.Min(i + (6 * w), width - w) - i, h = Math.Min(i + (7 * w), width - w) - i;
        Vector256<T> s0 = Vector256<T>.Zero, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        ref T from = ref Unsafe.Add(ref dense, i), to = ref Unsafe.Add(ref product, i);
        for (int k = 0; k < indices.Length; k++)
        {
            ref T at = ref Unsafe.Add(ref from, (nint)indices[k] * width);
            var x = Vector256.Create(values[k]);
            s0 = MultiplyAdd(x, Load(ref at, 0), s0);
            s1 = MultiplyAdd(x, Load(ref at, w), s1);
            s2 = MultiplyAdd(x, Load(ref at, 2 * w), s2);
            s3 = MultiplyAdd(x, Load(ref at, 3 * w), s3);
            s4 = MultiplyAdd(x, Load(ref at, 4 * w), s4);
            s5 = MultiplyAdd(x, Load(ref at, 5 * w), s5);
            s6 = MultiplyAdd(x, Load(ref at, g), s6);
            s7 = MultiplyAdd(x, Load(ref at, h), s7);
        }

        s0.StoreUnsafe(ref to);
        s1.StoreUnsafe(ref to, (nuint)w);
        s2.StoreUnsafe(ref to, (nuint)(2 * w));
        s3.StoreUnsafe(ref to, (nuint)(3 * w));
        s4.StoreUnsafe(ref to, (nuint)(4 * w));
        s5.StoreUnsafe(ref to, (nuint)(5 * w));
        s6.StoreUnsafe(ref to, (nuint)g);
        s7.StoreUnsafe(ref to, (nuint)h);
    }

    /// <summary>Six vectors, the last two of which may overlap others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplySix<T>(ReadOnlySpan<int> indices, ReadOnlySpan<T> values, ref T dense, ref T product, int width, int i)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int w = Vector256<T>.Count;
        nint e = Math.Min(i + (4 * w), width - w) - i, f = Math.Min(i + (5 * w), width - w) - i;
        Vector256<T> s0 = Vector256<T>.Zero, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0;
        ref T from = ref Unsafe.Add(ref dense, i), to = ref Unsafe.Add(ref product, i);
        for (int k = 0; k < indices.Length; k++)
        {
            ref T at = ref Unsafe.Add(ref from, (nint)indices[k] * width);
            var x = Vector256.Create(values[k]);
            s0 = MultiplyAdd(x, Load(ref at, 0), s0);
            s1 = MultiplyAdd(x, Load(ref at, w), s1);
            s2 = MultiplyAdd(x, Load(ref at, 2 * w), s2);
            s3 = MultiplyAdd(x, Load(ref at, 3 * w), s3);
            s4 = MultiplyAdd(x, Load(ref at, e), s4);
            s5 = MultiplyAdd(x, Load(ref at, f), s5);
        }

        s0.StoreUnsafe(ref to);
        s1.StoreUnsafe(ref to, (nuint)w);
        s2.StoreUnsafe(ref to, (nuint)(2 * w));
        s3.StoreUnsafe(ref to, (nuint)(3 * w));
        s4.StoreUnsafe(ref to, (nuint)e);
        s5.StoreUnsafe(ref to, (nuint)f);
    }

    /// <summary>Four vectors, any of which may overlap others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyFour<T>(ReadOnlySpan<int> indices, ReadOnlySpan<T> values, ref T dense, ref T product, int width, int i)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int w = Vector256<T>.Count;
        nint a = Math.Min(i, width - w), b = Math.Min(i + w, width - w), c = Math.Min(i + (2 * w), width - w),
            d = Math.Min(i + (3 * w), width - w);
        Vector256<T> s0 = Vector256<T>.Zero, s1 = s0, s2 = s0, s3 = s0;
        for (int k = 0; k < indices.Length; k++)
        {
            ref T at = ref Unsafe.Add(ref dense, (nint)indices[k] * width);
            var x = Vector256.Create(values[k]);
            s0 = MultiplyAdd(x, Load(ref at, a), s0);
            s1 = MultiplyAdd(x, Load(ref at, b), s1);
            s2 = MultiplyAdd(x, Load(ref at, c), s2);
            s3 = MultiplyAdd(x, Load(ref at, d), s3);
        }

        s0.StoreUnsafe(ref product, (nuint)a);
        s1.StoreUnsafe(ref product, (nuint)b);
        s2.StoreUnsafe(ref product, (nuint)c);
        s3.StoreUnsafe(ref product, (nuint)d);
    }

    /// <summary>A row shorter than a vector.</summary>
    private static void MultiplyShort<T>(ReadOnlySpan<int> indices, ReadOnlySpan<T> values, ReadOnlySpan<T> dense, Span<T> product)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < product.Length; i++)
        {
            T sum = T.Zero;
            for (int k = 0; k < indices.Length; k++)
            {
                sum += values[k] * dense[(indices[k] * product.Length) + i];
            }

            product[i] = sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Load<T>(ref T at, nint offset)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Vector256.LoadUnsafe(ref at, (nuint)offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> MultiplyAdd<T>(Vector256<T> a, Vector256<T> b, Vector256<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
        {
            return Vector256.MultiplyAddEstimate(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>();
        }

        return Vector256.MultiplyAddEstimate(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();
    }
}
