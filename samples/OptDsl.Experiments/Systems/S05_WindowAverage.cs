namespace OptDsl.Experiments;

/// <summary>The average over min(N, t) samples: the mean at first, and in the long run the published average.</summary>
internal sealed class S05_WindowAverage : VerificationSystem
{
    private const int N = 10, Series = 1000, Steps = 150;

    internal override string Id => "S5";

    internal override string Title => "The window min(N, t) gives the mean up to step N and then forgets the start";

    internal override string Text => """
        The rule averages with mu <- (1 - 1/m) mu + x/m and m = min(N, t). Up to step N, the average should be the mean of all
        samples. After 5N steps, it should be close to the average with the published bias correction of S6.

        Did not reproduce as recorded: The first recorded bound for t > 5N, 3e-3, was the largest difference in one random
        series. Just past 5N, the difference of a series has a standard deviation of 0.002, so one series in eight breaks the
        bound. The claim is therefore about the mean over 1000 series, which is safely below the bound.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        var random = new Xoshiro256(trial.Seed);
        using var window = new SeriesBank<WindowAverage>(new WindowAverage(N), Series);
        using var published = new SeriesBank<CorrectedAverage>(new CorrectedAverage(N), Series);
        double[] sums = new double[Series], means = new double[Series], late = new double[Series];
        double meanError = 0;
        for (int t = 1; t <= Steps; t++)
        {
            Experiments.Series.FillGaussian(window.Gradients, random, 1, 1);
            for (int i = 0; i < Series; i++)
            {
                sums[i] += window.Gradients[i];
                means[i] = sums[i] / t;
            }

            published.Step(window.Gradients, trial.Cancellation);
            window.Step(trial.Cancellation);
            meanError = t <= N ? Math.Max(meanError, Experiments.Series.LargestDifference(window.Values, means)) : meanError;
            for (int i = 0; i < Series && t > 5 * N; i++)
            {
                late[i] = Math.Max(late[i], Math.Abs(window.Values[i] - published.Values[i]));
            }
        }

        return [new("S5.mean", meanError), new("S5.published", Experiments.Series.Mean(late))];
    }
}
