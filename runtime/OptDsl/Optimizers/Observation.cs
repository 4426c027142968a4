namespace OptDsl;

/// <summary>What a step recorded of an observed member. A value that is NaN makes all but the fraction NaN, to which it counts as not zero.</summary>
/// <param name="Norm">
/// The Euclidean norm, from a sum of squares in double for each tensor: infinite where a tensor's overflows, by values above some 1e154, and too small or
/// 0 where they vanish, of values below some 1e-154 alone. <paramref name="Min"/> and <paramref name="Max"/> have no such bounds.
/// </param>
/// <param name="Min">The least value.</param>
/// <param name="Max">The greatest value.</param>
/// <param name="Mean">The mean.</param>
/// <param name="NonZeroFraction">The fraction of values that are not zero, from 0 to 1.</param>
public readonly record struct Observation(double Norm, double Min, double Max, double Mean, double NonZeroFraction)
{
    /// <summary>Tensor after tensor: sum of squares, least, greatest, sum and number that are not zero.</summary>
    internal static Observation Of(IEnumerable<(double[] Statistics, int Count)> tensors)
    {
        double squares = 0, min = double.PositiveInfinity, max = double.NegativeInfinity, sum = 0, present = 0;
        long count = 0;
        var norms = new List<double>();
        foreach ((double[] statistics, int length) in tensors)
        {
            squares += statistics[0];
            norms.Add(Math.Sqrt(statistics[0]));
            min = Math.Min(min, statistics[1]);
            max = Math.Max(max, statistics[2]);
            sum += statistics[3];
            present += statistics[4];
            count += length;
        }

        return new Observation(ScaledNorm.Root<double>(squares, [.. norms]), min, max, sum / count, present / count);
    }
}
