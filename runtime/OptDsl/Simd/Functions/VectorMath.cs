using System.Runtime.CompilerServices;

namespace OptDsl.Simd;

/// <summary>
/// The approximate functions of the rule language, over vectors. A generated kernel calls them where a rule calls <see cref="Math"/>,
/// <see cref="MathF"/> or <see cref="RuleMath"/>. They give the same bits at every width and on every machine.
/// </summary>
/// <remarks>
/// Each function is one call per vector, because a few of them inlined into a kernel would exceed what the compiler inlines. The functions
/// of <see cref="RuleMath"/> are these for one lane and state the errors. Special values are those of <see cref="Math"/>.
/// </remarks>
public static class VectorMath
{
    private const MethodImplOptions OneCall = MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization;

    /// <summary>e^x.</summary>
    [MethodImpl(OneCall)]
    public static V Exp<S, V, T>(V x)
        where S : struct, ISimdOps<V, T>
        where T : unmanaged
        => Exponential<S, V, T>.Exp(x);

    /// <summary>The natural logarithm.</summary>
    [MethodImpl(OneCall)]
    public static V Log<S, V, T>(V x)
        where S : struct, ISimdOps<V, T>
        where T : unmanaged
        => Logarithm<S, V, T>.Log(x);

    /// <summary>The base-two logarithm.</summary>
    [MethodImpl(OneCall)]
    public static V Log2<S, V, T>(V x)
        where S : struct, ISimdOps<V, T>
        where T : unmanaged
        => Logarithm<S, V, T>.Log2(x);

    /// <summary>The sine of an angle in radians, of any size.</summary>
    [MethodImpl(OneCall)]
    public static V Sin<S, V, T>(V x)
        where S : struct, ISimdOps<V, T>
        where T : unmanaged
        => Circle<S, V, T>.Sin(x);

    /// <summary>The cosine of an angle in radians, of any size.</summary>
    [MethodImpl(OneCall)]
    public static V Cos<S, V, T>(V x)
        where S : struct, ISimdOps<V, T>
        where T : unmanaged
        => Circle<S, V, T>.Cos(x);

    /// <summary>The hyperbolic tangent.</summary>
    [MethodImpl(OneCall)]
    public static V Tanh<S, V, T>(V x)
        where S : struct, ISimdOps<V, T>
        where T : unmanaged
        => Exponential<S, V, T>.Tanh(x);

    /// <summary>The angle in radians whose tangent is x, from -pi / 2 to pi / 2.</summary>
    [MethodImpl(OneCall)]
    public static V Atan<S, V, T>(V x)
        where S : struct, ISimdOps<V, T>
        where T : unmanaged
        => Arctangent<S, V, T>.Atan(x);

    /// <summary>The angle in radians of the point (x, y) from the first axis, from -pi to pi.</summary>
    [MethodImpl(OneCall)]
    public static V Atan2<S, V, T>(V y, V x)
        where S : struct, ISimdOps<V, T>
        where T : unmanaged
        => Arctangent<S, V, T>.Atan2(y, x);

    /// <summary>x^y.</summary>
    [MethodImpl(OneCall)]
    public static V Pow<S, V, T>(V x, V y)
        where S : struct, ISimdOps<V, T>
        where T : unmanaged
        => Power<S, V, T>.Pow(x, y);

    /// <summary>The cube root.</summary>
    [MethodImpl(OneCall)]
    public static V Cbrt<S, V, T>(V x)
        where S : struct, ISimdOps<V, T>
        where T : unmanaged
        => Roots<S, V, T>.Cbrt(x);

    /// <summary>The square root of x^2 + y^2, without intermediate overflow.</summary>
    [MethodImpl(OneCall)]
    public static V Hypot<S, V, T>(V x, V y)
        where S : struct, ISimdOps<V, T>
        where T : unmanaged
        => Roots<S, V, T>.Hypot(x, y);
}
