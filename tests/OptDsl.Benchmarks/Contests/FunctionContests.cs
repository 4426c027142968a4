using OptDsl.Simd;

namespace OptDsl.Benchmarks;

/// <summary>Every approximate function, in float and double, where its arguments usually are.</summary>
internal static class FunctionContests
{
    internal static readonly (string Name, string Element, Func<Contest> Create)[] All =
    [
        ("exp", "float", () => new FunctionContest<ExpOfFloat, float>(-20, 5)),
        ("exp", "double", () => new FunctionContest<ExpOfDouble, double>(-20, 5)),
        ("log", "float", () => new FunctionContest<LogOfFloat, float>(0.01, 100)),
        ("log", "double", () => new FunctionContest<LogOfDouble, double>(0.01, 100)),
        ("log2", "float", () => new FunctionContest<Log2OfFloat, float>(0.01, 100)),
        ("log2", "double", () => new FunctionContest<Log2OfDouble, double>(0.01, 100)),
        ("sin", "float", () => new FunctionContest<SinOfFloat, float>(-20, 20)),
        ("sin", "double", () => new FunctionContest<SinOfDouble, double>(-20, 20)),
        ("cos", "float", () => new FunctionContest<CosOfFloat, float>(-20, 20)),
        ("cos", "double", () => new FunctionContest<CosOfDouble, double>(-20, 20)),
        ("tanh", "float", () => new FunctionContest<TanhOfFloat, float>(-4, 4)),
        ("tanh", "double", () => new FunctionContest<TanhOfDouble, double>(-4, 4)),
        ("atan", "float", () => new FunctionContest<AtanOfFloat, float>(-4, 4)),
        ("atan", "double", () => new FunctionContest<AtanOfDouble, double>(-4, 4)),
        ("atan2", "float", () => new FunctionContest<Atan2OfFloat, float>(-5, 5)),
        ("atan2", "double", () => new FunctionContest<Atan2OfDouble, double>(-5, 5)),
        ("pow", "float", () => new FunctionContest<PowOfFloat, float>(0.01, 4)),
        ("pow", "double", () => new FunctionContest<PowOfDouble, double>(0.01, 4)),
        ("cbrt", "float", () => new FunctionContest<CbrtOfFloat, float>(-50, 50)),
        ("cbrt", "double", () => new FunctionContest<CbrtOfDouble, double>(-50, 50)),
        ("hypot", "float", () => new FunctionContest<HypotOfFloat, float>(-50, 50)),
        ("hypot", "double", () => new FunctionContest<HypotOfDouble, double>(-50, 50)),
    ];

    private readonly struct ExpOfFloat : IFunction<float>
    {
        public static V Ours<S, V>(V x, V y)
            where S : struct, ISimdOps<V, float> => VectorMath.Exp<S, V, float>(x);

        public static float Platform(float x, float y) => MathF.Exp(x);
    }

    private readonly struct ExpOfDouble : IFunction<double>
    {
        public static V Ours<S, V>(V x, V y)
            where S : struct, ISimdOps<V, double> => VectorMath.Exp<S, V, double>(x);

        public static double Platform(double x, double y) => Math.Exp(x);
    }

    private readonly struct LogOfFloat : IFunction<float>
    {
        public static V Ours<S, V>(V x, V y)
            where S : struct, ISimdOps<V, float> => VectorMath.Log<S, V, float>(x);

        public static float Platform(float x, float y) => MathF.Log(x);
    }

    private readonly struct LogOfDouble : IFunction<double>
    {
        public static V Ours<S, V>(V x, V y)
            where S : struct, ISimdOps<V, double> => VectorMath.Log<S, V, double>(x);

        public static double Platform(double x, double y) => Math.Log(x);
    }

    private readonly struct Log2OfFloat : IFunction<float>
    {
        public static V Ours<S, V>(V x, V y)
            where S : struct, ISimdOps<V, float> => VectorMath.Log2<S, V, float>(x);

        public static float Platform(float x, float y) => MathF.Log2(x);
    }

    private readonly struct Log2OfDouble : IFunction<double>
    {
        public static V Ours<S, V>(V x, V y)
            where S : struct, ISimdOps<V, double> => VectorMath.Log2<S, V, double>(x);

        public static double Platform(double x, double y) => Math.Log2(x);
    }

    private readonly struct SinOfFloat : IFunction<float>
    {
        public static V Ours<S, V>(V x, V y)
            where S : struct, ISimdOps<V, float> => VectorMath.Sin<S, V, float>(x);

        public static float Platform(float x, float y) => MathF.Sin(x);
    }

    private readonly struct SinOfDouble : IFunction<double>
    {
        public static V Ours<S, V>(V x, V y)
            where S : struct, ISimdOps<V, double> => VectorMath.Sin<S, V, double>(x);

        public static double Platform(double x, double y) => Math.Sin(x);
    }

    private readonly struct CosOfFloat : IFunction<float>
    {
        public static V Ours<S, V>(V x, V y)
            where S : struct, ISimdOps<V, float> => VectorMath.Cos<S, V, float>(x);

        public static float Platform(float x, float y) => MathF.Cos(x);
    }

    private readonly struct CosOfDouble : IFunction<double>
    {
        public static V Ours<S, V>(V x, V y)
            where S : struct, ISimdOps<V, double> => VectorMath.Cos<S, V, double>(x);

        public static double Platform(double x, double y) => Math.Cos(x);
    }

    private readonly struct TanhOfFloat : IFunction<float>
    {
        public static V Ours<S, V>(V x, V y)
            where S : struct, ISimdOps<V, float> => VectorMath.Tanh<S, V, float>(x);

        public static float Platform(float x, float y) => MathF.Tanh(x);
    }

    private readonly struct TanhOfDouble : IFunction<double>
    {
        public static V Ours<S, V>(V x, V y)
            where S : struct, ISimdOps<V, double> => VectorMath.Tanh<S, V, double>(x);

        public static double Platform(double x, double y) => Math.Tanh(x);
    }

    private readonly struct AtanOfFloat : IFunction<float>
    {
        public static V Ours<S, V>(V x, V y)
            where S : struct, ISimdOps<V, float> => VectorMath.Atan<S, V, float>(x);

        public static float Platform(float x, float y) => MathF.Atan(x);
    }

    private readonly struct AtanOfDouble : IFunction<double>
    {
        public static V Ours<S, V>(V x, V y)
            where S : struct, ISimdOps<V, double> => VectorMath.Atan<S, V, double>(x);

        public static double Platform(double x, double y) => Math.Atan(x);
    }

    private readonly struct Atan2OfFloat : IFunction<float>
    {
        public static V Ours<S, V>(V x, V y)
            where S : struct, ISimdOps<V, float> => VectorMath.Atan2<S, V, float>(x, y);

        public static float Platform(float x, float y) => MathF.Atan2(x, y);
    }

    private readonly struct Atan2OfDouble : IFunction<double>
    {
        public static V Ours<S, V>(V x, V y)
            where S : struct, ISimdOps<V, double> => VectorMath.Atan2<S, V, double>(x, y);

        public static double Platform(double x, double y) => Math.Atan2(x, y);
    }

    private readonly struct PowOfFloat : IFunction<float>
    {
        public static V Ours<S, V>(V x, V y)
            where S : struct, ISimdOps<V, float> => VectorMath.Pow<S, V, float>(x, y);

        public static float Platform(float x, float y) => MathF.Pow(x, y);
    }

    private readonly struct PowOfDouble : IFunction<double>
    {
        public static V Ours<S, V>(V x, V y)
            where S : struct, ISimdOps<V, double> => VectorMath.Pow<S, V, double>(x, y);

        public static double Platform(double x, double y) => Math.Pow(x, y);
    }

    private readonly struct CbrtOfFloat : IFunction<float>
    {
        public static V Ours<S, V>(V x, V y)
            where S : struct, ISimdOps<V, float> => VectorMath.Cbrt<S, V, float>(x);

        public static float Platform(float x, float y) => MathF.Cbrt(x);
    }

    private readonly struct CbrtOfDouble : IFunction<double>
    {
        public static V Ours<S, V>(V x, V y)
            where S : struct, ISimdOps<V, double> => VectorMath.Cbrt<S, V, double>(x);

        public static double Platform(double x, double y) => Math.Cbrt(x);
    }

    private readonly struct HypotOfFloat : IFunction<float>
    {
        public static V Ours<S, V>(V x, V y)
            where S : struct, ISimdOps<V, float> => VectorMath.Hypot<S, V, float>(x, y);

        public static float Platform(float x, float y) => float.Hypot(x, y);
    }

    private readonly struct HypotOfDouble : IFunction<double>
    {
        public static V Ours<S, V>(V x, V y)
            where S : struct, ISimdOps<V, double> => VectorMath.Hypot<S, V, double>(x, y);

        public static double Platform(double x, double y) => double.Hypot(x, y);
    }
}
