using OptDsl.Models;
using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>
/// When a preconditioned SGD is at a Gibbs density: with rates eta / sigma_i^2, RMSProp's form that divides by the mean square, all
/// directions have one temperature; with eta / sigma_i, by the root, they have not. Beside it the temperatures at which the library's own
/// rules settle.
/// </summary>
internal sealed class S44_PreconditionedTemperature : VerificationSystem
{
    private const double Rate = 0.01;
    private static readonly double[] Sigmas = [0.5, 2];

    internal override string Id => "S44";

    internal override string Title => "RMSProp with the mean square settles at one temperature, RMSProp with its root does not";

    internal override string Text => """
        SGD runs in two directions whose gradient noise differs, with learning rates proportional to 1, 1 / sigma and
        1 / sigma². Only 1 / sigma², the form of RMSProp that divides by the mean square, gives both directions the same
        temperature. The second table compares the library's own rules with their theory; see
        [what SGD samples](../samplers.md#what-sgd-samples).
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        var table = new DataTable("ratios", "Temperatures in two directions of curvature 1, noise of standard deviations 0.5 and 2",
            "learning rates", "T_x", "T_y", "T_y / T_x", "theory: eta_y sigma_y² / (eta_x sigma_x²)");
        double[] ratios = new double[3];
        (string Name, int Power, double Theory)[] forms = [("eta", 0, 16), ("eta / sigma", 1, 4), ("eta / sigma²", 2, 1)];
        for (int i = 0; i < forms.Length; i++)
        {
            double[] rates = [.. Sigmas.Select(sigma => Rate / Math.Pow(sigma, forms[i].Power))];
            int thinning = (int)Math.Ceiling(4.6 / rates.Min());
            Samples<double> samples = Sampled.Run(trial, Sampled.Quadratic(1, 1), new SgdOfRates(), Chains(trial), 3 * thinning, 5,
                thinning, sampler =>
            {
                Sampled.Repeat(sampler.Optimizer.GetInput("rate"), rates);
                Sampled.Repeat(sampler.Optimizer.GetInput("deviation"), Sigmas);
            });
            double x = Sampled.MeanSquare(samples, 0), y = Sampled.MeanSquare(samples, 1);
            ratios[i] = y / x;
            table.Row(forms[i].Name, x, y, y / x, forms[i].Theory);
        }

        trial.Show(table);
        yield return new("S44.square", ratios[2]);
        yield return new("S44.root", ratios[1]);
        yield return new("S44.plain", ratios[0]);

        var rules = new DataTable("temperatures",
            "Stationary temperatures k E x² of the library's rules: curvature k = 1.5, gradient noise of standard deviation sigma, RMSProp's averages over 1000 steps",
            "rule", "sigma", "measured", "theory", "measured / theory");
        double worst = 0;
        foreach (double sigma in Sigmas)
        {
            foreach ((string name, double measured, double theory) in Library(trial, sigma))
            {
                rules.Row(name, sigma, measured, theory, measured / theory);
                worst = Math.Max(worst, Math.Abs((measured / theory) - 1));
            }
        }

        trial.Show(rules);
        trial.Note("Theory for SGD: T = eta sigma² / (2 - eta k). Theory for momentum b: T = eta sigma² (1 + b) / ((1 - b) (2 (1 + b) - eta k)). Theory for RMSProp: the formula of SGD with the learning rate eta / v or eta / root v, where v = sigma² + k T is the stationary mean square of the gradient.");
        yield return new("S44.rules", worst);
    }

    private static IEnumerable<(string Name, double Measured, double Theory)> Library(Trial trial, double sigma)
    {
        const double K = 1.5, Beta = 0.9, Window = 1000;

        // RMSProp's averages begin at zero, where its first steps would be a thousand times too large: it stands until they are filled, and
        // then needs some windows to average what the parameters add.
        const int Filled = 5 * (int)Window;
        double Sgd(double rate) => rate * sigma * sigma / (2 - (rate * K));
        double Momentum(double rate) => rate * sigma * sigma * (1 + Beta) / ((1 - Beta) * ((2 * (1 + Beta)) - (rate * K)));
        double Adaptive(Func<double, double> rateOf)
        {
            double temperature = 0;
            for (int i = 0; i < 200; i++)
            {
                temperature = Sgd(rateOf((sigma * sigma) + (K * temperature)));
            }

            return temperature;
        }

        double Measure<TRule>(TRule rule, double slowest, Func<TRule, int, TRule>? schedule = null)
            where TRule : class, IUpdateRule<double>
        {
            int thinning = (int)Math.Ceiling(4.6 / slowest);
            Samples<double> samples = Sampled.Run(trial, Target.WithGradientNoise(Sampled.Quadratic(K), [sigma * sigma]), rule,
                Chains(trial), (schedule is null ? 0 : Filled + (5 * (int)Window)) + (3 * thinning), 5, thinning, schedule: schedule);
            return K * Sampled.MeanSquare(samples, 0);
        }

        yield return ("Sgd, eta = 0.02", Measure(new Sgd(0.02), 0.02 * K), Sgd(0.02));
        yield return ("Momentum, eta = 0.002, b = 0.9", Measure(new Momentum(0.002, Beta), 0.02 * K), Momentum(0.002));
        yield return ("RmsPropRootEpsilon (by the root), eta = 0.02",
            Measure(new RmsPropRootEpsilon(0.02, Window), 0.02 * K / (1.1 * sigma),
                static (rule, step) => step == 1 || step == Filled ? rule with { LearningRate = step == 1 ? 0 : 0.02 } : rule),
                    Adaptive(v => 0.02 / Math.Sqrt(v)));
        yield return ("RmsPropVariance (by the mean square), eta = 0.02",
            Measure(new RmsPropVariance(0.02, Window), 0.02 * K / (1.2 * sigma * sigma),
                static (rule, step) => step == 1 || step == Filled ? rule with { LearningRate = step == 1 ? 0 : 0.02 } : rule),
                    Adaptive(v => 0.02 / v));
    }

    private static int Chains(Trial trial) => trial.IsSmall ? 1000 : 3000;
}

/// <summary>SGD whose rate and gradient noise differ from parameter to parameter.</summary>
[Optimizer]
internal sealed partial record SgdOfRates
{
    [Update]
    static double Update(double parameter, double gradient, [PerParameter] double rate, [PerParameter] double deviation,
        [Gaussian] double noise)
        => parameter - rate * (gradient + deviation * noise);
}
