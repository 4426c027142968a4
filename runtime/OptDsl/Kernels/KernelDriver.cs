using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace OptDsl.Kernels;

/// <summary>Runs a rule's kernel over a block at a vector width: whole vectors first, then the rest one lane at a time.</summary>
internal static class KernelDriver
{
    /// <summary>Whether the processor fuses a multiplication and an addition.</summary>
    internal static bool HasFusedMultiplyAdd => Fma.IsSupported || AdvSimd.IsSupported;

    internal static SimdWidth Resolve(SimdWidth width) => width switch
    {
        SimdWidth.Widest => Vector512.IsHardwareAccelerated ? SimdWidth.Bits512
            : Vector256.IsHardwareAccelerated ? SimdWidth.Bits256
            : Vector128.IsHardwareAccelerated ? SimdWidth.Bits128
            : SimdWidth.Scalar,
        SimdWidth.Scalar or SimdWidth.Bits128 or SimdWidth.Bits256 or SimdWidth.Bits512 => width,
        _ => throw new ArgumentOutOfRangeException(nameof(width), width, "The width must be Widest, Scalar, Bits128, Bits256 or Bits512."),
    };

    internal static bool Sweep<T, TRule, TCheck>(SimdWidth width, KernelBlock<T> block)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : IUpdateRule<T>
        where TCheck : struct, IFaultCheck
        => width switch
        {
            SimdWidth.Bits512 => Sweep<T, TRule, Simd512<T>, Vector512<T>, TCheck>(block),
            SimdWidth.Bits256 => Sweep<T, TRule, Simd256<T>, Vector256<T>, TCheck>(block),
            SimdWidth.Bits128 => Sweep<T, TRule, Simd128<T>, Vector128<T>, TCheck>(block),
            _ => TRule.Sweep<Simd1<T>, T, TCheck>(block),
        };

    private static bool Sweep<T, TRule, TSimd, TVector, TCheck>(KernelBlock<T> block)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : IUpdateRule<T>
        where TSimd : struct, ISimdOps<TVector, T>
        where TCheck : struct, IFaultCheck
    {
        nuint rest = block.Length % (nuint)TSimd.Count, whole = block.Length - rest;
        bool fault = whole != 0 && TRule.Sweep<TSimd, TVector, TCheck>(block.Slice(0, whole));
        return (rest != 0 && TRule.Sweep<Simd1<T>, T, TCheck>(block.Slice(whole, rest))) | fault;
    }
}
