namespace OptDsl.Experiments;

/// <summary>
/// Descends a quadratic in w, and the same loss in u where w = c u: the gradient becomes c times as large. Whether a rate
/// keeps its value tells its unit.
/// </summary>
internal static class Rescaling
{
    internal const double Scale = 50;

    private const int Dimension = 8, Steps = 200;

    /// <returns>The largest difference between w and c u, relative to the largest |w| of the start.</returns>
    internal static double Difference<TRule>(TRule rule, TRule rescaledRule, ulong seed, CancellationToken cancellation)
        where TRule : class, IUpdateRule<double>
    {
        var random = new Xoshiro256(seed);
        using var plain = new SeriesBank<TRule>(rule, Dimension, start: 2);
        using var rescaled = new SeriesBank<TRule>(rescaledRule, Dimension, start: 2 / Scale);
        double difference = 0;
        for (int step = 0; step < Steps; step++)
        {
            for (int i = 0; i < Dimension; i++)
            {
                double curvature = 0.5 + (0.25 * i), noise = random.NextGaussian();
                plain.Gradients[i] = (curvature * plain.Values[i]) + noise;
                rescaled.Gradients[i] = Scale * ((curvature * Scale * rescaled.Values[i]) + noise);
            }

            plain.Step(cancellation);
            rescaled.Step(cancellation);
            for (int i = 0; i < Dimension; i++)
            {
                difference = Math.Max(difference, Math.Abs(plain.Values[i] - (Scale * rescaled.Values[i])) / 2);
            }
        }

        return difference;
    }
}
