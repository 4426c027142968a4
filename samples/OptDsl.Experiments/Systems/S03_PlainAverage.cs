namespace OptDsl.Experiments;

/// <summary>The plain running average: an explicit sum of decaying weights, biased at first, of variance 1 / (2N - 1).</summary>
internal sealed class S03_PlainAverage : VerificationSystem
{
    internal override string Id => "S3";

    internal override string Title => "The plain running average, its bias and its variance";

    internal override string Text => """
        The rule uses `[RunningAverage]` without a bias correction: mu <- (1 - 1/N) mu + x/N. The picture shows the averages of
        S3 to S6 together. The plain average starts at 0, so at first it is biased and has a smaller variance. The other three
        are unbiased and differ in how soon they forget old samples.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        const int N = 10, Series = 40_000, Steps = 150;
        var random = new Xoshiro256(trial.Seed);
        using var bank = new SeriesBank<PlainAverage>(new PlainAverage(N), Series);
        double[] first = new double[Steps];
        double start = 0, explicitError = 0;
        for (int t = 1; t <= Steps; t++)
        {
            Experiments.Series.FillGaussian(bank.Gradients, random, 1, 1);
            first[t - 1] = bank.Gradients[0];
            bank.Step(trial.Cancellation);
            start = t == 1 ? Experiments.Series.Mean(bank.Values) : start;
            explicitError = Math.Max(explicitError, Math.Abs(bank.Values[0] - Explicit(first.AsSpan(0, t), N)));
        }

        if (trial.IsShown)
        {
            trial.Show(Variances(N, trial));
        }

        return
        [
            new("S3.explicit", explicitError),
            new("S3.bias", start),
            new("S3.variance", Experiments.Series.Variance(bank.Values)),
        ];
    }

    /// <summary>The variance of the four averages of the same samples, by step.</summary>
    private static Picture Variances(int n, Trial trial)
    {
        const int Series = 20_000, Steps = 60;
        var random = new Xoshiro256(trial.Seed);
        using var plain = new SeriesBank<PlainAverage>(new PlainAverage(n), Series);
        using var cumulative = new SeriesBank<WindowAverage>(new WindowAverage(int.MaxValue), Series);
        using var window = new SeriesBank<WindowAverage>(new WindowAverage(n), Series);
        using var published = new SeriesBank<CorrectedAverage>(new CorrectedAverage(n), Series);
        List<(double X, double Y)>[] variances = [[], [], [], []];
        for (int t = 1; t <= Steps; t++)
        {
            Experiments.Series.FillGaussian(plain.Gradients, random, 1, 1);
            variances[1].Add((t, Experiments.Series.Variance(cumulative.Step(plain.Gradients, trial.Cancellation))));
            variances[2].Add((t, Experiments.Series.Variance(window.Step(plain.Gradients, trial.Cancellation))));
            variances[3].Add((t, Experiments.Series.Variance(published.Step(plain.Gradients, trial.Cancellation))));
            variances[0].Add((t, Experiments.Series.Variance(plain.Step(trial.Cancellation))));
        }

        return new Picture("variance", "Variance of four averages of samples from N(1, 1), N = 10", "step", "variance over 20 000 series",
            new("plain average", variances[0]), new("window min(N, t)", variances[2]), new("published correction", variances[3]),
                new("mean of all samples", variances[1]),
                    new("1 / (2N - 1)", [(1, 1.0 / ((2 * n) - 1)), (Steps, 1.0 / ((2 * n) - 1))], CurveKind.Theory))
        {
            LogarithmicY = true,
        };
    }

    /// <summary>(1/N) sum over s of (1 - 1/N)^(t - s) x_s.</summary>
    private static double Explicit(ReadOnlySpan<double> samples, int n)
    {
        double sum = 0;
        for (int s = 0; s < samples.Length; s++)
        {
            sum += Math.Pow(1 - (1.0 / n), samples.Length - 1 - s) * samples[s];
        }

        return sum / n;
    }
}
