namespace OptDsl.Models;

/// <summary>
/// How large a batch should be, and the rate for it, in one dimension and by a concentration inequality (McAllester's slides, "the
/// complete algorithm" and Appendix II, with the corrections of docs/experiments).
/// </summary>
public static class BatchTheory
{
    /// <summary>
    /// The guaranteed fall of the loss per example: [rate |g| (|g| - 2 sigma / sqrt B) - L rate^2 g^2 / 2] / B, for a gradient known up to
    /// two deviations of its batch mean.
    /// </summary>
    /// <param name="rate">Finite, at least 0; units of parameter^2 / loss.</param>
    /// <param name="batch">B, examples; above 0, not necessarily whole.</param>
    /// <param name="gradient">g; not 0, finite.</param>
    /// <param name="deviation">sigma, of one example's gradient; finite, at least 0.</param>
    /// <param name="curvature">L, a bound on the second derivative; finite, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static double Progress(double rate, double batch, double gradient, double deviation, double curvature)
    {
        AtLeastZero(rate, nameof(rate));
        Positive(batch, nameof(batch));
        NotZero(gradient);
        AtLeastZero(deviation, nameof(deviation));
        Positive(curvature, nameof(curvature));
        double size = Math.Abs(gradient);
        double step = rate * size, rise = curvature * rate * rate * size * size / 2;

        // The squares may overflow or vanish where the step does not.
        rise = ScaledNorm.IsNormal(rise) ? rise : curvature * step * step / 2;
        return ((step * (size - (2 * deviation / Math.Sqrt(batch)))) - rise) / batch;
    }

    /// <summary>The batch of the largest <see cref="Progress"/>: B* = 16 sigma^2 / g^2, where sigma is of one example.</summary>
    /// <param name="gradient">g; not 0, finite.</param>
    /// <param name="deviation">sigma; finite, at least 0. From averages over batches of B, it is sqrt(B (mean square - mean^2)).</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static double BestBatch(double gradient, double deviation)
        => Math.Pow(4 * AtLeastZero(deviation, nameof(deviation)) / NotZero(gradient), 2);

    /// <summary>The rate for the best batch: 1 / (2 L).</summary>
    /// <param name="curvature">L; finite, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The curvature is out of its range.</exception>
    public static double BestRate(double curvature) => 1 / (2 * Positive(curvature, nameof(curvature)));

    /// <summary>The rate for another batch than the best, in proportion: B / B* of <see cref="BestRate"/>, and no more than it.</summary>
    /// <param name="batch">B, examples; above 0.</param>
    /// <param name="gradient">g; not 0, finite.</param>
    /// <param name="deviation">sigma of one example; finite, at least 0.</param>
    /// <param name="curvature">L; finite, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static double RateFor(double batch, double gradient, double deviation, double curvature)
        => BestRate(curvature) * Math.Min(1, Positive(batch, nameof(batch)) / BestBatch(gradient, deviation));

    /// <summary>
    /// c = b (1 + sqrt(2 ln(1/delta))): the mean of k examples' gradients is within c / sqrt k of the gradient with probability 1 - delta.
    /// </summary>
    /// <param name="bound">
    /// b, on the norm of one example's gradient less the gradient, as vectors: a bound on each coordinate is not enough.
    /// </param>
    /// <param name="failure">delta; in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static double Concentration(double bound, double failure)
    {
        if (!(failure > 0 && failure < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(failure), failure, "failure must lie in (0, 1).");
        }

        return AtLeastZero(bound, nameof(bound)) * (1 + Math.Sqrt(2 * Math.Log(1 / failure)));
    }

    /// <summary>The batch of the largest guaranteed progress per example: (2 c / |g|)^2, at rate <see cref="BestRate"/>.</summary>
    /// <param name="concentration">c, of <see cref="Concentration"/>; finite, at least 0.</param>
    /// <param name="gradientNorm">|g|; finite, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static double BestBatchByConcentration(double concentration, double gradientNorm)
        => Math.Pow(2 * AtLeastZero(concentration, nameof(concentration)) / Positive(gradientNorm, nameof(gradientNorm)), 2);

    private static double Positive(double value, string name)
        => value > 0 && double.IsFinite(value) ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be a finite number above 0.");

    private static double AtLeastZero(double value, string name)
        => value >= 0 && double.IsFinite(value) ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be a finite number of at least 0.");

    private static double NotZero(double gradient)
        => gradient != 0 && double.IsFinite(gradient) ? gradient
        : throw new ArgumentOutOfRangeException(nameof(gradient), gradient,
            "gradient must be finite and not 0; where it is 0 no batch is best.");
}
