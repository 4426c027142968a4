using OptDsl.Simd;

namespace OptDsl;

/// <content>
/// The approximate functions of the kernels, for one number. A rule that calls them equals its kernel bit for bit. A rule that calls
/// <see cref="Math"/> has the same kernel. The kernel then differs from the platform's function by the errors stated here, in units of the
/// last place (ulp) of the exact value. The functions give the same bits on every machine.
/// </content>
public static partial class RuleMath
{
    /// <summary>e^x. At most 1 ulp off.</summary>
    public static double Exp(double x) => VectorMath.Exp<Simd1<double>, double, double>(x);

    /// <inheritdoc cref="Exp(double)"/>
    public static float Exp(float x) => VectorMath.Exp<Simd1<float>, float, float>(x);

    /// <summary>The natural logarithm of x. At most 1 ulp off.</summary>
    public static double Log(double x) => VectorMath.Log<Simd1<double>, double, double>(x);

    /// <inheritdoc cref="Log(double)"/>
    public static float Log(float x) => VectorMath.Log<Simd1<float>, float, float>(x);

    /// <summary>The base-two logarithm of x; exact for powers of two. At most 1 ulp off.</summary>
    public static double Log2(double x) => VectorMath.Log2<Simd1<double>, double, double>(x);

    /// <inheritdoc cref="Log2(double)"/>
    public static float Log2(float x) => VectorMath.Log2<Simd1<float>, float, float>(x);

    /// <summary>The sine of x radians, x of any size. At most 1 ulp off.</summary>
    public static double Sin(double x) => VectorMath.Sin<Simd1<double>, double, double>(x);

    /// <inheritdoc cref="Sin(double)"/>
    public static float Sin(float x) => VectorMath.Sin<Simd1<float>, float, float>(x);

    /// <summary>The cosine of x radians, x of any size. At most 1 ulp off.</summary>
    public static double Cos(double x) => VectorMath.Cos<Simd1<double>, double, double>(x);

    /// <inheritdoc cref="Cos(double)"/>
    public static float Cos(float x) => VectorMath.Cos<Simd1<float>, float, float>(x);

    /// <summary>The hyperbolic tangent of x. At most 1 ulp off.</summary>
    public static double Tanh(double x) => VectorMath.Tanh<Simd1<double>, double, double>(x);

    /// <inheritdoc cref="Tanh(double)"/>
    public static float Tanh(float x) => VectorMath.Tanh<Simd1<float>, float, float>(x);

    /// <summary>The angle in radians whose tangent is x, from -pi / 2 to pi / 2. At most 1 ulp off.</summary>
    public static double Atan(double x) => VectorMath.Atan<Simd1<double>, double, double>(x);

    /// <inheritdoc cref="Atan(double)"/>
    public static float Atan(float x) => VectorMath.Atan<Simd1<float>, float, float>(x);

    /// <summary>
    /// The angle in radians from the first axis to the point (x, y), from -pi to pi, both rounded. The sign of the angle is the sign of y;
    /// y = -0 counts as below the axis. At most 1 ulp off, with the special values of <see cref="Math.Atan2"/>. Never throws; NaN if either
    /// argument is NaN.
    /// </summary>
    public static double Atan2(double y, double x) => VectorMath.Atan2<Simd1<double>, double, double>(y, x);

    /// <inheritdoc cref="Atan2(double, double)"/>
    public static float Atan2(float y, float x) => VectorMath.Atan2<Simd1<float>, float, float>(y, x);

    /// <summary>x^y, with the special values of <see cref="Math.Pow"/>. At most 1 ulp off.</summary>
    public static double Pow(double x, double y) => VectorMath.Pow<Simd1<double>, double, double>(x, y);

    /// <inheritdoc cref="Pow(double, double)"/>
    public static float Pow(float x, float y) => VectorMath.Pow<Simd1<float>, float, float>(x, y);

    /// <summary>The cube root of x. At most 1 ulp off.</summary>
    public static double Cbrt(double x) => VectorMath.Cbrt<Simd1<double>, double, double>(x);

    /// <inheritdoc cref="Cbrt(double)"/>
    public static float Cbrt(float x) => VectorMath.Cbrt<Simd1<float>, float, float>(x);

    /// <summary>The square root of x^2 + y^2, without intermediate overflow. At most 1 ulp off.</summary>
    public static double Hypot(double x, double y) => VectorMath.Hypot<Simd1<double>, double, double>(x, y);

    /// <inheritdoc cref="Hypot(double, double)"/>
    public static float Hypot(float x, float y) => VectorMath.Hypot<Simd1<float>, float, float>(x, y);
}
