using MathNet.Numerics.LinearAlgebra;
using OptDsl.Models;
using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>
/// The loss at which SGD settles, as a function of its rate: its slope at 0 is E ||g_i||^2 / 4. Exactly, for twenty random quadratics with
/// Hessians of their own; and by chains in one dimension.
/// </summary>
internal sealed class S23_LossByRate : VerificationSystem
{
    internal override string Id => "S23";

    internal override string Title => "The stationary loss grows with the learning rate, with slope E |g|² / 4";

    internal override string Text => """
        SGD settles at a loss above the minimum. To first order this excess loss is rate E |g|² / 4, where g is the gradient of
        one example at the minimum. `StationaryNoise` computes the excess exactly for twenty random quadratics, by solving a
        linear system for the second moments. In one dimension, 4000 chains of SGD confirm it.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        (Vector<double>[] gradients, Matrix<double>[] hessians) = Quadratics(trial.Seed);
        double slope = gradients.Average(gradient => gradient.DotProduct(gradient)) / 4;
        double[] rates = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5];
        double[] errors = [.. rates.Select(rate => (StationaryNoise.ExcessLoss(gradients, hessians, rate) / (rate * slope)) - 1)];
        var table = new DataTable("table", "Excess loss / (rate E |g|² / 4) - 1, twenty quadratics in R³", "learning rate",
            "relative error");
        for (int i = 0; i < rates.Length; i++)
        {
            table.Row(rates[i], errors[i]);
        }

        trial.Show(table);
        double[] grid = [.. Enumerable.Range(1, 60).Select(i => i * 0.005)];
        trial.Show(new Picture("excess", "Stationary loss of SGD above the minimum, twenty quadratics in R³", "learning rate",
            "excess loss",
            new("exact", [.. grid.Select(rate => (rate, StationaryNoise.ExcessLoss(gradients, hessians, rate)))]),
                new("rate E |g|² / 4", [.. grid.Select(rate => (rate, rate * slope))], CurveKind.Theory)));
        yield return new("S23.slope", Math.Abs(errors[2]));
        yield return new("S23.linear", errors[2] / errors[3]);
        yield return new("S23.chains", Chains(trial));
    }

    private static (Vector<double>[] Gradients, Matrix<double>[] Hessians) Quadratics(ulong seed)
    {
        const int Count = 20, Dimension = 3;
        var random = new Xoshiro256(seed);
        Vector<double>[] gradients = [.. Enumerable.Range(0, Count)
            .Select(_ => Vector<double>.Build.Dense(Dimension, _ => random.NextGaussian()))];
        Vector<double> mean = gradients.Aggregate((sum, gradient) => sum + gradient) / Count;
        Matrix<double>[] hessians = [.. Enumerable.Range(0, Count).Select(_ =>
        {
            Matrix<double> root = Matrix<double>.Build.Dense(Dimension, Dimension, (_, _) => random.NextGaussian());
            return (root * root.Transpose() / Dimension) + (0.2 * Matrix<double>.Build.DenseIdentity(Dimension));
        })];
        return ([.. gradients.Select(gradient => gradient - mean)], hessians);
    }

    /// <summary>The mean of (b - y)^2 / 2 less its least, at rate .05, over what rate / (2 (2 - rate)) says.</summary>
    private static double Chains(Trial trial)
    {
        const int Count = 4000, Forgotten = 300, Steps = 3000;
        const double Rate = 0.05;
        var random = new Xoshiro256(trial.Seed);
        using var chains = new SeriesBank<Sgd>(new Sgd(Rate), Count);
        double sum = 0;
        for (int t = 0; t < Steps; t++)
        {
            for (int i = 0; i < Count; i++)
            {
                chains.Gradients[i] = chains.Values[i] - random.NextGaussian();
            }

            chains.Step(trial.Cancellation);
            sum += t >= Forgotten ? Series.MeanSquare(chains.Values) / 2 : 0;
        }

        return sum / (Steps - Forgotten) / (Rate / (2 * (2 - Rate)));
    }
}
