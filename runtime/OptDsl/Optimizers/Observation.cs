namespace OptDsl;

/// <summary>
/// The statistics of an observed member in one step. If any value is NaN, every statistic is NaN except <paramref name="NonZeroFraction"/>,
/// which counts NaN as non-zero.
/// </summary>
/// <param name="Norm">The Euclidean norm. It is infinite only if it exceeds the largest double.</param>
/// <param name="Min">The smallest value.</param>
/// <param name="Max">The largest value.</param>
/// <param name="Mean">The mean. It is infinite if the sum exceeds the largest double.</param>
/// <param name="NonZeroFraction">The fraction of values that are not zero, from 0 to 1.</param>
public readonly record struct Observation(double Norm, double Min, double Max, double Mean, double NonZeroFraction)
{
    // The same number as in the generator. It scales values by 2^600 or 2^-600, so their squares by twice the exponent.
    private const int Scale = 600;

    /// <summary>Combines the statistics of all tensors; each tensor's are in the order of <see cref="Contract.ObservedSchema"/>.</summary>
    internal static Observation Of(IEnumerable<(double[] Statistics, int Count)> tensors)
    {
        double squares = 0, min = double.PositiveInfinity, max = double.NegativeInfinity, sum = 0, present = 0;
        long count = 0;
        var norms = new List<double>();
        foreach ((double[] statistics, int length) in tensors)
        {
            squares += statistics[0];
            norms.Add(NormOf(statistics));
            min = Math.Min(min, statistics[1]);
            max = Math.Max(max, statistics[2]);
            sum += statistics[3];
            present += statistics[4];
            count += length;
        }

        return new Observation(ScaledNorm.Root<double>(squares, [.. norms]), min, max, sum / count, present / count);
    }

    /// <summary>Uses the plain sum of squares if it has all its digits, so that scaling changes no bit of ordinary norms.</summary>
    private static double NormOf(double[] statistics)
        => ScaledNorm.IsNormal(statistics[0]) || double.IsNaN(statistics[0]) ? Math.Sqrt(statistics[0])
            : statistics[0] > 1 ? Math.ScaleB(Math.Sqrt(statistics[5]), Scale)
            : Math.ScaleB(Math.Sqrt(statistics[6]), -Scale);
}
