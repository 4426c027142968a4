namespace OptDsl.Experiments;

/// <summary>The plain running average: an explicit sum of decaying weights, biased at first, of variance 1 / (2N - 1).</summary>
internal sealed class S03_PlainAverage : VerificationSystem
{
    internal override string Id => "S3";

    internal override string Title => "The plain running average, its bias and its variance";

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

        return
        [
            new("S3.explicit", explicitError),
            new("S3.bias", start),
            new("S3.variance", Experiments.Series.Variance(bank.Values)),
        ];
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
