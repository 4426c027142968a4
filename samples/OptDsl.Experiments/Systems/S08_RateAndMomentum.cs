using OptDsl.Models;
using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>S8: the best learning rate of both forms of momentum, over a grid of powers of two.</summary>
internal sealed class S08_RateAndMomentum : VerificationSystem
{
    private const int Chains = 400, Steps = 400;
    private static readonly double[] Curvatures = [1, 0.5, 0.2, 0.1];
    private static readonly int[] Windows = [1, 4, 16, 64];

    internal override string Id => "S8";

    internal override string Title => "The best learning rate does not depend on the window if the velocity is an average";

    internal override string Text => """
        Momentum runs for 400 steps on a noisy quadratic, for learning rates on a grid of powers of two.
        `BatchScaling.VelocityMomentum(rate, window, batch: 1)` divides the rate by the window, so the velocity is an average of
        gradients. The best rate is then the same for every window. With the raw rate of `VelocityMomentum`, the best rate falls
        as the window grows.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        var table = new DataTable("table", "Best learning rate 2^k over whole numbers k", "window", "k, velocity is an average",
            "k, velocity is a sum", "loss at the best rate of the average");
        var curves = new List<Curve>();
        double farthest = 0, rawFarthest = 0;
        foreach (int window in Windows)
        {
            trial.Report($"momentum window {window}");
            (double X, double Y)[] averaged = [.. Enumerable.Range(-8, 8)
                .Select(k => (Math.ScaleB(1, k), Loss(BatchScaling.VelocityMomentum(Math.ScaleB(1, k), window, batch: 1), trial)))];
            (double X, double Y)[] raw = [.. Enumerable.Range(-14, 14)
                .Select(k => (Math.ScaleB(1, k), Loss(new VelocityMomentum(Math.ScaleB(1, k), window), trial)))];
            (double best, double loss) = averaged.MinBy(point => point.Y);
            double rawBest = raw.MinBy(point => point.Y).X;
            farthest = Math.Max(farthest, Math.Abs(Math.Log2(best) + 4));
            rawFarthest = Math.Max(rawFarthest, Math.Abs(Math.Log2(rawBest * window) + 4));
            table.Row(window, Math.Log2(best), Math.Log2(rawBest), loss);
            curves.Add(new Curve($"window {window}", [.. averaged.Where(point => point.Y < 50)]));
        }

        trial.Show(table);
        trial.Show(new Picture("loss", "Loss after 400 steps by learning rate, velocity is an average", "learning rate", "loss",
            [.. curves])
        { LogarithmicX = true, LogarithmicY = true });
        yield return new("S8.averaged", farthest);
        yield return new("S8.raw", rawFarthest);
    }

    private static double Loss(VelocityMomentum rule, Trial trial)
    {
        var random = new Xoshiro256(trial.Seed);
        using var chains = new SeriesBank<VelocityMomentum>(rule, Chains * Curvatures.Length, start: 3);
        for (int t = 0; t < Steps; t++)
        {
            for (int i = 0; i < chains.Values.Length; i++)
            {
                chains.Gradients[i] = (Curvatures[i % Curvatures.Length] * chains.Values[i]) + (0.5 * random.NextGaussian());
            }

            ReadOnlySpan<double> values = chains.Step(trial.Cancellation);
            if (Math.Abs(values[0]) > 1e6)
            {
                return double.PositiveInfinity;
            }
        }

        return Series.QuadraticLoss(chains.Values, Curvatures) / Chains;
    }
}
