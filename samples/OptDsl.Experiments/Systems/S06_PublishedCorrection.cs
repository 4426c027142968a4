namespace OptDsl.Experiments;

/// <summary>
/// The published correction reproduces a constant from the first step on, but weighs early samples otherwise than a window.
/// </summary>
internal sealed class S06_PublishedCorrection : VerificationSystem
{
    private const int N = 10, Series = 20_000;

    internal override string Id => "S6";

    internal override string Title => "The published bias correction against a window average";

    internal override string Text => """
        The published correction divides the plain average by 1 - b^t, with b = 1 - 1/N. It reproduces a constant input from the
        first step on. It weighs early samples differently from the window average of S5, so the two differ for t <= N.

        Did not reproduce as recorded: The recorded bound 0.08 was the largest difference in one series. The largest difference
        for t <= N has a mean of 0.12 over series. The claim is therefore about the mean difference. Its standard deviation at
        step N follows from the weights: sqrt(sum over ages a of (1/N - b^a (1 - b) / (1 - b^N))^2) = 0.0948 for N = 10.
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
