namespace OptDsl.Experiments;

/// <summary>
/// The published correction reproduces a constant from the first step on, but weighs early samples otherwise than a window.
/// </summary>
internal sealed class S06_PublishedCorrection : VerificationSystem
{
    private const int N = 10, Series = 20_000;

    internal override string Id => "S6";

    internal override string Title => "The published bias correction";

    internal override string Text => """
        Did not reproduce as recorded: Likewise .08 was one series; the largest difference for t <= N is .12 in the mean. The
        mean difference is held, and its deviation at t = N follows from the weights: sqrt(sum over ages a of (1/N - b^a (1 - b)
        / (1 - b^N))^2) = .0948 for N = 10.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        double constantError = 0;
        using var constant = new SeriesBank<CorrectedAverage>(new CorrectedAverage(N), 1);
        for (int t = 1; t <= 1000; t++)
        {
            constantError = Math.Max(constantError, Math.Abs(constant.Step([1.7], trial.Cancellation)[0] - 1.7));
        }

        var random = new Xoshiro256(trial.Seed);
        using var window = new SeriesBank<WindowAverage>(new WindowAverage(N), Series);
        using var published = new SeriesBank<CorrectedAverage>(new CorrectedAverage(N), Series);
        double difference = 0, square = 0;
        for (int t = 1; t <= N; t++)
        {
            Experiments.Series.FillGaussian(window.Gradients, random, 1, 1);
            published.Step(window.Gradients, trial.Cancellation);
            window.Step(trial.Cancellation);
            square = 0;
            for (int i = 0; i < Series; i++)
            {
                double one = window.Values[i] - published.Values[i];
                difference += Math.Abs(one) / (N * Series);
                square += one * one / Series;
            }
        }

        return [new("S6.constant", constantError), new("S6.window", difference), new("S6.deviation", Math.Sqrt(square))];
    }
}
