using OptDsl.Linear;
using OptDsl.Models;
using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>
/// Completing [* 1; 1 0] from a start of positive determinant: the smaller the loss, the larger every norm, because the determinant keeps
/// its sign (Razin and Cohen 2020). No norm can be what descent minimises.
/// </summary>
internal sealed class S36_NormsGrow : VerificationSystem
{
    internal override string Id => "S36";

    internal override string Title => "A completion whose unobserved entry grows without bound";

    internal override string Text => """
        Gradient descent completes the matrix [* 1; 1 0] from balanced factors whose product has a positive determinant (Razin
        and Cohen 2020). The determinant keeps its sign under gradient flow, so the unobserved entry must be at least
        (1 - sqrt(2 l))² / sqrt(2 l) at loss l. Every norm of the matrix therefore grows as the loss falls, and no norm can be
        what descent minimizes.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3, 4, 5];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        Completion two = new(2, 1e-6, 0.01, 1e-4, trial), three = new(3, 1e-3, 0.02, 1e-3, trial), four = new(4, 1e-3, 0.02, 1e-3, trial);
        var table = new DataTable("table", "Gradient descent from balanced factors until the loss is small", "depth", "scale of the start",
            "loss at the end", "steps", "size of the unobserved entry", "loss when the determinant first is not positive");
        foreach (Completion run in (Completion[])[two, three, four])
        {
            table.Row(run.Depth, run.Start, run.Loss, run.Steps, run.Entry, run.FirstFlip is double loss ? loss : "none");
        }

        trial.Show(table);
        if (trial.IsShown)
        {
            (double, double)[] bound = [.. Enumerable.Range(0, 61).Select(i => Math.Pow(10, -4 + (i * 0.055))).Where(loss => loss < 0.3)
                .Select(loss => (loss, Bound(loss)))];
            trial.Show(new Picture("entry", "The unobserved entry as the loss falls", "loss l (half the sum of squares)",
                "size of the unobserved entry",
                new("depth 2", two.Points), new("depth 3", three.Points), new("depth 4", four.Points),
                    new("lower bound while the determinant is positive", bound, CurveKind.Theory))
            { LogarithmicX = true, LogarithmicY = true });
            trial.Note("At depth 2, steps of finite size in double precision flip the sign of the determinant early, at losses of 0.04 to 0.2. The entry then stops growing. The theorem is about gradient flow, and depth 2 does not show it. Nothing is claimed about the determinant there.");
        }

        yield return new("S36.two", two.Entry);
        yield return new("S36.three", three.Entry);
        yield return new("S36.four", four.Entry);
        yield return new("S36.flips", three.Flips + four.Flips);
        yield return new("S36.bound", three.Violations + four.Violations);
    }

    /// <summary>(1 - sqrt(2 l))^2 / sqrt(2 l): what the entry is at least at loss l below 1/2.</summary>
    private static double Bound(double loss) => Math.Pow(1 - Math.Sqrt(2 * loss), 2) / Math.Sqrt(2 * loss);

    private sealed class Completion
    {
        internal Completion(int depth, double start, double rate, double until, Trial trial)
        {
            (Depth, Start) = (depth, start);
            DeepFactorization<double> factorization = DeepFactorization<double>.Uniform(2, 2, depth, 2, threads: 1);
            using var parameters = new ParameterBuffer<double>();
            factorization.AddTo(parameters);
            var random = new Xoshiro256(trial.Seed);
            double[] matrix = new double[4];
            do
            {
                matrix = Array.ConvertAll(matrix, _ => start * random.NextGaussian());
            }
            while (Spectrum.Determinant(new MatrixView<double>(matrix, 2, 2)) <= 0);
            factorization.InitializeBalanced(parameters, matrix);

            // The model's loss is the mean over three entries, 2/3 of half the sum.
            var loss = new DenseCompletionLoss<double>(factorization, [0, 1, 1, 0], [false, true, true, true], threads: 1);
            void Measure(DescentPoint point)
            {
                factorization.ComputeProduct(parameters, matrix);
                double half = 1.5 * point.Loss, determinant = Spectrum.Determinant(new MatrixView<double>(matrix, 2, 2));
                (Entry, Steps, Loss) = (Math.Abs(matrix[0]), point.Iteration, half);
                Points.Add((half, Entry));
                Flips += determinant <= 0 ? 1 : 0;
                FirstFlip ??= determinant <= 0 ? half : null;
                Violations += determinant > 0 && half < 0.5 && Entry < Bound(half) * (1 - 1e-9) ? 1 : 0;
            }

            Descent.Run(
                loss, parameters.Optimize(new Sgd(1.5 * rate), new OptimizerOptions { Threads = 1 }),
                    new DescentSettings { Iterations = 400_000, LossTolerance = until / 1.5, MeasureEvery = 100 }, Measure,
                        trial.Cancellation);
            trial.Cancellation.ThrowIfCancellationRequested();
        }

        internal int Depth { get; }

        internal double Start { get; }

        internal double Entry { get; private set; }

        internal double Loss { get; private set; }

        internal int Steps { get; private set; }

        internal int Flips { get; private set; }

        internal double? FirstFlip { get; private set; }

        internal int Violations { get; private set; }

        internal List<(double X, double Y)> Points { get; } = [];
    }
}
