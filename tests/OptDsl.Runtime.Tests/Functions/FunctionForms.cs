using OptDsl.Simd;

namespace OptDsl.Runtime.Tests.Functions;

internal readonly struct ExpFunction : IFunction
{
    public static V Apply<S, V, T>(V x, V y)
        where S : struct, ISimdOps<V, T>
        where T : unmanaged
        => VectorMath.Exp<S, V, T>(x);

    public static double Platform(double x, double y) => Math.Exp(x);

    public static BigReal Exact(BigReal x, BigReal y) => BigReal.Exp(x);
}

internal readonly struct LogFunction : IFunction
{
    public static V Apply<S, V, T>(V x, V y)
        where S : struct, ISimdOps<V, T>
        where T : unmanaged
        => VectorMath.Log<S, V, T>(x);

    public static double Platform(double x, double y) => Math.Log(x);

    public static BigReal Exact(BigReal x, BigReal y) => BigReal.Log(x);
}

internal readonly struct Log2Function : IFunction
{
    public static V Apply<S, V, T>(V x, V y)
        where S : struct, ISimdOps<V, T>
        where T : unmanaged
        => VectorMath.Log2<S, V, T>(x);

    public static double Platform(double x, double y) => Math.Log2(x);

    public static BigReal Exact(BigReal x, BigReal y) => BigReal.Log2(x);
}

internal readonly struct SinFunction : IFunction
{
    public static V Apply<S, V, T>(V x, V y)
        where S : struct, ISimdOps<V, T>
        where T : unmanaged
        => VectorMath.Sin<S, V, T>(x);

    public static double Platform(double x, double y) => Math.Sin(x);

    public static BigReal Exact(BigReal x, BigReal y) => BigReal.Sin(x);
}

internal readonly struct CosFunction : IFunction
{
    public static V Apply<S, V, T>(V x, V y)
        where S : struct, ISimdOps<V, T>
        where T : unmanaged
        => VectorMath.Cos<S, V, T>(x);

    public static double Platform(double x, double y) => Math.Cos(x);

    public static BigReal Exact(BigReal x, BigReal y) => BigReal.Cos(x);
}

internal readonly struct TanhFunction : IFunction
{
    public static V Apply<S, V, T>(V x, V y)
        where S : struct, ISimdOps<V, T>
        where T : unmanaged
        => VectorMath.Tanh<S, V, T>(x);

    public static double Platform(double x, double y) => Math.Tanh(x);

    public static BigReal Exact(BigReal x, BigReal y) => BigReal.Tanh(x);
}

internal readonly struct AtanFunction : IFunction
{
    public static V Apply<S, V, T>(V x, V y)
        where S : struct, ISimdOps<V, T>
        where T : unmanaged
        => VectorMath.Atan<S, V, T>(x);

    public static double Platform(double x, double y) => Math.Atan(x);

    public static BigReal Exact(BigReal x, BigReal y) => BigReal.Atan2(x, new BigReal(1));
}

/// <summary>Here the first argument is the one along the second axis, as in <see cref="Math.Atan2"/>.</summary>
internal readonly struct Atan2Function : IFunction
{
    public static V Apply<S, V, T>(V x, V y)
        where S : struct, ISimdOps<V, T>
        where T : unmanaged
        => VectorMath.Atan2<S, V, T>(x, y);

    public static double Platform(double x, double y) => Math.Atan2(x, y);

    public static BigReal Exact(BigReal x, BigReal y) => BigReal.Atan2(x, y);
}

internal readonly struct PowFunction : IFunction
{
    public static V Apply<S, V, T>(V x, V y)
        where S : struct, ISimdOps<V, T>
        where T : unmanaged
        => VectorMath.Pow<S, V, T>(x, y);

    public static double Platform(double x, double y) => Math.Pow(x, y);

    public static BigReal Exact(BigReal x, BigReal y) => BigReal.Pow(x, y);
}

internal readonly struct CbrtFunction : IFunction
{
    public static V Apply<S, V, T>(V x, V y)
        where S : struct, ISimdOps<V, T>
        where T : unmanaged
        => VectorMath.Cbrt<S, V, T>(x);

    public static double Platform(double x, double y) => Math.Cbrt(x);

    public static BigReal Exact(BigReal x, BigReal y) => BigReal.Cbrt(x);
}

internal readonly struct HypotFunction : IFunction
{
    public static V Apply<S, V, T>(V x, V y)
        where S : struct, ISimdOps<V, T>
        where T : unmanaged
        => VectorMath.Hypot<S, V, T>(x, y);

    public static double Platform(double x, double y) => double.Hypot(x, y);

    public static BigReal Exact(BigReal x, BigReal y) => BigReal.Hypot(x, y);
}
