using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace OptDsl.Simd;

/// <summary>Sums of products that kernels accumulate in double.</summary>
public static class WideSums
{
    /// <summary>
    /// sum + x * y, rounded as that is written. Of values widened from float the product is exact in double, so that one fused
    /// operation has the same bits and costs half, where the processor has it.
    /// </summary>
    /// <typeparam name="T">What x and y were widened from.</typeparam>
    /// <typeparam name="D">The witness.</typeparam>
    /// <typeparam name="W">The vector.</typeparam>
    /// <param name="sum">What was accumulated.</param>
    /// <param name="x">A widened value.</param>
    /// <param name="y">A widened value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static W AddProduct<T, D, W>(W sum, W x, W y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where D : struct, ISimdOps<W, double>
        => typeof(T) == typeof(float) && (Fma.IsSupported || AdvSimd.IsSupported) ? D.MultiplyAdd(x, y, sum) : D.Add(sum, D.Multiply(x, y));
}
