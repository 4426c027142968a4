namespace OptDsl.Experiments;

/// <summary>What the simplified and the published form of Adam have in common.</summary>
internal static class AdamForms
{
    internal const double Rate = 0.001;

    /// <summary>The largest error of |step| / rate over steps with a constant gradient, the first one alone or all.</summary>
    internal static double ConstantGradientError<TRule>(TRule rule, int steps, CancellationToken cancellation)
        where TRule : class, IUpdateRule<double>
    {
        double[] gradients = [0.3, -4, 1e-3, 700], before = new double[4];
        using var bank = new SeriesBank<TRule>(rule, gradients.Length);
        double error = 0;
        for (int step = 0; step < steps; step++)
        {
            bank.Values.CopyTo(before);
            bank.Step(gradients, cancellation);
            for (int i = 0; i < gradients.Length; i++)
            {
                error = Math.Max(error, Math.Abs(((before[i] - bank.Values[i]) / (Rate * Math.Sign(gradients[i]))) - 1));
            }
        }

        return error;
    }

    /// <summary>The largest difference between trajectories whose gradients differ by a factor of 1000.</summary>
    internal static double ScaleError<TRule>(TRule rule, ulong seed, CancellationToken cancellation)
        where TRule : class, IUpdateRule<double>
    {
        const int Dimension = 8, Steps = 300;
        var random = new Xoshiro256(seed);
        using var plain = new SeriesBank<TRule>(rule, Dimension);
        using var scaled = new SeriesBank<TRule>(rule, Dimension);
        double error = 0;
        for (int step = 0; step < Steps; step++)
        {
            for (int i = 0; i < Dimension; i++)
            {
                plain.Gradients[i] = 0.2 + random.NextGaussian();
                scaled.Gradients[i] = 1000 * plain.Gradients[i];
            }

            error = Math.Max(error, Series.LargestDifference(plain.Step(cancellation), scaled.Step(cancellation)));
        }

        return error;
    }
}
