using MathNet.Numerics;
using OptDsl.Models;

namespace OptDsl.Experiments;

/// <summary>
/// The batch and the rate of the largest guaranteed progress per example in one dimension, found numerically and by formula.
/// </summary>
internal sealed class S18_BestBatch : VerificationSystem
{
    private const double Gradient = 0.7, Deviation = 2, Curvature = 3;

    internal override string Id => "S18";

    internal override string Title => "The best batch size is 16 sigma² / g² and its learning rate 1 / (2L)";

    internal override string Text => """
        The slides bound the progress per example from below, for a gradient g, a standard deviation sigma per example and a
        curvature L. `BatchTheory` has the bound and the formulas of its maximum. A numerical search for the best batch size and
        learning rate should agree with the formulas.
        """;

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        // In logarithms, about the size of the numbers sought; from a start that is far off.
        (double logRate, double logBatch) = FindMinimum.OfFunction(
            (rate, batch) => -1e4 * BatchTheory.Progress(Math.Exp(rate), Math.Exp(batch), Gradient, Deviation, Curvature), Math.Log(0.1),
                Math.Log(200), tolerance: 1e-15, maxIterations: 100_000);
        double best = BatchTheory.BestBatch(Gradient, Deviation), rateThere = BatchTheory.BestRate(Curvature);
        trial.Show(new DataTable("table", "Largest guaranteed progress per example, g = 0.7, sigma = 2, L = 3", "quantity",
            "numerical optimum", "formula")
            .Row("batch size", Math.Exp(logBatch).ToString("F4", null), best.ToString("F4", null))
            .Row("learning rate", Math.Exp(logRate).ToString("F6", null), rateThere.ToString("F6", null)));
        IReadOnlyList<(double, double)> Curve(Func<double, double> rate)
            => [.. Enumerable.Range(0, 200).Select(i => 33 * Math.Pow(60, i / 199.0))
                .Select(batch => (batch, Math.Max(0, BatchTheory.Progress(rate(batch), batch, Gradient, Deviation, Curvature))))];
        trial.Show(new Picture("progress", "Guaranteed progress per example, g = 0.7, sigma = 2, L = 3", "batch size",
            "decrease of the loss per example",
            new Curve("rate 1/(2L)", Curve(_ => rateThere)), new("rate 1/(4L)", Curve(_ => rateThere / 2)),
                new("rate B/(2L B*) up to B*", Curve(batch => BatchTheory.RateFor(batch, Gradient, Deviation, Curvature))),
                    new("B*", [(best, 0), (best, BatchTheory.Progress(rateThere, best, Gradient, Deviation, Curvature))], CurveKind.Theory))
        {
            LogarithmicX = true,
        });
        yield return new("S18.batch", Math.Exp(logBatch) / best);
        yield return new("S18.rate", Math.Exp(logRate) / rateThere);
    }
}
