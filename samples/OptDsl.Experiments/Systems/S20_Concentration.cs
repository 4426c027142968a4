using OptDsl.Models;

namespace OptDsl.Experiments;

/// <summary>S20: the concentration inequality with a bound on the norm, and with a bound on each coordinate.</summary>
internal sealed class S20_Concentration : VerificationSystem
{
    private const int Dimension = 100, Examples = 50, Trials = 2000;
    private const double Failure = 0.05;

    internal override string Id => "S20";

    internal override string Title => "The concentration inequality holds for a bound on the vector, not for bounds on its coordinates";

    internal override string Text => """
        The inequality says that the mean of k examples is within c / sqrt k of the truth with probability 1 - delta. Here c = b
        (1 + sqrt(2 ln(1 / delta))), and b bounds the distance of one example from the truth. The experiment counts how often
        the mean of 50 examples in 100 dimensions is farther away. If b bounds the norm of the vector, the inequality holds. If
        b bounds each coordinate, as on the slides, it fails. The best batch size of the bound, (2c / |g|)², is checked by a
        search.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        double radius = BatchTheory.Concentration(bound: 1, Failure) / Math.Sqrt(Examples);
        var random = new Xoshiro256(trial.Seed);
        int ofVector = 0, ofCoordinates = 0;
        for (int i = 0; i < Trials; i++)
        {
            double square = 0;
            for (int j = 0; j < Dimension; j++)
            {
                int sum = 0;
                for (int k = 0; k < Examples; k++)
                {
                    sum += random.NextDouble() < 0.5 ? 1 : -1;
                }

                square += Math.Pow((double)sum / Examples, 2);
            }

            // Signs of one in each coordinate, and the same scaled to a norm of one.
            double norm = Math.Sqrt(square);
            ofCoordinates += norm > radius ? 1 : 0;
            ofVector += norm / Math.Sqrt(Dimension) > radius ? 1 : 0;
        }

        double vector = (double)ofVector / Trials, coordinates = (double)ofCoordinates / Trials;
        trial.Show(new DataTable("table", "Share of batches of 50 whose mean is farther than c / sqrt(50) from the truth, delta = 0.05",
            "bound on", "share")
            .Row("the vector's norm", vector).Row("each of 100 coordinates", coordinates));
        yield return new("S20.vector", vector);
        yield return new("S20.coordinates", coordinates);
        double c = BatchTheory.Concentration(1, Failure), norm2 = 0.3;
        yield return new("S20.batch", BestByScan(c, norm2) / BatchTheory.BestBatchByConcentration(c, norm2));
    }

    /// <summary>
    /// The k of the largest ||g||^2 (1 - c / (||g|| sqrt k))^2 / k, over a fine grid: its rate is (1 - c / (||g|| sqrt k)) / L.
    /// </summary>
    private static double BestByScan(double c, double norm)
        => Enumerable.Range(1, 400_000).Select(i => Math.Pow(10, 1 + (i * 1e-5))).Where(k => c < norm * Math.Sqrt(k))
        .MaxBy(k => Math.Pow(1 - (c / (norm * Math.Sqrt(k))), 2) / k);
}
