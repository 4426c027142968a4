using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OptDsl.Models;

/// <summary>The logarithm of the Metropolis ratio of a Langevin proposal.</summary>
internal static class MetropolisRatio
{
    // The number of vectors that are summed in the element before the sum is widened to double. The rounding error in float stays below
    // 1e-6 of a term.
    private const int BlockVectors = 16;

    /// <summary>
    /// log of q(y to x) / q(x to y), where the proposal from x is normal around x - h b g(x) with variance 2 h. Let d = y - x, s = g(x) +
    /// g(y) and e = g(x) - g(y). Then the logarithm is the sum of b s (d + h b e / 2) / 2. In this form, exchanging x and y changes only
    /// the sign, to the bit, and no large squares are subtracted.
    /// </summary>
    /// <remarks>Lanes, blocks and their order are the same for every vector width of the processor.</remarks>
    internal static double Proposals<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> gradientX, ReadOnlySpan<T> gradientY,
        double inverseTemperature, double stepSize)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T fromX = ref MemoryMarshal.GetReference(x), fromY = ref MemoryMarshal.GetReference(y);
        ref T fromGradientX = ref MemoryMarshal.GetReference(gradientX), fromGradientY = ref MemoryMarshal.GetReference(gradientY);
        var drift = Vector512.Create(T.CreateTruncating(0.5 * stepSize * inverseTemperature));
        int whole = x.Length - (x.Length % Vector512<T>.Count), block = BlockVectors * Vector512<T>.Count;
        double sum = 0;
        for (int start = 0; start < whole; start += block)
        {
            Vector512<T> sums = Vector512<T>.Zero;
            for (int at = start; at < Math.Min(start + block, whole); at += Vector512<T>.Count)
            {
                nuint place = (nuint)at;
                sums += Term(Vector512.LoadUnsafe(ref fromX, place), Vector512.LoadUnsafe(ref fromY, place),
                    Vector512.LoadUnsafe(ref fromGradientX, place), Vector512.LoadUnsafe(ref fromGradientY, place), drift);
            }

            sum += Fold(sums);
        }

        if (whole < x.Length)
        {
            sum += Fold(Term(Part(x[whole..]), Part(y[whole..]), Part(gradientX[whole..]), Part(gradientY[whole..]), drift));
        }

        return 0.5 * inverseTemperature * sum;
    }

    /// <summary>
    /// The logarithm of the whole ratio: b (U(x) - U(y)) plus that of the proposals. It is for finite numbers that overflow in differences,
    /// products or sums, and scales them down by powers of two.
    /// </summary>
    internal static double Scaled<T>(double potentialX, double potentialY, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> gradientX,
        ReadOnlySpan<T> gradientY, double inverseTemperature, double stepSize)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double quarter = Proposals(x, y, gradientX, gradientY, inverseTemperature, stepSize) / 4;
        if (!double.IsFinite(quarter))
        {
            quarter = QuarterOfProposals(x, y, gradientX, gradientY, inverseTemperature, stepSize);
        }

        return 4 * ((inverseTemperature * ((potentialX / 4) - (potentialY / 4))) + quarter);
    }

    /// <summary>
    /// A quarter of <see cref="Proposals"/>, in double. Numbers that underflow because of the scaling contribute less than 1e60; what
    /// overflowed without it was above 1e308.
    /// </summary>
    private static double QuarterOfProposals<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> gradientX, ReadOnlySpan<T> gradientY,
        double inverseTemperature, double stepSize)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Products of floats do not overflow in double. They need no scaling, which could make them underflow.
        double scale = typeof(T) == typeof(float) ? 1 : Math.ScaleB(1, -600), drift = 0.5 * stepSize * inverseTemperature, sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double gx = double.CreateTruncating(gradientX[i]) * scale, gy = double.CreateTruncating(gradientY[i]) * scale;
            sum += (gx + gy) * ((double.CreateTruncating(y[i]) * scale) - (double.CreateTruncating(x[i]) * scale) + (drift * (gx - gy)));
        }

        return 0.125 * inverseTemperature * sum / scale / scale;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Term<T>(Vector512<T> x, Vector512<T> y, Vector512<T> gradientX, Vector512<T> gradientY, Vector512<T> drift)
        => (gradientX + gradientY) * ((y - x) + (drift * (gradientX - gradientY)));

    private static Vector512<T> Part<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        Span<T> part = stackalloc T[Vector512<T>.Count];
        part.Clear();
        values.CopyTo(part);
        return Vector512.Create<T>(part);
    }

    /// <summary>The sum of the lanes in double, added in pairs.</summary>
    private static double Fold<T>(Vector512<T> lanes)
    {
        Vector512<double> eight;
        if (typeof(T) == typeof(double))
        {
            eight = lanes.AsDouble();
        }
        else
        {
            (Vector512<double> lower, Vector512<double> upper) = Vector512.Widen(lanes.AsSingle());
            eight = lower + upper;
        }

        Vector256<double> four = eight.GetLower() + eight.GetUpper();
        Vector128<double> two = four.GetLower() + four.GetUpper();
        return two[0] + two[1];
    }
}
