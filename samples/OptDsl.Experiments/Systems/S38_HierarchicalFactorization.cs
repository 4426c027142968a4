namespace OptDsl.Experiments;

/// <summary>
/// Trees of factors far wider than the tensor needs, fitted to a part of its entries from a small start (Razin, Maman and Cohen 2022): at
/// every node few local components grow, one after the other.
/// </summary>
internal sealed class S38_HierarchicalFactorization : VerificationSystem
{
    internal override string Id => "S38";

    internal override string Title => "Hierarchical factorization from a small start has low rank at every node";

    internal override string Text => """
        `HierarchicalFactorization` over the balanced tree of four modes is fitted with `HierarchicalCompletionLoss` from a
        small start (Razin, Maman and Cohen 2022). The tree is far wider than the target needs. The norm of a local component is
        the product of the norms of its columns in the node's children and of its row in the node. Only few local components
        should grow at every node.
        """;

    internal override IReadOnlyList<ulong> Seeds => [0, 1, 2];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        TensorFit[] fits = TensorTask.Repeat(9, trial.Seed, seed => trial.IsSmall ? FitSmall(seed, trial) : Fit(0.05, seed, trial).Fit);
        yield return new("S38.error", TensorTask.Median(fits, fit => fit.Error));
        yield return new("S38.components", TensorTask.Median(fits, fit => fit.Norms(0)[2] / fit.Norms(0)[1]));
        if (!trial.IsShown)
        {
            yield break;
        }

        var table = new DataTable("table",
            "Order 4, sides 8, widths 20, 800 of 4096 entries observed, 20 000 steps; target of widths 2 whose error is the median of nine",
                "standard deviation of the start", "relative error", "error of zero fill", "norms at node {1,2}", "norms at node {3,4}",
                "norms at the root");
        trial.Report("standard deviation 0.1");
        int typical = Array.FindIndex(fits, one => one.Error == TensorTask.Median(fits, other => other.Error));
        (TensorTask task, TensorFit large) = Fit(0.1, TensorTask.SeedOf(typical, trial.Seed), trial);
        TensorFit fit = fits[typical];
        foreach ((double scale, TensorFit one) in new[] { (0.1, large), (0.05, fit) })
        {
            string Norms(int node) => string.Join(", ", one.Norms(node).Take(4).Select(norm => DataTable.Text(norm)));
            table.Row(scale, one.Error, task.ZeroFillError, Norms(0), Norms(1), Norms(2));
        }

        trial.Show(table);
        trial.Show(new Picture("node", "Norms of the five largest local components of node {1,2}, start with standard deviation 0.05",
            "step", "norm",
            fit.Curves(0, 5)));
        trial.Show(new Picture("root", "Norms of the five largest local components of the root, start with standard deviation 0.05", "step",
            "norm",
            fit.Curves(2, 5)));
        trial.Note(string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"Of {fits.Length} targets, {fits.Count(one => one.Error > 0.1)} were not recovered: descent fitted their observed entries, but the other entries are far off."));
        trial.Show(new Picture("error", "Reconstruction error, start with standard deviation 0.05", "step", "relative error",
            new Curve("all entries", fit.Errors))
        { LogarithmicY = true });
    }

    private static (TensorTask Task, TensorFit Fit) Fit(double scale, ulong seed, Trial trial)
    {
        TensorTask task = TensorTask.Tree([8, 8, 8, 8], 2, 64, 800, seed);
        return (task, task.FitTree(20, scale, new() { Iterations = 20_000, LossTolerance = 5e-5, MeasureEvery = 50 }, seed, trial));
    }

    private static TensorFit FitSmall(ulong seed, Trial trial)
        => TensorTask.Tree([6, 6, 6, 6], 2, 36, 600, seed)
        .FitTree(12, 0.05, new() { Iterations = 10_000, LossTolerance = 5e-5 }, seed, trial);
}
