using System.Numerics;
using System.Runtime.Intrinsics;
using OptDsl.Contract;
using OptDsl.Simd;

namespace OptDsl.Engine;

/// <summary>
/// Runs the kernel of a very large rule, whose per-parameter values may not fit on the stack of the thread that steps. Every sweep runs on
/// a new thread of its own. That costs some hundred microseconds, less than such a sweep.
/// </summary>
internal static class OnLargeStack<T, TRule>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : IUpdateRule<T>
{
    // Some 200 bytes per value were measured at 512 bits, which is three vectors.
    private const int BytesPerValue = 1024, LeastBytes = 1 << 20;

    internal static unsafe Kernel<T> Bind<TCheck>(SimdWidth width, int pass)
        where TCheck : struct, IFaultCheck
    {
        delegate*<int, ref readonly KernelBlock<T>, bool> one = &Sweep<Simd1<T>, T, Simd1<double>, double, TCheck>;
        return width switch
        {
            SimdWidth.Bits512 =>
                new(&Sweep<Simd512<T>, Vector512<T>, Simd512<double>, Vector512<double>, TCheck>, Simd512<T>.Count, one, pass),
            SimdWidth.Bits256 =>
                new(&Sweep<Simd256<T>, Vector256<T>, Simd256<double>, Vector256<double>, TCheck>, Simd256<T>.Count, one, pass),
            SimdWidth.Bits128 =>
                new(&Sweep<Simd128<T>, Vector128<T>, Simd128<double>, Vector128<double>, TCheck>, Simd128<T>.Count, one, pass),
            _ => new(one, 1, one, pass),
        };
    }

    private static bool Sweep<TSimd, TVector, TWide, TWideVector, TCheck>(int pass, ref readonly KernelBlock<T> block)
        where TSimd : struct, ISimdOps<TVector, T>, IWidening<TVector, TWideVector>
        where TWide : struct, ISimdOps<TWideVector, double>
        where TCheck : struct, IFaultCheck
    {
        KernelBlock<T> copy = block;
        bool fault = false;
        var thread = new Thread(() => fault = TRule.Sweep<TSimd, TVector, TWide, TWideVector, TCheck>(pass, in copy),
            Math.Max(LeastBytes, BytesPerValue * TRule.Schema.LargestPass))
        { IsBackground = true };
        thread.Start();
        thread.Join();
        return fault;
    }
}
