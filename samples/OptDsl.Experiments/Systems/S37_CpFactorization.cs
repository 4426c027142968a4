namespace OptDsl.Experiments;

/// <summary>S37: CP factorizations of far more components than the tensor has, from a small start.</summary>
internal sealed class S37_CpFactorization : VerificationSystem
{
    private static readonly int[] Cube = [8, 8, 8], Fourth = [10, 10, 10, 10];

    internal override string Id => "S37";

    internal override string Title => "CP factorization from a small start finds few components, one after the other";

    internal override string Text => """
        `CpFactorization` with `CpCompletionLoss` and `GroupRmsProp` at learning rate 0.01 fits a tensor from a small start
        (Razin, Maman and Cohen 2021). The factorization has far more components than the tensor needs. Components enter one at
        a time, and only as many as the tensor has.
        """;

    internal override IReadOnlyList<ulong> Seeds => [0, 1, 2];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        TensorFit[] cubes = TensorTask.Repeat(9, trial.Seed, seed => FitCube(300, 1e-3, seed, trial).Fit);
        yield return new("S37.error", TensorTask.Median(cubes, fit => fit.Error));
        yield return new("S37.dominance", TensorTask.Median(cubes, fit => fit.Norms()[0] / fit.Norms()[1]));

        TensorFit[] fourths = TensorTask.Repeat(trial.IsSmall ? 1 : 5, trial.Seed, seed => FitFourth(1e-2, seed, trial));
        yield return new("S37.components", TensorTask.Median(fourths, fit => Visible(fit)));
        yield return new("S37.fourthError", TensorTask.Median(fourths, fit => fit.Error));
        if (trial.IsShown)
        {
            Show(fourths[0], trial);
        }
    }

    private static (TensorTask Task, TensorFit Fit) FitCube(int observed, double scale, ulong seed, Trial trial)
    {
        TensorTask task = TensorTask.Cp(Cube, 1, 1, observed, seed);
        return (task, task.FitCp(64, scale, new() { Iterations = 20_000, LossTolerance = 1e-8 }, seed, trial));
    }

    private static TensorFit FitFourth(double scale, ulong seed, Trial trial)
    {
        TensorTask task = TensorTask.Cp(Fourth, 5, 1, 2000, seed);
        return task.FitCp(100, scale, new() { Iterations = 20_000, LossTolerance = 1e-8, MeasureEvery = 50 }, seed, trial);
    }

    private static int Visible(TensorFit fit) => fit.Norms().Count(norm => norm > 0.01 * fit.Norms()[0]);

    private static void Show(TensorFit fourth, Trial trial)
    {
        var cubes = new DataTable("cube", "Order 3, sides 8, rank 1, 64 components, until the loss is 1e-8", "observed entries of 512",
            "standard deviation of the start", "relative error", "error of zero fill", "steps", "first / second component norm");
        foreach (int observed in (int[])[100, 200, 300])
        {
            foreach (double scale in (double[])[1e-2, 1e-3])
            {
                trial.Report(FormattableString.Invariant($"order 3, {observed} entries observed, standard deviation {scale}"));
                (TensorTask task, TensorFit fit) = FitCube(observed, scale, trial.Seed, trial);
                cubes.Row(observed, scale, fit.Error, task.ZeroFillError, fit.Result.End.Iteration, fit.Norms()[0] / fit.Norms()[1]);
            }
        }

        trial.Show(cubes);
        var table = new DataTable("fourth",
            "Order 4, sides 10, rank 5, 100 components, 2000 of 10 000 entries observed, until the loss is 1e-8",
                "standard deviation of the start", "relative error", "steps", "components above 1 % of the first",
                "steps at which components 1 to 5 pass 10 % of the first's final norm");
        trial.Report("order 4, standard deviation 0.05");
        foreach ((double scale, TensorFit fit) in new[] { (5e-2, FitFourth(5e-2, trial.Seed, trial)), (1e-2, fourth) })
        {
            table.Row(scale, fit.Error, fit.Result.End.Iteration, Visible(fit),
                string.Join(", ", fit.Entrances(0, 5).Select(step => DataTable.Text(step))));
        }

        trial.Show(table);
        trial.Show(new Picture("components", "Norms of the seven largest components, order 4, start with standard deviation 0.01", "step",
            "norm",
            fourth.Curves(0, 7)));
        trial.Show(new Picture("error", "Reconstruction error, order 4, start with standard deviation 0.01", "step", "relative error",
            new Curve("all entries", fourth.Errors)));
        trial.Note("The loss at which descent stops bounds the error from below, at about 1.5 times the root of (number of entries x 1e-8). A smaller start needs many more steps; a standard deviation of 0.005 was not tried.");
    }
}
