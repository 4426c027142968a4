using OptDsl.Models;
using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>
/// Completion, Gaussian sensing and full factorization, with squared, absolute and Huber residuals: gradients, and recovery by depth 3.
/// </summary>
internal sealed class S39_SensingLosses : VerificationSystem
{
    internal override string Id => "S39";

    internal override string Title => "Losses for matrices: completion, sensing, factorization";

    internal override string Text => """
        The losses are `SparseCompletionLoss`, `SensingLoss` and `DenseCompletionLoss.OfAll`, each with the squared, absolute
        and Huber residuals of `PointLoss`. Their gradients are compared with central differences. With squared residuals, depth
        3 should find a matrix of rank 2 from half as many observations as entries.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        int side = trial.IsSmall ? 20 : 30, known = side * side / 2;
        var task = new LowRankTask(side, 2, known, trial.Seed);
        double[] sensors = SensingLoss<double>.GaussianSensors(known, side, side, trial.Seed);
        double[] measured = [.. Enumerable.Range(0, known)
            .Select(k => Enumerable.Range(0, side * side).Sum(i => sensors[(k * side * side) + i] * task.Matrix[i]))];
        DeepFactorization<double> factorization = DeepFactorization<double>.Uniform(side, side, 3, side, threads: 1);
        using var parameters = new ParameterBuffer<double>();
        factorization.AddTo(parameters);
        int[] rows = Array.ConvertAll(task.Cells, cell => cell / side), columns = Array.ConvertAll(task.Cells, cell => cell % side);
        var losses = new List<(string Name, ILossModel<double> Loss)>();
        foreach ((string name, PointLoss point) in ((string, PointLoss)[])[("squared", PointLoss.Squared), ("absolute", PointLoss.Absolute),
            ("Huber", PointLoss.Huber(0.1))])
        {
            losses.Add(("completion, " + name,
                new SparseCompletionLoss<double>(factorization, rows, columns, task.Values, pointLoss: point)));
            losses.Add(("sensing, " + name, new SensingLoss<double>(factorization, sensors, measured, pointLoss: point)));
            losses.Add(("factorization, " + name,
                DenseCompletionLoss<double>.OfAll(factorization, task.Matrix, threads: 1, pointLoss: point)));
        }

        double worst = 0;
        foreach ((_, ILossModel<double> loss) in losses)
        {
            factorization.Initialize(parameters, trial.Seed, 0.3);
            worst = Math.Max(worst, GradientError(loss, parameters));
        }

        yield return new("S39.gradient", worst);
        var table = new DataTable("table", "Depth 3 on a 30 x 30 matrix of rank 2: 450 entries or measurements, start of scale 1e-3",
            "loss",
            "relative error", "steps");
        double error = 0;
        foreach ((string name, ILossModel<double> loss) in losses.Where(loss => loss.Name.EndsWith("squared", StringComparison.Ordinal)
            || trial.IsShown))
        {
            factorization.InitializeScaled(parameters, trial.Seed, 1e-3);
            bool squared = name.EndsWith("squared", StringComparison.Ordinal);
            DescentResult result = Descent.Run(
                loss, parameters.Optimize(new GroupRmsProp(1e-3, Epsilon: 1e-4)),
                    new DescentSettings { Iterations = squared ? 40_000 : 10_000, LossTolerance = squared ? 1e-6 : 0 },
                        cancellation: trial.Cancellation);
            double[] product = new double[side * side];
            factorization.ComputeProduct(parameters, product);
            table.Row(name, task.Error<double>(product), result.End.Iteration);
            error = squared ? Math.Max(error, task.Error<double>(product)) : error;
        }

        trial.Show(table);
        yield return new("S39.recovered", error);
    }

    /// <summary>The largest difference from central differences over every 31st parameter, over the largest component.</summary>
    private static double GradientError(ILossModel<double> loss, ParameterBuffer<double> parameters)
    {
        loss.ComputeGradient(parameters);
        double[] gradient = parameters.Gradients.ToArray(), start = parameters.ReadOnlyValues.ToArray();
        double largest = gradient.Max(Math.Abs), worst = 0;
        const double Step = 1e-6;
        for (int i = 0; i < gradient.Length; i += 31)
        {
            double At(double value)
            {
                parameters.Values[i] = value;
                return loss.ComputeLoss(parameters);
            }

            double slope = (At(start[i] + Step) - At(start[i] - Step)) / (2 * Step);
            At(start[i]);
            worst = Math.Max(worst, Math.Abs(slope - gradient[i]) / largest);
        }

        return worst;
    }
}
