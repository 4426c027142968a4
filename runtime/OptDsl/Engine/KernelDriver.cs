using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OptDsl.Contract;
using OptDsl.Simd;

namespace OptDsl.Engine;

/// <summary>Runs a rule's kernel over a block at a vector width: first whole vectors, then the rest one lane at a time.</summary>
internal static class KernelDriver
{
    internal static SimdWidth Resolve(SimdWidth width, RuleSchema schema) => width switch
    {
        SimdWidth.Widest => Vector512.IsHardwareAccelerated && !schema.IsStreaming ? SimdWidth.Bits512
            : Vector256.IsHardwareAccelerated ? SimdWidth.Bits256
            : Vector128.IsHardwareAccelerated ? SimdWidth.Bits128
            : SimdWidth.Scalar,
        SimdWidth.Scalar or SimdWidth.Bits128 or SimdWidth.Bits256 or SimdWidth.Bits512 => width,
        _ => throw new ArgumentOutOfRangeException(nameof(width), width, "Width must be Widest, Scalar, Bits128, Bits256 or Bits512."),
    };

    /// <summary>Binds a rule's kernel to a width. Its generic code is looked up once, not in every step.</summary>
    internal static unsafe Kernel<T> Bind<T, TRule>(SimdWidth width, bool reportFaults, int pass = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : IUpdateRule<T>
        => reportFaults ? Bind<T, TRule, ReportFaults>(width, pass) : Bind<T, TRule, IgnoreFaults>(width, pass);

    private static unsafe Kernel<T> Bind<T, TRule, TCheck>(SimdWidth width, int pass)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : IUpdateRule<T>
        where TCheck : struct, IFaultCheck
    {
        if (TRule.Schema.LargestPass > 0)
        {
            return OnLargeStack<T, TRule>.Bind<TCheck>(width, pass);
        }

        delegate*<int, ref readonly KernelBlock<T>, bool> one = &TRule.Sweep<Simd1<T>, T, Simd1<double>, double, TCheck>;
        return width switch
        {
            SimdWidth.Bits512 =>
                new(&TRule.Sweep<Simd512<T>, Vector512<T>, Simd512<double>, Vector512<double>, TCheck>, Simd512<T>.Count, one, pass),
            SimdWidth.Bits256 =>
                new(&TRule.Sweep<Simd256<T>, Vector256<T>, Simd256<double>, Vector256<double>, TCheck>, Simd256<T>.Count, one, pass),
            SimdWidth.Bits128 =>
                new(&TRule.Sweep<Simd128<T>, Vector128<T>, Simd128<double>, Vector128<double>, TCheck>, Simd128<T>.Count, one, pass),
            _ => new(one, 1, one, pass),
        };
    }
}

/// <summary>A rule's kernel, bound to a vector width.</summary>
internal readonly unsafe struct Kernel<T>(delegate*<int, ref readonly KernelBlock<T>, bool> vectors, int lanes, delegate*<int,
    ref readonly KernelBlock<T>, bool> one, int pass)
    where T : unmanaged
{
    private readonly delegate*<int, ref readonly KernelBlock<T>, bool> vectors = vectors, one = one;
    private readonly nuint lanes = (nuint)lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Sweep(ref readonly KernelBlock<T> block)
    {
        nuint rest = block.Length & (lanes - 1);
        return rest == 0 ? vectors(pass, in block) : SweepWithTail(in block, rest);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool SweepWithTail(ref readonly KernelBlock<T> block, nuint rest)
    {
        nuint whole = block.Length - rest;
        KernelBlock<T> first = block.Slice(0, whole), last = block.Slice(whole, rest);
        bool fault = whole != 0 && vectors(pass, in first);
        return one(pass, in last) | fault;
    }

    /// <summary>
    /// Sweeps a part of a tensor for a pass with reductions. Whole groups of 32 lanes are swept with vectors; the elements before and after
    /// them one lane at a time.
    /// </summary>
    internal bool SweepLanes(ref readonly KernelBlock<T> block)
    {
        const nuint Lanes = ReductionLanes.Count;
        if (((block.Start | block.Length) & (Lanes - 1)) == 0)
        {
            return vectors(pass, in block);
        }

        nuint head = Math.Min((Lanes - (block.Start & (Lanes - 1))) & (Lanes - 1), block.Length),
            whole = (block.Length - head) & ~(Lanes - 1);
        bool fault = false;
        if (head != 0)
        {
            KernelBlock<T> part = block.Slice(0, head);
            fault = one(pass, in part);
        }

        if (whole != 0)
        {
            KernelBlock<T> part = block.Slice(head, whole);
            fault |= vectors(pass, in part);
        }

        if (head + whole != block.Length)
        {
            KernelBlock<T> part = block.Slice(head + whole, block.Length - head - whole);
            fault |= one(pass, in part);
        }

        return fault;
    }
}
