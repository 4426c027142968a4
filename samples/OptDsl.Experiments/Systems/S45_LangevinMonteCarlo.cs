using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>
/// Langevin Monte Carlo with a step eta does not sample its target but something a little wider: of N(0, 1) a normal of variance 1 / (1 -
/// eta / 2).
/// </summary>
internal sealed class S45_LangevinMonteCarlo : VerificationSystem
{
    internal override string Id => "S45";

    internal override string Title => "Langevin Monte Carlo of step eta samples N(0, 1) with variance 1 / (1 - eta / 2)";

    internal override string Text => """
        `Langevin` on N(0, 1), where its stationary variance has a closed form.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        var table = new DataTable("variance", "The variance of 20 000 chains of Langevin Monte Carlo on N(0, 1), ten draws each", "eta",
            "measured", "1 / (1 - eta / 2)");
        double[] steps = [0.5, 0.2, 0.1, 0.05];
        double[] variances = [.. steps.Select(step => Measure(trial, step))];
        for (int i = 0; i < steps.Length; i++)
        {
            table.Row(steps[i], variances[i], 1 / (1 - (steps[i] / 2)));
        }

        trial.Show(table);
        trial.Show(new Picture("variance", "What Langevin Monte Carlo makes of a variance of 1", "step eta", "variance",
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
