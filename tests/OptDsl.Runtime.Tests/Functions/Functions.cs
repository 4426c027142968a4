using System.Runtime.Intrinsics;
using OptDsl.Simd;

namespace OptDsl.Runtime.Tests.Functions;

/// <summary>One of the approximate functions: at every width, for one number, of the platform, and to many digits.</summary>
internal abstract record Function(string Name, bool IsBinary, double Ulps)
{
    internal static readonly Function[] All =
    [
        new Of<ExpFunction>("Exp", false, 1),
        new Of<LogFunction>("Log", false, 1),
        new Of<Log2Function>("Log2", false, 1),
        new Of<SinFunction>("Sin", false, 1),
        new Of<CosFunction>("Cos", false, 1),
        new Of<TanhFunction>("Tanh", false, 1),
        new Of<AtanFunction>("Atan", false, 1),
        new Of<Atan2Function>("Atan2", true, 1),
        new Of<PowFunction>("Pow", true, 1),
        new Of<CbrtFunction>("Cbrt", false, 1),
        new Of<HypotFunction>("Hypot", true, 1),
    ];

    internal static Function Named(string name) => Array.Find(All, function => function.Name == name)!;

    internal abstract BigReal Exact(double x, double y);

    internal abstract double Platform(double x, double y);

    /// <summary>Whole vectors first, then the rest one lane at a time, as kernels do.</summary>
    internal abstract void Run<T>(SimdWidth width, T[] x, T[] y, T[] results)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>;

    private sealed record Of<F>(string Name, bool IsBinary, double Ulps) : Function(Name, IsBinary, Ulps)
        where F : struct, IFunction
    {
        internal override BigReal Exact(double x, double y) => F.Exact(new BigReal(x), new BigReal(y));

        internal override double Platform(double x, double y) => F.Platform(x, y);

        internal override void Run<T>(SimdWidth width, T[] x, T[] y, T[] results)
        {
            int done = width switch
            {
                SimdWidth.Bits512 => Sweep<Simd512<T>, Vector512<T>, T>(x, y, results, 0),
                SimdWidth.Bits256 => Sweep<Simd256<T>, Vector256<T>, T>(x, y, results, 0),
                SimdWidth.Bits128 => Sweep<Simd128<T>, Vector128<T>, T>(x, y, results, 0),
                _ => 0,
            };
            Sweep<Simd1<T>, T, T>(x, y, results, done);
        }

        private static int Sweep<S, V, T>(T[] x, T[] y, T[] results, int i)
            where S : struct, ISimdOps<V, T>
            where T : unmanaged
        {
            for (; i + S.Count <= x.Length; i += S.Count)
            {
                S.Store(F.Apply<S, V, T>(S.Load(in x[i], 0), S.Load(in y[i], 0)), ref results[i], 0);
            }

            return i;
        }
    }
}

/// <summary>A function in all its forms.</summary>
internal interface IFunction
{
    static abstract V Apply<S, V, T>(V x, V y)
        where S : struct, ISimdOps<V, T>
        where T : unmanaged;

    static abstract double Platform(double x, double y);

    static abstract BigReal Exact(BigReal x, BigReal y);
}
