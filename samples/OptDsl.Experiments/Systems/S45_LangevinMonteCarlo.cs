using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>
/// Langevin Monte Carlo with a step eta does not sample its target but something a little wider: of N(0, 1) a normal of variance 1 / (1 -
/// eta / 2).
/// </summary>
internal sealed class S45_LangevinMonteCarlo : VerificationSystem
{
    internal override string Id => "S45";

    internal override string Title => "Langevin Monte Carlo with step eta samples N(0, 1) with variance 1 / (1 - eta / 2)";

    internal override string Text => """
        `Langevin` runs on N(0, 1) without a Metropolis correction. Its stationary density is then a normal of variance
        1 / (1 - eta / 2), which is too wide. The variance of 20 000 chains is compared with this formula for four step sizes.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        var table = new DataTable("variance", "Variance of Langevin Monte Carlo on N(0, 1), 20 000 chains of ten draws each", "step eta",
            "measured variance", "theory: 1 / (1 - eta / 2)");
        double[] steps = [0.5, 0.2, 0.1, 0.05];
        double[] variances = [.. steps.Select(step => Measure(trial, step))];
        for (int i = 0; i < steps.Length; i++)
        {
            table.Row(steps[i], variances[i], 1 / (1 - (steps[i] / 2)));
        }

        trial.Show(table);
        trial.Show(new Picture("variance", "Variance of Langevin Monte Carlo on N(0, 1)", "step eta", "variance",
            new("measured", [.. steps.Zip(variances)]),
                new("1 / (1 - eta / 2)", [.. Enumerable.Range(0, 51).Select(i => i * 0.01).Select(step => (step, 1 / (1 - (step / 2))))],
                    CurveKind.Theory)));
        yield return new("S45.large", variances[1]);
        yield return new("S45.small", variances[3]);
    }

    private static double Measure(Trial trial, double step)
    {
        int thinning = (int)Math.Ceiling(-4.6 / Math.Log(1 - step));
        return Sampled.MeanSquare(
            Sampled.Run(trial, Sampled.Quadratic(1), new Langevin(step), trial.IsSmall ? 5000 : 20_000, 3 * thinning, 10, thinning), 0);
    }
}
