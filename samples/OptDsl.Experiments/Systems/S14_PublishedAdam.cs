using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>Published Adam, and how far its steps are from the simplified one's.</summary>
internal sealed class S14_PublishedAdam : VerificationSystem
{
    internal override string Id => "S14";

    internal override string Title => "Published Adam against the simplified form";

    internal override string Text => """
        `Adam` is the published form, with bias corrections and with epsilon outside the root. It should pass the same checks as
        the simplified form of S13. The steps of the two forms differ at first and agree later.

        Did not reproduce as recorded: The recorded bounds on the difference of the two forms were the largest values of one
        series. They hold for the mean over 200 series.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        var rule = new Adam(AdamForms.Rate, Beta1: 1 - (1.0 / 10), Beta2: 1 - (1.0 / 100), Epsilon: 0);
        (double early, double late) = Differences(rule, trial.Seed, trial.Cancellation);
        return
        [
            new("S14.firstStep", AdamForms.ConstantGradientError(rule, 1, trial.Cancellation)),
            new("S14.constantGradient", AdamForms.ConstantGradientError(rule, 300, trial.Cancellation)),
            new("S14.scale", AdamForms.ScaleError(rule, trial.Seed, trial.Cancellation)),
            new("S14.early", early),
            new("S14.late", late),
        ];
    }

    /// <summary>The largest difference of steps over the rate, up to step 100 and after step 500, averaged over series.</summary>
    private static (double Early, double Late) Differences(Adam rule, ulong seed, CancellationToken cancellation)
    {
        const int Series = 200, Steps = 1500;
        var random = new Xoshiro256(seed);
        using var published = new SeriesBank<Adam>(rule, Series);
        using var simplified = new SeriesBank<GrowingWindowAdam>(new GrowingWindowAdam(AdamForms.Rate, 10, 100, 0), Series);
        double[] early = new double[Series], late = new double[Series], one = new double[Series], other = new double[Series];
        for (int t = 1; t <= Steps; t++)
        {
            published.Values.CopyTo(one);
            simplified.Values.CopyTo(other);
            Experiments.Series.FillGaussian(published.Gradients, random, 0.2, 1);
            simplified.Step(published.Gradients, cancellation);
            published.Step(cancellation);
            for (int i = 0; i < Series; i++)
            {
                double difference = Math.Abs(published.Values[i] - one[i] - (simplified.Values[i] - other[i])) / AdamForms.Rate;
                early[i] = t <= 100 ? Math.Max(early[i], difference) : early[i];
                late[i] = t > 500 ? Math.Max(late[i], difference) : late[i];
            }
        }

        return (Experiments.Series.Mean(early), Experiments.Series.Mean(late));
    }
}
