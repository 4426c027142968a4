namespace OptDsl;

/// <summary>
/// What a step recorded of an observed member. A value that is NaN makes all but the fraction NaN, to which it counts as not zero.
/// </summary>
/// <param name="Norm">
/// The Euclidean norm; infinite only where it is itself past the largest double.
/// </param>
/// <param name="Min">The least value.</param>
/// <param name="Max">The greatest value.</param>
/// <param name="Mean">The mean; infinite where the sum is past the largest double.</param>
/// <param name="NonZeroFraction">The fraction of values that are not zero, from 0 to 1.</param>
public readonly record struct Observation(double Norm, double Min, double Max, double Mean, double NonZeroFraction)
{
    // As the generator has it: what of the squares is scaled is scaled by twice this.
    private const int Scale = 600;

    /// <summary>Tensor after tensor, the statistics in the order of <see cref="Contract.ObservedSchema"/>.</summary>
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

    /// <summary>From the plain sum of squares where it has all its digits, so that scaling changes no bit of other norms.</summary>
    private static double NormOf(double[] statistics)
        => ScaledNorm.IsNormal(statistics[0]) || double.IsNaN(statistics[0]) ? Math.Sqrt(statistics[0])
            : statistics[0] > 1 ? Math.ScaleB(Math.Sqrt(statistics[5]), Scale)
            : Math.ScaleB(Math.Sqrt(statistics[6]), -Scale);
}
