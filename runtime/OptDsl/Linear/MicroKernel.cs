using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using OptDsl.Simd;

namespace OptDsl.Linear;

/// <summary>
/// The innermost products: six rows of one or two vectors, held in registers while k runs. Every element of the result is one chain a0 b0,
/// + a1 b1, ... in ascending k. So its bits depend neither on the vector width nor on the blocking. They depend only on whether the
/// processor has fused multiply-add.
/// </summary>
internal static unsafe class MicroKernel<T, S, V>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where S : struct, ISimdOps<V, T>
{
    internal const int Rows = 6;

    private static bool Fused
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Fma.IsSupported || AdvSimd.IsSupported;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V MultiplyAdd(V a, V b, V c) => Fused ? S.MultiplyAdd(a, b, c) : S.Add(S.Multiply(a, b), c);

    /// <summary>Six rows of two vectors: c = a b, or c += a b.</summary>
    /// <param name="depth">The number of values of k; at least 1.</param>
    /// <param name="a">The left operand's first element.</param>
    /// <param name="aRow">The distance between its six rows, in elements: 1 if it is packed.</param>
    /// <param name="aColumn">The distance from one k to the next, in elements: 6 if it is packed.</param>
    /// <param name="b">The right operand's first element.</param>
    /// <param name="bRow">The distance from one k to the next, in elements: two vectors if it is packed.</param>
    /// <param name="c">The tile's first element.</param>
    /// <param name="stride">The distance from one row of c to the next, in elements.</param>
    /// <param name="accumulate">Whether to start from c rather than from zero.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Wide(nint depth, T* a, nint aRow, nint aColumn, T* b, nint bRow, T* c, nint stride, bool accumulate)
    {
        nuint w = (nuint)S.Count;
        T* r0 = c, r1 = c + stride, r2 = r1 + stride, r3 = r2 + stride, r4 = r3 + stride, r5 = r4 + stride;
        V c00, c01, c10, c11, c20, c21, c30, c31, c40, c41, c50, c51;
        if (accumulate)
        {
            c00 = S.Load(in *r0, 0);
            c01 = S.Load(in *r0, w);
            c10 = S.Load(in *r1, 0);
            c11 = S.Load(in *r1, w);
            c20 = S.Load(in *r2, 0);
            c21 = S.Load(in *r2, w);
            c30 = S.Load(in *r3, 0);
            c31 = S.Load(in *r3, w);
            c40 = S.Load(in *r4, 0);
            c41 = S.Load(in *r4, w);
            c50 = S.Load(in *r5, 0);
            c51 = S.Load(in *r5, w);
        }
        else
        {
            c00 = c01 = c10 = c11 = c20 = c21 = c30 = c31 = c40 = c41 = c50 = c51 = S.Broadcast(T.Zero);
        }

        T* d = a + (3 * aRow);
        for (nint k = depth; k > 0; k--)
        {
            V b0 = S.Load(in *b, 0), b1 = S.Load(in *b, w);
            V x = S.Broadcast(*a);
            c00 = MultiplyAdd(x, b0, c00);
            c01 = MultiplyAdd(x, b1, c01);
            x = S.Broadcast(a[aRow]);
            c10 = MultiplyAdd(x, b0, c10);
            c11 = MultiplyAdd(x, b1, c11);
            x = S.Broadcast(a[2 * aRow]);
            c20 = MultiplyAdd(x, b0, c20);
            c21 = MultiplyAdd(x, b1, c21);
            x = S.Broadcast(*d);
            c30 = MultiplyAdd(x, b0, c30);
            c31 = MultiplyAdd(x, b1, c31);
            x = S.Broadcast(d[aRow]);
            c40 = MultiplyAdd(x, b0, c40);
            c41 = MultiplyAdd(x, b1, c41);
            x = S.Broadcast(d[2 * aRow]);
            c50 = MultiplyAdd(x, b0, c50);
            c51 = MultiplyAdd(x, b1, c51);
            a += aColumn;
            d += aColumn;
            b += bRow;
        }

        S.Store(c00, ref *r0, 0);
        S.Store(c01, ref *r0, w);
        S.Store(c10, ref *r1, 0);
        S.Store(c11, ref *r1, w);
        S.Store(c20, ref *r2, 0);
        S.Store(c21, ref *r2, w);
        S.Store(c30, ref *r3, 0);
        S.Store(c31, ref *r3, w);
        S.Store(c40, ref *r4, 0);
        S.Store(c41, ref *r4, w);
        S.Store(c50, ref *r5, 0);
        S.Store(c51, ref *r5, w);
    }

    /// <summary>Six rows of one vector, for the last columns; the arguments are as for <see cref="Wide"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Narrow(nint depth, T* a, nint aRow, nint aColumn, T* b, nint bRow, T* c, nint stride, bool accumulate)
    {
        nuint w = (nuint)S.Count;
        T* r0 = c, r1 = c + stride, r2 = r1 + stride, r3 = r2 + stride, r4 = r3 + stride, r5 = r4 + stride;
        V c0, c1, c2, c3, c4, c5;
        if (accumulate)
        {
            c0 = S.Load(in *r0, 0);
            c1 = S.Load(in *r1, 0);
            c2 = S.Load(in *r2, 0);
            c3 = S.Load(in *r3, 0);
            c4 = S.Load(in *r4, 0);
            c5 = S.Load(in *r5, 0);
        }
        else
        {
            c0 = c1 = c2 = c3 = c4 = c5 = S.Broadcast(T.Zero);
        }

        T* d = a + (3 * aRow);
        for (nint k = depth; k > 0; k--)
        {
            V x = S.Load(in *b, 0);
            c0 = MultiplyAdd(S.Broadcast(*a), x, c0);
            c1 = MultiplyAdd(S.Broadcast(a[aRow]), x, c1);
            c2 = MultiplyAdd(S.Broadcast(a[2 * aRow]), x, c2);
            c3 = MultiplyAdd(S.Broadcast(*d), x, c3);
            c4 = MultiplyAdd(S.Broadcast(d[aRow]), x, c4);
            c5 = MultiplyAdd(S.Broadcast(d[2 * aRow]), x, c5);
            a += aColumn;
            d += aColumn;
            b += bRow;
        }

        S.Store(c0, ref *r0, 0);
        S.Store(c1, ref *r1, 0);
        S.Store(c2, ref *r2, 0);
        S.Store(c3, ref *r3, 0);
        S.Store(c4, ref *r4, 0);
        S.Store(c5, ref *r5, 0);
    }

    /// <summary>
    /// Twelve rows of one vector: two panels of the left operand at once, because six sums of a narrow vector would wait for each other.
    /// The arguments are as for <see cref="Wide"/>.
    /// </summary>
    /// <param name="depth">The number of values of k; at least 1.</param>
    /// <param name="a">The left operand's first element.</param>
    /// <param name="aNext">The distance from it to the first element of the second panel, in elements.</param>
    /// <param name="aRow">The distance from one row of a panel to the next, in elements.</param>
    /// <param name="aColumn">The distance from one k to the next, in elements.</param>
    /// <param name="b">The right operand's first element.</param>
    /// <param name="bRow">The distance from one k to the next, in elements.</param>
    /// <param name="c">The tile's first element.</param>
    /// <param name="stride">The distance from one row of c to the next, in elements.</param>
    /// <param name="accumulate">Whether to start from c rather than from zero.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void NarrowTwice(nint depth, T* a, nint aNext, nint aRow, nint aColumn, T* b, nint bRow, T* c, nint stride,
        bool accumulate)
    {
        T* c6 = c + (6 * stride);
        V s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11;
        if (accumulate)
        {
            s0 = S.Load(in *c, 0);
            s1 = S.Load(in c[stride], 0);
            s2 = S.Load(in c[2 * stride], 0);
            s3 = S.Load(in c[3 * stride], 0);
            s4 = S.Load(in c[4 * stride], 0);
            s5 = S.Load(in c[5 * stride], 0);
            s6 = S.Load(in *c6, 0);
            s7 = S.Load(in c6[stride], 0);
            s8 = S.Load(in c6[2 * stride], 0);
            s9 = S.Load(in c6[3 * stride], 0);
            s10 = S.Load(in c6[4 * stride], 0);
            s11 = S.Load(in c6[5 * stride], 0);
        }
        else
        {
            s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = s8 = s9 = s10 = s11 = S.Broadcast(T.Zero);
        }

        T* d = a + (3 * aRow), e = a + aNext, f = e + (3 * aRow);
        for (nint k = depth; k > 0; k--)
        {
            V x = S.Load(in *b, 0);
            s0 = MultiplyAdd(S.Broadcast(*a), x, s0);
            s1 = MultiplyAdd(S.Broadcast(a[aRow]), x, s1);
            s2 = MultiplyAdd(S.Broadcast(a[2 * aRow]), x, s2);
            s3 = MultiplyAdd(S.Broadcast(*d), x, s3);
            s4 = MultiplyAdd(S.Broadcast(d[aRow]), x, s4);
            s5 = MultiplyAdd(S.Broadcast(d[2 * aRow]), x, s5);
            s6 = MultiplyAdd(S.Broadcast(*e), x, s6);
            s7 = MultiplyAdd(S.Broadcast(e[aRow]), x, s7);
            s8 = MultiplyAdd(S.Broadcast(e[2 * aRow]), x, s8);
            s9 = MultiplyAdd(S.Broadcast(*f), x, s9);
            s10 = MultiplyAdd(S.Broadcast(f[aRow]), x, s10);
            s11 = MultiplyAdd(S.Broadcast(f[2 * aRow]), x, s11);
            a += aColumn;
            d += aColumn;
            e += aColumn;
            f += aColumn;
            b += bRow;
        }

        S.Store(s0, ref *c, 0);
        S.Store(s1, ref c[stride], 0);
        S.Store(s2, ref c[2 * stride], 0);
        S.Store(s3, ref c[3 * stride], 0);
        S.Store(s4, ref c[4 * stride], 0);
        S.Store(s5, ref c[5 * stride], 0);
        S.Store(s6, ref *c6, 0);
        S.Store(s7, ref c6[stride], 0);
        S.Store(s8, ref c6[2 * stride], 0);
        S.Store(s9, ref c6[3 * stride], 0);
        S.Store(s10, ref c6[4 * stride], 0);
        S.Store(s11, ref c6[5 * stride], 0);
    }
}
