using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace OptDsl.Kernels;

/// <summary>Runs a rule's kernel over a block at a vector width: whole vectors first, then the rest one lane at a time.</summary>
internal static class KernelDriver
{
    /// <summary>Whether the processor fuses a multiplication and an addition.</summary>
    internal static bool HasFusedMultiplyAdd => Fma.IsSupported || AdvSimd.IsSupported;

    internal static SimdWidth Resolve(SimdWidth width, RuleSchema schema) => width switch
    {
        SimdWidth.Widest => Vector512.IsHardwareAccelerated && !schema.IsStreaming ? SimdWidth.Bits512
            : Vector256.IsHardwareAccelerated ? SimdWidth.Bits256
            : Vector128.IsHardwareAccelerated ? SimdWidth.Bits128
            : SimdWidth.Scalar,
        SimdWidth.Scalar or SimdWidth.Bits128 or SimdWidth.Bits256 or SimdWidth.Bits512 => width,
        _ => throw new ArgumentOutOfRangeException(nameof(width), width, "The width must be Widest, Scalar, Bits128, Bits256 or Bits512."),
    };

    /// <summary>A rule's kernel at a width, its generic code looked up once and not in every step.</summary>
    internal static unsafe Kernel<T> Bind<T, TRule>(SimdWidth width, bool reportFaults)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : IUpdateRule<T>
        => reportFaults ? Bind<T, TRule, ReportFaults>(width) : Bind<T, TRule, IgnoreFaults>(width);

    private static unsafe Kernel<T> Bind<T, TRule, TCheck>(SimdWidth width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : IUpdateRule<T>
        where TCheck : struct, IFaultCheck
    {
        delegate*<ref readonly KernelBlock<T>, bool> one = &TRule.Sweep<Simd1<T>, T, TCheck>;
        return width switch
        {
            SimdWidth.Bits512 => new(&TRule.Sweep<Simd512<T>, Vector512<T>, TCheck>, Simd512<T>.Count, one),
            SimdWidth.Bits256 => new(&TRule.Sweep<Simd256<T>, Vector256<T>, TCheck>, Simd256<T>.Count, one),
            SimdWidth.Bits128 => new(&TRule.Sweep<Simd128<T>, Vector128<T>, TCheck>, Simd128<T>.Count, one),
            _ => new(one, 1, one),
        };
    }
}

/// <summary>A rule's kernel, bound to a vector width.</summary>
internal readonly unsafe struct Kernel<T>(delegate*<ref readonly KernelBlock<T>, bool> vectors, int lanes, delegate*<ref readonly KernelBlock<T>, bool> one)
    where T : unmanaged
{
    private readonly delegate*<ref readonly KernelBlock<T>, bool> vectors = vectors, one = one;
    private readonly nuint lanes = (nuint)lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Sweep(ref readonly KernelBlock<T> block)
    {
        nuint rest = block.Length & (lanes - 1);
        return rest == 0 ? vectors(in block) : SweepWithTail(in block, rest);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool SweepWithTail(ref readonly KernelBlock<T> block, nuint rest)
    {
        nuint whole = block.Length - rest;
        KernelBlock<T> first = block.Slice(0, whole), last = block.Slice(whole, rest);
        bool fault = whole != 0 && vectors(in first);
        return one(in last) | fault;
    }
}
