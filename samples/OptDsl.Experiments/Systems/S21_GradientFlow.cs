using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>
/// SGD on x^2 / 2 for a time t = 1, sum of its rates: as the rate falls, its noise vanishes and its mean becomes the gradient flow's.
/// </summary>
internal sealed class S21_GradientFlow : VerificationSystem
{
    private const int Chains = 20_000;

    internal override string Id => "S21";

    internal override string Title => "SGD becomes gradient flow as the learning rate falls";

    internal override string Text => """
        SGD runs on x² / 2 with gradients x + N(0, 1) until the time t = 1, where time is the sum of the learning rates. As the
        learning rate falls, the noise vanishes as sqrt(rate), and the mean approaches the gradient flow's e^-1.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        double[] rates = [0.1, 0.01, 0.001];
        string[] ids = ["S21.tenth", "S21.hundredth", "S21.thousandth"];
        var table = new DataTable("table", "SGD at time t = 1 from x = 1, gradients x + N(0, 1)", "learning rate", "standard deviation",
            "theory: sqrt(rate (1 - e^-2) / 2)", "end without noise, minus e^-1");
        double[] errors = new double[rates.Length];
        for (int i = 0; i < rates.Length; i++)
        {
            (double mean, double deviation) = Descend(rates[i], noise: 1, Chains, trial);
            double theory = Math.Sqrt(rates[i] * (1 - Math.Exp(-2)) / 2);
            errors[i] = Descend(rates[i], noise: 0, 1, trial).Mean - Math.Exp(-1);
            table.Row(rates[i], deviation, theory, errors[i]);
            yield return new(ids[i], deviation / theory);
            if (i == 0)
            {
                // (1 - rate)^(1 / rate) is what the mean must be.
                yield return new("S21.mean", (mean - Math.Pow(1 - rates[0], 10)) / deviation * Math.Sqrt(Chains));
            }
        }

        trial.Show(table);
        yield return new("S21.order", Math.Log10(errors[1] / errors[2]));
    }

    private static (double Mean, double Deviation) Descend(double rate, double noise, int count, Trial trial)
    {
        var random = new Xoshiro256(trial.Seed);
        using var chains = new SeriesBank<Sgd>(new Sgd(rate), count, start: 1);
        for (int t = 0; t < (int)Math.Round(1 / rate); t++)
        {
            for (int i = 0; i < count; i++)
            {
                chains.Gradients[i] = chains.Values[i] + (noise * random.NextGaussian());
            }

            chains.Step(trial.Cancellation);
        }

        return (Series.Mean(chains.Values), Math.Sqrt(Series.Variance(chains.Values)));
    }
}
