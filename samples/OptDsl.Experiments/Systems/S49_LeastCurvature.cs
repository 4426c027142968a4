using MathNet.Numerics.LinearAlgebra;
using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>
/// The least eigenvalue of the Hessian of a three-layer linear network, along the way of descent from a small start and at random points:
/// on the way it is hardly negative, which is why descent stays with the flow there.
/// </summary>
internal sealed class S49_LeastCurvature : VerificationSystem
{
    private const int Side = 3, Examples = 20;

    internal override string Id => "S49";

    internal override string Title => "The Hessian is hardly negative on the path from near zero, but strongly negative at random points";

    internal override string Text => """
        A linear network of three layers (3-3-3-1) is trained on 20 examples with learning rate 0.01, from N(0, 0.02²) to a loss
        of 1e-8. The smallest eigenvalue of its Hessian is measured along the path and at random points. On the path it is
        hardly negative, which keeps descent near gradient flow (Elkabetz and Cohen 2021).
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        const double Rate = 0.01;
        const int Every = 100, Points = 20;
        var random = new Xoshiro256(trial.Seed);
        double[] inputs = [.. Enumerable.Range(0, Examples * Side).Select(_ => random.NextGaussian())],
            map = [.. Enumerable.Range(0, Side).Select(_ => random.NextGaussian())];
        double[] targets = [.. Enumerable.Range(0, Examples)
            .Select(e => Enumerable.Range(0, Side).Sum(i => inputs[(e * Side) + i] * map[i]))];
        var network = new LayeredNetwork([Side, Side, Side, 1], inputs, targets, rectified: false);
        using var parameters = new ParameterBuffer<double>();
        network.AddTo(parameters);
        foreach (ParameterTensor<double> tensor in parameters.Tensors)
        {
            tensor.FillGaussian(trial.Seed, 0.02);
        }

        Optimizer<double, Sgd> optimizer = parameters.Optimize(new Sgd(Rate));
        List<(double Time, double Least)> path = [];
        List<(double Time, double Loss)> losses = [];
        double loss = double.PositiveInfinity;
        for (int t = 0; t < 60_000 && !(loss < 1e-8); t++)
        {
            if (t % Every == 0)
            {
                path.Add((t * Rate, LeastEigenvalue(network, parameters.ReadOnlyValues)));
                losses.Add((t * Rate, network.ComputeLoss(parameters)));
            }

            loss = network.ComputeGradient(parameters);
            optimizer.Step(trial.Cancellation);
        }

        double least = path.Min(point => point.Least), integral = path.Sum(point => Math.Min(point.Least, 0)) * Every * Rate;
        double[] scales = [1, 2, 4];
        double[][] points = [.. scales.Select(scale => Enumerable.Range(0, Points)
            .Select(_ => LeastEigenvalue(network, Random(random, scale, parameters.Count))).Order().ToArray())];
        double[] medians = [.. points.Select(values => (values[(Points / 2) - 1] + values[Points / 2]) / 2)];
        var table = new DataTable("least", "Smallest eigenvalue of the Hessian, linear network 3-3-3-1", "where", "smallest eigenvalue",
            "median over the points");
        table.Row("on the path from N(0, 0.02²)", least, "")
            .Row(FormattableString.Invariant($"integral of its negative part up to t = {path[^1].Time:F0}"), integral, "");
        for (int i = 0; i < scales.Length; i++)
        {
            table.Row(FormattableString.Invariant($"20 random points of standard deviation {scales[i]}"), points[i][0], medians[i]);
        }

        trial.Show(table);
        trial.Show(new Picture("path", "Smallest eigenvalue of the Hessian along the path", "time t (steps x learning rate)",
            "eigenvalue; loss", new("smallest eigenvalue", [.. path]), new("loss", [.. losses])));
        trial.Note("The random points are farther from zero than the path, and the Hessian grows with the weights. The comparison is therefore confounded by the size of the weights.");
        yield return new("S49.loss", loss);
        yield return new("S49.path", least);
        yield return new("S49.random", points[0][0]);
        yield return new("S49.grows", medians[2] / medians[0]);
    }

    private static double[] Random(Xoshiro256 random, double scale, int count)
        => [.. Enumerable.Range(0, count).Select(_ => scale * random.NextGaussian())];

    /// <summary>By central differences of the gradient, a polynomial of degree five: an error below 1e-8 of the Hessian's size.</summary>
    private static double LeastEigenvalue(LayeredNetwork network, ReadOnlySpan<double> point)
    {
        const double Step = 1e-5;
        using var parameters = new ParameterBuffer<double>();
        network.AddTo(parameters);
        int count = parameters.Count;
        var hessian = Matrix<double>.Build.Dense(count, count);
        double[] moved = point.ToArray();
        double[] Gradient(int parameter, double change)
        {
            moved[parameter] += change;
            int at = 0;
            foreach (ParameterTensor<double> tensor in parameters.Tensors)
            {
                tensor.FillFrom(moved.AsSpan(at, tensor.Length));
                at += tensor.Length;
            }

            moved[parameter] -= change;
            network.ComputeGradient(parameters);
            return parameters.Gradients.ToArray();
        }

        for (int j = 0; j < count; j++)
        {
            double[] above = Gradient(j, Step), below = Gradient(j, -Step);
            for (int i = 0; i < count; i++)
            {
                hessian[i, j] = (above[i] - below[i]) / (2 * Step);
            }
        }

        return ((hessian + hessian.Transpose()) / 2).Evd(Symmetricity.Symmetric).EigenValues.Min(value => value.Real);
    }
}
