using OptDsl.Models;
using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>
/// SGD as a Langevin process: its stationary density is exp(-L / (a eta sigma^2)) with a = 1/2, not the slides' 1/10, where the noise is
/// the same in all directions; and no Gibbs density at all where it is not.
/// </summary>
internal sealed class S43_LangevinModel : VerificationSystem
{
    private const int Chains = 8000;

    internal override string Id => "S43";

    internal override string Title => "SGD samples a Gibbs density of temperature eta sigma² / 2";

    internal override string Text => """
        SGD runs with learning rate eta and gradient noise of standard deviation sigma, in 8000 to 20 000 chains. The rule
        `NoisySgd` draws the noise in its own pass. Its stationary density is exp(-L / (a eta sigma²)) with a = 1/2, not 1/10 as
        on the slides. If the noise differs between directions, there is no single temperature.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        (double K, double Sigma, double Rate)[] cases = [(1, 1, 0.01), (2, 2, 0.02), (1, 1, 0.1)];
        double[] overExact = new double[cases.Length], alphas = new double[cases.Length];
        var table = new DataTable("variance", "Stationary variance of SGD on k x² / 2, gradient noise of standard deviation sigma",
            "k, sigma, eta", "measured variance", "theory: eta sigma² / (k (2 - eta k))", "a = k variance / (eta sigma²)");
        for (int i = 0; i < cases.Length; i++)
        {
            (double k, double sigma, double rate) = cases[i];
            double variance = Sampled.MeanSquare(Settle(trial, Sampled.Quadratic(k), rate, k, [sigma]), 0),
                exact = rate * sigma * sigma / (k * (2 - (rate * k)));
            (overExact[i], alphas[i]) = (variance / exact, variance * k / (rate * sigma * sigma));
            table.Row(FormattableString.Invariant($"{k}, {sigma}, {rate}"), variance, exact, alphas[i]);
        }

        trial.Show(table);
        yield return new("S43.exact", overExact.Max(ratio => Math.Abs(ratio - 1)));
        yield return new("S43.alpha", alphas[0]);

        (double half, double tenth) = DoubleWell(trial);
        yield return new("S43.well", half);
        yield return new("S43.slides", tenth);

        Samples<double> plane = Settle(trial, Sampled.Quadratic(1, 1), 0.01, 1, [0.5, 2]);
        double x = Sampled.MeanSquare(plane, 0), y = Sampled.MeanSquare(plane, 1),
            mixed = plane.GetComponent(0).Zip(plane.GetComponent(1), (a, b) => a * b).Average();
        trial.Show(new DataTable("plane", "Two directions of curvature 1, noise of standard deviations 0.5 and 2, eta = 0.01",
            "direction", "measured temperature (twice the mean loss)", "theory: eta sigma² / 2")
            .Row("x", x, 0.01 * 0.25 / 2).Row("y", y, 0.01 * 4 / 2));
        trial.Note(FormattableString.Invariant(
            $"A single temperature would be the same in both directions, so SGD with different noise has none. The directions stay uncorrelated: their correlation is {mixed / Math.Sqrt(x * y):G2}."));
        yield return new("S43.ratio", y / x);
    }

    private static (double Half, double Tenth) DoubleWell(Trial trial)
    {
        const double Rate = 0.05, Sigma = 2, High = 3;
        ITarget<double> well = Target.FromPotential<double>(1, static (position, gradient) =>
        {
            double x = position[0], off = (x * x) - 1;
            gradient[0] = x * off;
            return off * off / 4;
        });

        // Begun in both wells alike: what is claimed is the density within and between them, not how long a chain takes to change.
        Samples<double> samples = Sampled.Run(
            trial, well, new NoisySgd(Rate), 20_000, 2000, 2, 1000, sampler => sampler.Optimizer.GetInput("deviation").Fill(Sigma),
                (chain, position) => position[0] = chain % 2 == 0 ? 1 : -1);
        (double X, double Y)[] histogram = Sampled.Histogram(samples.GetComponent(0), -High, High, 60);
        Func<double, double> Gibbs(double alpha)
            => Sampled.Normalised(x => Math.Pow((x * x) - 1, 2) / 4 / (alpha * Rate * Sigma * Sigma), -High, High);
        (double X, double Y)[] Curve(double alpha)
            => [.. Enumerable.Range(0, 241).Select(i => -High + (i * High / 120)).Select(x => (x, Gibbs(alpha)(x)))];
        trial.Show(new Picture("well", "Density of SGD in a double well", "x", "density", new("SGD, eta = 0.05, sigma = 2", histogram),
            new("theory, a = 1/2", Curve(0.5), CurveKind.Theory), new("slides, a = 1/10", Curve(0.1))));
        return (Sampled.TotalVariation(histogram, Gibbs(0.5)), Sampled.TotalVariation(histogram, Gibbs(0.1)));
    }

    /// <summary>Ten draws of each chain, correlated by no more than a hundredth.</summary>
    private static Samples<double> Settle(Trial trial, ITarget<double> target, double rate, double k, double[] deviations)
    {
        int thinning = (int)Math.Ceiling(4.6 / (rate * k));
        return Sampled.Run(trial, target, new NoisySgd(rate), trial.IsSmall ? Chains / 4 : Chains, 3 * thinning, 10, thinning,
            sampler => Sampled.Repeat(sampler.Optimizer.GetInput("deviation"), deviations));
    }
}
