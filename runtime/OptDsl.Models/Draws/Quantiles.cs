namespace OptDsl.Models;

/// <summary>
/// Quantiles of draws, interpolated linearly between neighbouring draws (definition 7 of Hyndman and Fan, "Sample quantiles in statistical
/// packages", 1996).
/// </summary>
internal static class Quantiles
{
    /// <summary>The rounding error of a position, relative to the number of draws.</summary>
    private const double Rounding = 4 / (double)(1L << 52);

    /// <summary>The draws in ascending order; if one is not finite, all are NaN.</summary>
    internal static double[] Sorted(ReadOnlySpan<double> draws)
    {
        double[] sorted = draws.ToArray();
        if (Array.TrueForAll(sorted, double.IsFinite))
        {
            Array.Sort(sorted);
        }
        else
        {
            Array.Fill(sorted, double.NaN);
        }

        return sorted;
    }

    internal static double At(double[] sorted, double probability)
    {
        if (sorted.Length == 0)
        {
            return double.NaN;
        }

        // A position that differs from a draw's only by rounding error is taken to be that draw's, so that an indicator of the draw does
        // not miss it.
        double place = (sorted.Length - 1) * probability, nearest = Math.Round(place);
        if (Math.Abs(place - nearest) <= Rounding * sorted.Length)
        {
            return sorted[(int)nearest];
        }

        int below = (int)place;
        double distance = sorted[below + 1] - sorted[below], part = place - below;
        return double.IsInfinity(distance) ? (1 - part) * sorted[below] + part * sorted[below + 1] : sorted[below] + part * distance;
    }
}
