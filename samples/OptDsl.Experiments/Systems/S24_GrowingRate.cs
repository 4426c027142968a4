using OptDsl.Rules;
using OptDsl.Schedules;

namespace OptDsl.Experiments;

/// <summary>Momentum in PyTorch's dialect whose first velocity the caller gives (S24).</summary>
[Optimizer]
internal sealed partial record GivenMomentum(double LearningRate = 0.1, double Decay = 0.9)
{
    [Derived]
    static double Given([PerParameter] double first) => first;

    [State(Initial = nameof(Given))]
    double Velocity(double gradient, double previousVelocity) => Decay * previousVelocity + gradient;

    [Update]
    double Update(double parameter, double velocity) => parameter - LearningRate * velocity;
}

/// <summary>S24: weight decay and an exponentially growing learning rate on a loss of directions.</summary>
internal sealed class S24_GrowingRate : VerificationSystem
{
    private const int Dimension = 20, Examples = 50;
    private const double Rate = 0.1;

    internal override string Id => "S24";

    internal override string Title => "An exponentially growing learning rate equals weight decay on scale-invariant losses";

    internal override string Text => """
        The loss is a least-squares loss of the normalized vector w / |w|, so it does not depend on the length of w. One run has momentum and weight decay.
        The other has momentum, no weight decay, and the growing learning rate and first velocity that `GrowthSchedule`
        computes. Both should pass through the same directions w / |w| (Li and Arora 2020).
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        var loss = new DirectionLoss(trial.Seed);
        double[] w = loss.Start, gradient = loss.ComputeGradient(w), five = loss.ComputeGradient([.. w.Select(x => 5 * x)]);
        yield return new("S24.orthogonal", Math.Abs(Dot(gradient, w)) / (Norm(gradient) * Norm(w)));
        yield return new("S24.homogeneous",
            Enumerable.Range(0, Dimension).Max(i => Math.Abs(gradient[i] - (5 * five[i]))) / Norm(gradient));

        var table = new DataTable("table", "Directions of the run with weight decay and of the run with the growing rate", "momentum",
            "weight decay", "growth factor of the rate per step", "steps", "largest distance of directions", "growing rate at the end");
        var curves = new List<Curve>();
        foreach ((string id, double momentum, double decay, int steps) in new[] { ("S24.plain", 0, 5e-3, 3000),
            ("S24.momentum", 0.9, 5e-4, 2000), ("S24.slow", 0.99, 5e-5, 2000) })
        {
            var schedule = new GrowthSchedule(Rate, momentum, decay);
            (List<(double X, double Y)> differences, double largest) = Compare(loss, schedule, steps, trial);
            table.Row(momentum, decay, Math.Pow(schedule.Shrinkage, -2).ToString("F7", null), steps, largest, schedule.At(steps));
            curves.Add(new($"momentum {DataTable.Text(momentum)}, decay {DataTable.Text(decay)}", differences));
            yield return new(id, largest);
        }

        var harsh = new GrowthSchedule(Rate, 0.9, 5e-3);
        (List<(double X, double Y)> drifting, double drift) = Compare(loss, harsh, 1000, trial);
        table.Row(0.9, 5e-3, Math.Pow(harsh.Shrinkage, -2).ToString("F7", null), 1000, drift, harsh.At(1000));
        curves.Add(new("momentum 0.9, decay 0.005 (amplified rounding)", drifting));
        yield return new("S24.oneStep", OneStepDefect(loss, harsh, 1000, trial));

        trial.Show(table);
        trial.Show(new Picture("directions", "Distance between the directions of the two runs", "step", "distance of the unit vectors",
            [.. curves])
        { LogarithmicY = true });
        trial.Note($"With momentum 0.9 and weight decay 0.005, the directions drift apart by {DataTable.Text(drift)} in 1000 steps, because this run amplifies rounding errors. The identity is exact there too: if every step is restarted from the run with weight decay, one step agrees up to rounding.");
    }

    private static (List<(double X, double Y)> Points, double Largest) Compare(DirectionLoss loss, GrowthSchedule schedule, int steps,
        Trial trial)
    {
        using var decayed = new SeriesBank<MomentumL2>(new(Rate, schedule.Momentum, schedule.WeightDecay), Dimension);
        using var growing = new SeriesBank<GivenMomentum>(new(Rate, schedule.Momentum), Dimension);
        decayed.Set(loss.Start);
        growing.Set(loss.Start);
        Span<double> first = growing.Optimizer.GetInput("first");
        for (int i = 0; i < Dimension; i++)
        {
            first[i] = schedule.InitialVelocity * loss.Start[i];
        }

        var points = new List<(double X, double Y)>();
        double largest = 0;
        for (int t = 1; t <= steps; t++)
        {
            decayed.Step(loss.ComputeGradient(decayed.Values), trial.Cancellation);
            growing.Optimizer.Rule = new(schedule.At(t), schedule.Momentum);
            growing.Step(loss.ComputeGradient(growing.Values), trial.Cancellation);
            double difference = Apart(decayed.Values, growing.Values);
            largest = Math.Max(largest, difference);
            if (t % 10 == 0)
            {
                points.Add((t, difference));
            }
        }

        return (points, largest);
    }

    /// <summary>
    /// The largest relative error, over the steps of a run with weight decay, of one step with the growing rate from its parameters and
    /// velocity of that moment, both scaled as the identity says.
    /// </summary>
    private static double OneStepDefect(DirectionLoss loss, GrowthSchedule schedule, int steps, Trial trial)
    {
        using var decayed = new SeriesBank<MomentumL2>(new(Rate, schedule.Momentum, schedule.WeightDecay), Dimension);
        decayed.Set(loss.Start);
        double a = schedule.Shrinkage, defect = 0;
        double[] before = loss.Start, at = loss.Start, scaled = new double[Dimension];
        for (int t = 1; t <= steps; t++)
        {
            decayed.Step(loss.ComputeGradient(at), trial.Cancellation);

            // At step t the growing run stands at a^-(t - 1) times the decayed one, and came from a^-(t - 2) times its last place: its
            // velocity is that way over the last rate. Scaled by a^(t - 1) altogether, so that nothing overflows.
            double rate = schedule.At(1), last = schedule.Rate * a;
            using var one = new SeriesBank<GivenMomentum>(new(rate, schedule.Momentum), Dimension);
            one.Set(at);
            Span<double> velocity = one.Optimizer.GetInput("first");
            for (int i = 0; i < Dimension; i++)
            {
                velocity[i] = -(at[i] - (a * before[i])) / last;
            }

            one.Step(loss.ComputeGradient(at), trial.Cancellation);
            for (int i = 0; i < Dimension; i++)
            {
                scaled[i] = decayed.Values[i] / a;
            }

            defect = Math.Max(defect, Distance(one.Values, scaled) / Norm(scaled));
            (before, at) = (at, decayed.Values.ToArray());
        }

        return defect;
    }

    private static double Apart(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sizeA = Norm(a), sizeB = Norm(b), sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += Math.Pow((a[i] / sizeA) - (b[i] / sizeB), 2);
        }

        return Math.Sqrt(sum);
    }

    private static double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += Math.Pow(a[i] - b[i], 2);
        }

        return Math.Sqrt(sum);
    }

    private static double Norm(ReadOnlySpan<double> a) => Math.Sqrt(Dot(a, a));

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    /// <summary>The mean of (M w / |w| - y)^2 / 2.</summary>
    private sealed class DirectionLoss
    {
        private readonly double[] matrix = new double[Examples * Dimension], targets = new double[Examples];

        internal DirectionLoss(ulong seed)
        {
            var random = new Xoshiro256(seed);
            Series.FillGaussian(matrix, random, 0, 1);
            Series.FillGaussian(targets, random, 0, 1);
            Series.FillGaussian(Start, random, 0, 1);
        }

        internal double[] Start { get; } = new double[Dimension];

        internal double[] ComputeGradient(ReadOnlySpan<double> w)
        {
            double size = Norm(w);
            double[] direction = new double[Dimension], gradient = new double[Dimension];
            for (int i = 0; i < Dimension; i++)
            {
                direction[i] = w[i] / size;
            }

            for (int k = 0; k < Examples; k++)
            {
                ReadOnlySpan<double> row = matrix.AsSpan(k * Dimension, Dimension);
                double error = (Dot(row, direction) - targets[k]) / Examples;
                for (int i = 0; i < Dimension; i++)
                {
                    gradient[i] += error * row[i];
                }
            }

            double along = Dot(gradient, direction);
            for (int i = 0; i < Dimension; i++)
            {
                gradient[i] = (gradient[i] - (along * direction[i])) / size;
            }

            return gradient;
        }
    }
}
