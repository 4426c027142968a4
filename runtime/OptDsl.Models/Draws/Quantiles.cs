namespace OptDsl.Models;

/// <summary>
/// Quantiles of draws: between two of them on a straight line (definition 7 of Hyndman and Fan, "Sample quantiles in statistical packages",
/// 1996).
/// </summary>
internal static class Quantiles
{
    /// <summary>Of a place, relative to the draws' number.</summary>
    private const double Rounding = 4 / (double)(1L << 52);

    /// <summary>The draws in ascending order; where one is not finite, NaN instead of each.</summary>
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

        // A place that is a draw's but for rounding is that draw's: an indicator of it must not miss it.
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
