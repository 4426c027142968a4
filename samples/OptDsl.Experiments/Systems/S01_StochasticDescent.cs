using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>
/// SGD on the loss (b - y)^2 / 2 with y from N(0, 1): an autoregression, b &lt;- (1 - rate) b + rate y, whose variance
/// settles at rate^2 / (1 - (1 - rate)^2).
/// </summary>
internal sealed class S01_StochasticDescent : VerificationSystem
{
    internal override string Id => "S1";

    internal override string Title => "SGD with gradient noise settles at the variance of an autoregression";

    internal override string Text => """
        20 000 chains of SGD run on the loss (b - y)² / 2, where every step draws a new y from N(0, 1). Each chain is the
        autoregression b <- (1 - r) b + r y with the learning rate r. Its variance settles at r² / (1 - (1 - r)²), and the
        measured variance should agree. The equation is from McAllester's slides on SGD.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        const int Chains = 20_000, Forgotten = 1000, Apart = 250, Snapshots = 6;
        const double Rate = 0.01;
        var random = new Xoshiro256(trial.Seed);
        using var chains = new SeriesBank<Sgd>(new Sgd(Rate), Chains);
        double variance = 0;
        for (int step = 1; step <= Forgotten + (Apart * Snapshots); step++)
        {
            Span<double> gradients = chains.Gradients;
            ReadOnlySpan<double> values = chains.Values;
            for (int i = 0; i < Chains; i++)
            {
                gradients[i] = values[i] - random.NextGaussian();
            }

            chains.Step(trial.Cancellation);
            if (step > Forgotten && (step - Forgotten) % Apart == 0)
            {
                variance += Series.Variance(chains.Values) / Snapshots;
            }
        }

        return [new("S1.variance", variance)];
    }
}
