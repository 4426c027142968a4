using OptDsl.Models;
using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>A deep linear network of one output: descent from small normal factors reaches the least squares, every time.</summary>
internal sealed class S35d_ScalarOutputs : VerificationSystem
{
    private const int Inputs = 6, Examples = 40, Runs = 20;

    internal override string Id => "S35d";

    internal override string Title => "Linear networks with one output converge from small starts";

    internal override string Text => """
        A `SensingLoss` on a factorization of one row is regression by a deep linear network with one output. Gradient descent
        starts from small normal weights, 20 times per depth. Every run should converge to 1e-6 of the loss at zero weights.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        var table = new DataTable("table", "Starts that reach 1e-6 of the loss at zero weights", "depth", "converged of 20",
            "median steps");
        double[] scales = [0.1, 0.3, 0.4];
        int fewest = Runs;
        for (int depth = 2; depth <= 4; depth++)
        {
            int[] steps = [.. Enumerable.Range(0, Runs)
                .Select(run => Steps(depth, scales[depth - 2], (trial.Seed * 1000) + (ulong)run, trial.Cancellation))
                .Where(count => count >= 0).Order()];
            table.Row(depth, steps.Length, steps.Length == 0 ? "" : steps[steps.Length / 2]);
            fewest = Math.Min(fewest, steps.Length);
        }

        trial.Show(table);
        yield return new("S35d.converged", fewest);
    }

    private static int Steps(int depth, double scale, ulong seed, CancellationToken cancellation)
    {
        var random = new Xoshiro256(seed);
        double[] inputs = [.. Enumerable.Range(0, Examples * Inputs).Select(_ => random.NextGaussian())],
            truth = [.. Enumerable.Range(0, Inputs).Select(_ => random.NextGaussian())];
        double[] targets = [.. Enumerable.Range(0, Examples)
            .Select(i => Enumerable.Range(0, Inputs).Sum(j => inputs[(i * Inputs) + j] * truth[j]))];
        int[] sides = new int[depth + 1];
        Array.Fill(sides, Inputs);
        sides[depth] = 1;
        var factorization = new DeepFactorization<double>(sides, threads: 1);
        using var parameters = new ParameterBuffer<double>();
        factorization.AddTo(parameters);
        factorization.Initialize(parameters, seed, scale / Math.Sqrt(Inputs));

        // Regression is sensing of a matrix of one row by the inputs. The rate is .02 for half the mean square.
        var loss = new SensingLoss<double>(factorization, inputs, targets);
        var settings = new DescentSettings { Iterations = 30_000, LossTolerance = 1e-6 * targets.Sum(y => y * y) / Examples };
        DescentResult result = Descent.Run(loss, parameters.Optimize(new Sgd(0.01)), settings, cancellation: cancellation);
        return result.Outcome == DescentOutcome.Tolerance ? result.End.Iteration : -1;
    }
}
