using OptDsl.Rules;
using OptDsl.Schedules;

namespace OptDsl.Experiments;

/// <summary>
/// SGD on x^2 / 2 with gradients x + N(0, 1) from x = 10. Rates whose sum is infinite and whose squares' sum is finite (Robbins and Monro
/// 1951) bring x to 0; a constant rate leaves a variance, a rate whose sum is finite never arrives.
/// </summary>
internal sealed class S02_RobbinsMonro : VerificationSystem
{
    private const int Chains = 4000, Steps = 5000;
    private const double Start = 10;

    internal override string Id => "S2";

    internal override string Title => "Which learning rates let SGD converge";

    internal override string Text => """
        4000 chains of SGD run on x² / 2 from x = 10, with gradients x + N(0, 1). Their mean square is compared with its exact
        recursion E x² <- (1 - rate)² E x² + rate². A constant learning rate leaves a variance. Learning rates with an infinite
        sum and a finite sum of squares bring the mean square to 0 (Robbins and Monro 1951). A learning rate with a finite sum
        stops on the way.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        (string Id, string Name, ISchedule Schedule)[] schedules =
        [
            ("S2.constant", "0.1", new ConstantSchedule(0.1)),
            ("S2.inverseTime", "1/t", new InverseTimeSchedule(1)),
            ("S2.power", "t^-0.6", new PowerSchedule(1, 0.6)),
            ("S2.finiteSum", "0.5 t^-2", new PowerSchedule(0.5, 2)),
        ];
        var table = new DataTable("table",
            "Mean square E x² of 4000 chains after 5000 steps; at rate 0.1, the mean over the second half",
            "learning rate", "sum of rates", "sum of squared rates", "measured", "exact");
        var curves = new List<Curve>();
        foreach ((string id, string name, ISchedule schedule) in schedules)
        {
            List<(double X, double Y)> measured = Descend(schedule, trial), exact = Exactly(schedule);
            double last = measured[^1].Y;
            if (schedule is ConstantSchedule)
            {
                // It has settled: snapshots a hundred steps apart are as good as new chains.
                last = measured.Where(point => point.X > Steps / 2).Average(point => point.Y);
            }

            bool diverges = schedule is ConstantSchedule or PowerSchedule { Exponent: <= 1 } or InverseTimeSchedule;
            bool squaresDiverge = schedule is ConstantSchedule or PowerSchedule { Exponent: <= 0.5 };
            table.Row(name, diverges ? "infinite" : "finite", squaresDiverge ? "infinite" : "finite", last, exact[^1].Y);
            curves.Add(new Curve(name, measured, CurveKind.Dots));
            curves.Add(new Curve(curves.Count == 1 ? "exact" : "", exact, CurveKind.Theory));
            yield return new(id, last / exact[^1].Y);
            if (id == "S2.finiteSum")
            {
                yield return new("S2.stuck", last);
            }
        }

        trial.Show(table);
        trial.Show(new Picture("mean-square", "Mean square of 4000 SGD chains under four learning rates", "step", "mean square E x²",
            [.. curves])
        {
            LogarithmicX = true,
            LogarithmicY = true
        });
    }

    private static List<(double X, double Y)> Descend(ISchedule schedule, Trial trial)
    {
        var random = new Xoshiro256(trial.Seed);
        using var chains = new SeriesBank<Sgd>(new Sgd(1), Chains, Start);
        var points = new List<(double X, double Y)>();
        for (int t = 1; t <= Steps; t++)
        {
            for (int i = 0; i < Chains; i++)
            {
                chains.Gradients[i] = chains.Values[i] + random.NextGaussian();
            }

            chains.Optimizer.Rule = new Sgd(schedule.At(t));
            chains.Step(trial.Cancellation);
            if (t % 100 == 0 || t is 1 or 2 or 5 or 10 or 20 or 50)
            {
                points.Add((t, Series.MeanSquare(chains.Values)));
            }
        }

        return points;
    }

    /// <summary>E x^2 &lt;- (1 - rate)^2 E x^2 + rate^2.</summary>
    private static List<(double X, double Y)> Exactly(ISchedule schedule)
    {
        double square = Start * Start;
        var points = new List<(double X, double Y)>();
        for (int t = 1; t <= Steps; t++)
        {
            double rate = schedule.At(t);
            square = (Math.Pow(1 - rate, 2) * square) + (rate * rate);
            if (t < 20 || t % 20 == 0)
            {
                points.Add((t, square));
            }
        }

        return points;
    }
}
