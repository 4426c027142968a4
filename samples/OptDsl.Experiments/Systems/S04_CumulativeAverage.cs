namespace OptDsl.Experiments;

/// <summary>A window that never ends is the plain mean of all samples.</summary>
internal sealed class S04_CumulativeAverage : VerificationSystem
{
    internal override string Id => "S4";

    internal override string Title => "The cumulative average is the mean of all samples";

    internal override string Text => """
        The rule uses `[RunningAverage]` with a `Window` that never ends: mu <- (1 - 1/t) mu + x/t. After every step, the
        average should be the mean of all samples so far.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        const int Series = 16, Steps = 400;
        var random = new Xoshiro256(trial.Seed);
        using var bank = new SeriesBank<WindowAverage>(new WindowAverage(int.MaxValue), Series);
        double[] sums = new double[Series], means = new double[Series];
        double error = 0;
        for (int t = 1; t <= Steps; t++)
        {
            Experiments.Series.FillGaussian(bank.Gradients, random, 1, 1);
            for (int i = 0; i < Series; i++)
            {
                sums[i] += bank.Gradients[i];
                means[i] = sums[i] / t;
            }

            error = Math.Max(error, Experiments.Series.LargestDifference(bank.Step(trial.Cancellation), means));
        }

        return [new("S4.mean", error)];
    }
}
