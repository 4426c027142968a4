using OptDsl.Linear;
using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>S48: the distance of gradient descent from gradient flow, on a concave parabola and on a linear network.</summary>
internal sealed class S48_FlowAndDescent : VerificationSystem
{
    internal override string Id => "S48";

    internal override string Title => "Gradient descent leaves gradient flow on a concave loss, but hardly on networks";

    internal override string Text => """
        (a) On the parabola -m x² / 2, the distance between descent and flow grows as m² t eta e^(m t) / 2 (Elkabetz and Cohen
        2021). (b) Two networks of three layers start from N(0, 0.1²) and are trained on 100 examples. The linear network learns
        a linear map, and the ReLU network learns its positive part. Descent should end near the flow, which is approximated by
        steps r times as small.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        var table = new DataTable("concave", "Loss -m x² / 2 from x = 1, at t = 5: distance between descent and the flow e^(m t)", "m, eta",
            "distance", "theory: m² t eta e^(m t) / 2", "ratio");
        double[] ratios = new double[2];
        foreach (double m in (double[])[1, 2])
        {
            foreach (double eta in (double[])[0.1, 0.01, 0.001])
            {
                double distance = Concave(trial, m, eta), leading = m * m * 5 * eta / 2 * Math.Exp(5 * m);
                ratios[(int)m - 1] = distance / leading;
                table.Row(FormattableString.Invariant($"{m}, {eta}"), distance, leading, distance / leading);
            }
        }

        trial.Show(table);
        yield return new("S48.one", ratios[0]);
        yield return new("S48.two", ratios[1]);

        var networks = new DataTable("networks",
            "Three layers 10-20-20-3: steps of learning rate 0.02 against r times as many steps of 0.02 / r, distance / distance from the start",
            "network", "r", "after 1500 steps", "largest on the path", "loss at 0.02", "loss at 0.02 / r");
        foreach (bool rectified in (bool[])[false, true])
        {
            double[][] coarse = Path(trial, rectified, 1, out double[] losses);
            double end = 0;
            foreach (int refinement in trial.IsSmall ? (int[])[5] : [2, 5, 10, 20])
            {
                trial.Report(FormattableString.Invariant($"{(rectified ? "ReLU" : "linear")}, r = {refinement}"));
                double[][] fine = Path(trial, rectified, refinement, out double[] fineLosses);
                double[] strayed = [.. Enumerable.Range(1, coarse.Length - 1)
                    .Select(t => Distance(coarse[t], fine[t]) / Distance(coarse[t], coarse[0]))];
                end = Math.Max(end, strayed[^1]);
                networks.Row(rectified ? "ReLU" : "linear", refinement, strayed[^1], strayed.Max(), losses[^1], fineLosses[^1]);
            }

            yield return new(rectified ? "S48.rectified" : "S48.linear", end);
        }

        trial.Show(networks);
    }

    private static double Concave(Trial trial, double m, double eta)
    {
        using var point = new SeriesBank<Sgd>(new Sgd(eta), 1, start: 1);
        for (int t = 0; t < (int)Math.Round(5 / eta); t++)
        {
            point.Gradients[0] = -m * point.Values[0];
            point.Step(trial.Cancellation);
        }

        return Math.Abs(Math.Exp(5 * m) - point.Values[0]);
    }

    /// <summary>The parameters at the start and after every time a step of the whole rate takes.</summary>
    private static double[][] Path(Trial trial, bool rectified, int refinement, out double[] losses)
    {
        const int Examples = 100, Steps = 1500;
        int[] sides = [10, 20, 20, 3];
        var random = new Xoshiro256(trial.Seed);
        double[] inputs = [.. Enumerable.Range(0, Examples * sides[0]).Select(_ => random.NextGaussian())],
            map = [.. Enumerable.Range(0, sides[0] * sides[^1]).Select(_ => random.NextGaussian() / 3)],
            targets = new double[Examples * sides[^1]];
        new MatrixProduct<double>(threads: 1)
            .Multiply(new MatrixView<double>(inputs, Examples, sides[0]), new MatrixView<double>(map, sides[0], sides[^1]), targets);
        var network = new LayeredNetwork(sides, inputs, rectified ? [.. targets.Select(y => Math.Max(y, 0))] : targets, rectified);
        using var parameters = new ParameterBuffer<double>();
        network.AddTo(parameters);
        foreach (ParameterTensor<double> tensor in parameters.Tensors)
        {
            tensor.FillGaussian(trial.Seed, 0.1);
        }

        Optimizer<double, Sgd> optimizer = parameters.Optimize(new Sgd(0.02 / refinement));
        var path = new double[Steps + 1][];
        losses = new double[Steps];
        path[0] = parameters.ReadOnlyValues.ToArray();
        for (int t = 1; t <= Steps; t++)
        {
            for (int i = 0; i < refinement; i++)
            {
                losses[t - 1] = network.ComputeGradient(parameters);
                optimizer.Step(trial.Cancellation);
            }

            path[t] = parameters.ReadOnlyValues.ToArray();
        }

        return path;
    }

    private static double Distance(double[] left, double[] right) => System.Numerics.Tensors.TensorPrimitives.Distance<double>(left, right);
}
