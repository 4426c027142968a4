using System.Numerics;
using System.Runtime.Intrinsics;

namespace OptDsl.Models;

/// <summary>The logarithm of what a Langevin proposal is accepted with.</summary>
internal static class MetropolisRatio
{
    /// <summary>
    /// log of q(y to x) / q(x to y), of proposals normal around x - h g(x) of variance 2 h: with d = y - x, s and e the sum and the difference
    /// g(x) + g(y) and g(x) - g(y), it is the sum of s (d / 2 + h e / 4). So written, exchanging x and y changes the sign and no bit, and no
    /// large squares are subtracted.
    /// </summary>
    /// <remarks>
    /// In double, in eight lanes that are summed in pairs at the end, whatever vectors the processor has.
    /// </remarks>
    internal static double Proposals<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> gradientX, ReadOnlySpan<T> gradientY, double inverseTemperature, double stepSize)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sums = Vector512<double>.Zero;
        Vector512<double> half = Vector512.Create(0.5 * inverseTemperature), quarter = Vector512.Create(0.25 * stepSize * inverseTemperature * inverseTemperature);
        int at = 0;
        for (; at + Vector512<double>.Count <= x.Length; at += Vector512<double>.Count)
        {
            sums += Term(Load(x, at), Load(y, at), Load(gradientX, at), Load(gradientY, at), half, quarter);
        }

        if (at < x.Length)
        {
            sums += Term(LoadPart(x, at), LoadPart(y, at), LoadPart(gradientX, at), LoadPart(gradientY, at), half, quarter);
        }

        Vector256<double> four = sums.GetLower() + sums.GetUpper();
        Vector128<double> two = four.GetLower() + four.GetUpper();
        return two[0] + two[1];
    }

    private static Vector512<double> Term(Vector512<double> x, Vector512<double> y, Vector512<double> gradientX, Vector512<double> gradientY, Vector512<double> half, Vector512<double> quarter)
        => (gradientX + gradientY) * ((half * (y - x)) + (quarter * (gradientX - gradientY)));

    private static Vector512<double> Load<T>(ReadOnlySpan<T> values, int at)
        where T : unmanaged
        => typeof(T) == typeof(double)
            ? Vector512.Create(System.Runtime.InteropServices.MemoryMarshal.Cast<T, double>(values[at..]))
            : Widen(Vector256.Create(System.Runtime.InteropServices.MemoryMarshal.Cast<T, float>(values[at..])));

    private static Vector512<double> LoadPart<T>(ReadOnlySpan<T> values, int at)
        where T : unmanaged
    {
        Span<T> part = stackalloc T[Vector512<double>.Count];
        part.Clear();
        values[at..].CopyTo(part);
        return Load<T>(part, 0);
    }

    private static Vector512<double> Widen(Vector256<float> values)
    {
        (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(values);
        return Vector512.Create(lower, upper);
    }
}
