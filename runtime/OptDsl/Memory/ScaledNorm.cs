using System.Numerics;

namespace OptDsl;

/// <summary>
/// Norms of finite numbers whose squares overflow or underflow. A sum of squares is first computed directly. Only if it overflowed or is
/// too small, it is computed again from numbers scaled by a power of two, which is exact. So the bits of all other norms stay the same.
/// </summary>
internal static class ScaledNorm
{
    // Below this, terms of a sum of squares may have lost digits.
    private const int LeastExponent = -960;

    /// <summary>
    /// Whether a sum of squares, or of products, has all its digits. It is then neither infinite nor NaN, nor so small that terms
    /// underflowed.
    /// </summary>
    internal static bool IsNormal(double sum) => double.IsFinite(sum) && Math.Abs(sum) >= Math.ScaleB(1, LeastExponent);

    /// <summary>
    /// The exponent of the largest size among the numbers; 0 if all are zero, or if one is not finite and no scale helps.
    /// </summary>
    internal static int Exponent<T>(ReadOnlySpan<T> values, int stride = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double largest = 0;
        for (int i = 0; i < values.Length; i += stride)
        {
            largest = Math.Max(largest, Math.Abs(double.CreateTruncating(values[i])));
        }

        return largest > 0 && double.IsFinite(largest) ? Math.ILogB(largest) : 0;
    }

    /// <summary>The numbers times 2^exponent.</summary>
    internal static double[] Times(ReadOnlySpan<double> values, int exponent)
    {
        double[] scaled = new double[values.Length];
        for (int i = 0; i < scaled.Length; i++)
        {
            scaled[i] = Math.ScaleB(values[i], exponent);
        }

        return scaled;
    }

    /// <summary>
    /// The square root of the sum of squares of every stride-th number from the first on. It is infinite only if the norm itself exceeds
    /// the largest double.
    /// </summary>
    /// <param name="squares">The sum of squares as computed directly.</param>
    /// <param name="values">The numbers.</param>
    /// <param name="stride">The distance from one number to the next, in elements.</param>
    internal static double Root<T>(double squares, ReadOnlySpan<T> values, int stride = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (IsNormal(squares))
        {
            return Math.Sqrt(squares);
        }

        int exponent = Exponent(values, stride);
        double sum = 0;
        for (int i = 0; i < values.Length; i += stride)
        {
            double scaled = Math.ScaleB(double.CreateTruncating(values[i]), -exponent);
            sum += scaled * scaled;
        }

        return Math.ScaleB(Math.Sqrt(sum), exponent);
    }
}
