using OptDsl.Linear;
using OptDsl.Models;
using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>More weights than examples: descent from zero ends at the solution of least norm.</summary>
internal sealed class S35e_MinimumNorm : VerificationSystem
{
    internal override string Id => "S35e";

    internal override string Title => "Gradient descent from zero finds the minimum-norm solution";

    internal override string Text => """
        A linear regression has 10 examples and 30 weights, so it has many solutions. Gradient descent from zero should end at
        the solution of smallest norm, X^+ y. `LeastSquares.MinimumNorm` computes this solution directly.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        const int Examples = 10, Features = 30;
        var random = new Xoshiro256(trial.Seed);
        double[] inputs = [.. Enumerable.Range(0, Examples * Features).Select(_ => random.NextGaussian())],
            targets = [.. Enumerable.Range(0, Examples).Select(_ => random.NextGaussian())];
        var loss = new LinearRegressionLoss<double>(inputs, targets, Features);
        using var parameters = new ParameterBuffer<double>();
        loss.AddTo(parameters);
        Descent.Run(loss, parameters.Optimize(new Sgd(0.01 * Examples)), new DescentSettings { Iterations = 20_000 },
            cancellation: trial.Cancellation);
        double[] least = LeastSquares.MinimumNorm<double>(new MatrixView<double>(inputs, Examples, Features), targets),
            found = parameters.ReadOnlyValues.ToArray();
        double size = Math.Sqrt(least.Sum(w => w * w));
        yield return new("S35e.distance", Math.Sqrt(least.Zip(found, (a, b) => (a - b) * (a - b)).Sum()) / size);
        yield return new("S35e.residual",
            Enumerable.Range(0, Examples)
                .Max(i => Math.Abs(Enumerable.Range(0, Features).Sum(j => inputs[(i * Features) + j] * least[j]) - targets[i])));
    }
}
