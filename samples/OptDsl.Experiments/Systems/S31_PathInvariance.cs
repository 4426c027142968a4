using OptDsl.Linear;
using OptDsl.Models;
using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>
/// The gradients of nuclear norm and ratio lie in the column and row space of W, so that descent on them leaves both; Adam's step does not.
/// Whether Adam's path stays near the observed entries while the rank falls is shown, not claimed.
/// </summary>
internal sealed class S31_PathInvariance : VerificationSystem
{
    internal override string Id => "S31";

    internal override string Title => "Gradients of spectral penalties stay in the column and row space of W; Adam's step does not";

    internal override string Text => """
        The gradients of the nuclear norm and of the ratio have the column and row space of W, so gradient descent on them never
        leaves it. Adam's step is close to the sign of the gradient, and leaves it. The table follows the runs of S30 and shows
        how far they are from the observed entries while the rank falls.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        const int Side = 20, Rank = 3;
        var task = new LowRankTask(Side, Rank, 1, trial.Seed);
        DeepFactorization<double> factorization = DeepFactorization<double>.Uniform(Side, Side, 1, 1);
        using var parameters = new ParameterBuffer<double>();
        factorization.AddTo(parameters);
        parameters.Tensors[0].FillFrom(task.Matrix);
        var decomposition = new SingularValueDecomposition(Side, Side);
        decomposition.Decompose(new MatrixView<double>(task.Matrix, Side, Side));
        double Outside(ReadOnlySpan<double> step)
        {
            // |step - U U^T step V V^T|_F over |step|_F: of an orthogonal projection, the root of 1 less the share inside.
            double[] rest = step.ToArray();
            for (int k = 0; k < Rank; k++)
            {
                for (int l = 0; l < Rank; l++)
                {
                    double inner = 0;
                    for (int i = 0; i < rest.Length; i++)
                    {
                        inner += step[i] * decomposition.GetLeft(k)[i / Side] * decomposition.GetRight(l)[i % Side];
                    }

                    for (int i = 0; i < rest.Length; i++)
                    {
                        rest[i] -= inner * decomposition.GetLeft(k)[i / Side] * decomposition.GetRight(l)[i % Side];
                    }
                }
            }

            return Math.Sqrt(rest.Sum(x => x * x) / Sum(step));
        }

        SpectralPenalty<double>.Nuclear(factorization, 1).ComputeGradient(parameters);
        yield return new("S31.nuclear", Outside(parameters.Gradients));
        SpectralPenalty<double>.Ratio(factorization, 1).ComputeGradient(parameters);
        yield return new("S31.ratio", Outside(parameters.Gradients));
        Optimizer<double, Adam> adam = parameters.Optimize(new Adam(0.01));
        adam.Step(trial.Cancellation);
        yield return new("S31.adam",
            Outside(Array.ConvertAll([.. Enumerable.Range(0, task.Matrix.Length)], i => parameters.ReadOnlyValues[i] - task.Matrix[i])));
        if (trial.IsShown)
        {
            Show(trial);
        }
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value * value;
        }

        return sum;
    }

    private static void Show(Trial trial)
    {
        var task = new LowRankTask(40, 2, 500, trial.Seed);
        PenaltyRun adam = new(task, PenaltyKind.Ratio, 0.01), momentum = new(task, PenaltyKind.Ratio, 0.01),
            descent = new(task, PenaltyKind.Ratio, 0.01);
        adam.Descend(new Adam(0.01), trial);
        momentum.Descend(new Momentum(LearningRate: 1), trial);
        descent.Descend(new Sgd(10), trial);
        (string Name, PenaltyRun Run)[] runs = [("Adam at 0.01", adam), ("momentum at 1", momentum), ("gradient descent at 10", descent)];
        var table = new DataTable("path",
            "Training with the ratio penalty 0.01 of S30: distance to the observed entries and effective rank",
            ["step", .. runs.SelectMany(run => new[] { run.Name + ": distance", run.Name + ": rank" })]);
        foreach (int step in (int[])[0, 50, 100, 250, 500, 1000, 2000, 3000, 4000])
        {
            object[] cells = [step,
                .. runs.SelectMany(run => run.Run.Path.Where(at => at.Step == step)
                    .SelectMany(at => new object[] { at.Distance, at.EffectiveRank }))];
            table.Row(cells);
        }

        trial.Show(table);
        trial.Show(new Picture("path", "Effective rank against the distance to the observed entries",
            "distance to the observed entries (Frobenius norm)", "effective rank",
                [.. runs.Select(run =>
                    new Curve(run.Name, [.. run.Run.Path.Select(at => (at.Distance, at.EffectiveRank))]))])
        { LogarithmicX = true });
        trial.Note("There is a conjecture that the path stays near the observed entries while the rank falls. The table shows it; nothing is claimed.");
    }
}
