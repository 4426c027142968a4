using MathNet.Numerics.LinearAlgebra;
using OptDsl.Models;
using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>
/// Least squares that has an exact solution, one example a step: accelerated SGD at the theory's rate 1 / (rho L) is at the solution to
/// rounding where SGD at that rate is at 1e-5. Gradients are taken at the extrapolated point; the model is read before it.
/// </summary>
internal sealed class S27_AcceleratedInterpolation : VerificationSystem
{
    private const int Examples = 200, Dimension = 20, Steps = 6000, Runs = 5;

    internal override string Id => "S27";

    internal override string Title => "Accelerated SGD under interpolation";

    internal override string Text => """
        A least squares problem with an exact solution is solved with one random example per step. `AcceleratedSgd` takes
        gradients at an extrapolated point, and `optimizer.Read` returns the model. At the theory's learning rate 1 / (rho L),
        it reaches the solution up to rounding, and SGD at the same rate does not. The method is that of Mishkin, Pilanci and
        Schmidt (2024).
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        (double[] inputs, double[] targets, double[] solution, double largest, double least) = Problem(trial.Seed);

        // Unit rows: E |g_i|^2 <= rho |g|^2 with rho = 1 / mu.
        double rate = least / largest;
        var loss = new Descent(inputs, targets, solution);
        List<(double X, double Y)>[] plain = [.. Enumerable.Range(0, Runs)
            .Select(run => loss.Run(new Sgd(rate), trial.Seed + (ulong)run, trial))];
        List<(double X, double Y)>[] accelerated = [.. Enumerable.Range(0, Runs)
            .Select(run => loss.Run(new AcceleratedSgd(rate, least), trial.Seed + (ulong)run, trial))];
        List<(double X, double Y)> kaczmarz = loss.Run(new Sgd(1), trial.Seed, trial);
        double slow = Median(plain), fast = Median(accelerated);
        trial.Show(new DataTable("table", "Relative squared error after 6000 steps, median of 5 runs", "method", "learning rate", "error")
            .Row("SGD at 1/(rho L)", rate, slow).Row("accelerated at 1/(rho L)", rate, fast)
            .Row("SGD at 1 (Kaczmarz), one run", 1.0, kaczmarz[^1].Y));
        trial.Show(new Picture("error", "Least squares with an exact solution, one of 200 examples per step", "step",
            "squared error / squared norm of the solution", new("SGD at 1/(rho L)", plain[0]), new("accelerated at 1/(rho L)",
            accelerated[0]),
                new("SGD at 1 (Kaczmarz)", kaczmarz))
        { LogarithmicY = true });
        trial.Note("With learning rate 1, SGD is as good as accelerated SGD here. The comparison holds for the theory's rate only.");
        yield return new("S27.accelerated", fast);
        yield return new("S27.plain", slow);
    }

    private static double Median(List<(double X, double Y)>[] runs) => runs.Select(run => run[^1].Y).Order().ElementAt(Runs / 2);

    private static (double[] Inputs, double[] Targets, double[] Solution, double Largest, double Least) Problem(ulong seed)
    {
        var random = new Xoshiro256(seed);
        Matrix<double> a = Matrix<double>.Build.Dense(Examples, Dimension,
            (_, j) => (0.3 + (0.7 * j / (Dimension - 1))) * random.NextGaussian()).NormalizeRows(2);
        Vector<double> solution = Vector<double>.Build.Dense(Dimension, _ => random.NextGaussian());
        Vector<double> curvatures = (a.TransposeThisAndMultiply(a) / Examples).Evd(Symmetricity.Symmetric).EigenValues.Real();
        return (a.ToRowMajorArray(), [.. a * solution], [.. solution], curvatures.Maximum(), curvatures.Minimum());
    }

    /// <summary>One example a step, in an order of its own a run.</summary>
    private sealed class Descent(double[] inputs, double[] targets, double[] solution)
    {
        private readonly LinearRegressionLoss<double> loss = new(inputs, targets, Dimension);

        internal List<(double X, double Y)> Run<TRule>(TRule rule, ulong seed, Trial trial)
            where TRule : class, IUpdateRule<double>
        {
            using var parameters = new ParameterBuffer<double>();
            loss.AddTo(parameters);
            Optimizer<double, TRule> optimizer = parameters.Optimize(rule);
            var random = new Xoshiro256(seed);
            double[] model = new double[Dimension];
            double size = solution.Sum(x => x * x);
            var points = new List<(double X, double Y)>();
            for (int t = 1; t <= Steps; t++)
            {
                loss.UseBatch([(int)(random.NextDouble() * Examples)]);
                loss.ComputeGradient(parameters);
                optimizer.Step(trial.Cancellation);
                if (t % 20 == 0)
                {
                    optimizer.Read(model);
                    points.Add((t, Enumerable.Range(0, Dimension).Sum(i => Math.Pow(model[i] - solution[i], 2)) / size));
                }
            }

            return points;
        }
    }
}
