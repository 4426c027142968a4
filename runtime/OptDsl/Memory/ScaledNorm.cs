using System.Numerics;

namespace OptDsl;

/// <summary>
/// Norms of finite numbers whose squares overflow or vanish. A sum of squares is computed as it is; only where it comes out abnormal is it
/// computed again, of numbers scaled by a power of two, which rounds nothing: so nothing changes where nothing overflows.
/// </summary>
internal static class ScaledNorm
{
    // Below this, terms of a sum of squares may have lost digits.
    private const int LeastExponent = -960;

    /// <summary>
    /// Whether a sum of squares, or of products, has all its digits: neither infinite nor NaN, nor so small that terms of it vanished.
    /// </summary>
    internal static bool IsNormal(double sum) => double.IsFinite(sum) && Math.Abs(sum) >= Math.ScaleB(1, LeastExponent);

    /// <summary>The exponent of the largest size among numbers; 0 where all are zero, or one is not finite and no scale helps.</summary>
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
    /// The root of the sum of squares of every stride-th number from the first; infinite only where the norm itself is past a double.
    /// </summary>
    /// <param name="squares">The sum, as it came out.</param>
    /// <param name="values">What it is of.</param>
    /// <param name="stride">From one number to the next.</param>
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
