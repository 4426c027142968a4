using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace OptDsl.Simd;

/// <summary>Sums of products that kernels accumulate in double.</summary>
public static class WideSums
{
    /// <summary>
    /// sum + x * y, with the rounding of that expression. If x and y were widened from float, their product is exact in double. One fused
    /// operation then gives the same bits at half the cost, where the processor has it.
    /// </summary>
    /// <typeparam name="T">The type that x and y were widened from.</typeparam>
    /// <typeparam name="D">The witness: the operations on vectors of double.</typeparam>
    /// <typeparam name="W">The vector.</typeparam>
    /// <param name="sum">The sum so far.</param>
    /// <param name="x">A widened value.</param>
    /// <param name="y">A widened value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static W AddProduct<T, D, W>(W sum, W x, W y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where D : struct, ISimdOps<W, double>
        => typeof(T) == typeof(float) && (Fma.IsSupported || AdvSimd.IsSupported) ? D.MultiplyAdd(x, y, sum) : D.Add(sum, D.Multiply(x, y));
}
