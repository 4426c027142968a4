using OptDsl.Models;
using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>
/// A factorization of depth 1 is the matrix itself. From zero, no step moves an entry nobody observed: completion needs
/// depth.
/// </summary>
internal sealed class S40_ZeroFilledBaseline : VerificationSystem
{
    internal override string Id => "S40";

    internal override string Title => "A linear model fills unobserved entries with zeros";

    internal override string Text => """
        A `DeepFactorization` of depth 1 is the matrix itself. The loss has no gradient in unobserved entries, so gradient
        descent from zero leaves them at exactly 0. Completion therefore needs depth or a penalty.
        """;

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        const int Rows = 30, Columns = 20, Steps = 200;
        var random = new Xoshiro256(trial.Seed);
        double[] matrix = new double[Rows * Columns];
        bool[] observed = new bool[matrix.Length];
        for (int i = 0; i < matrix.Length; i++)
        {
            matrix[i] = random.NextGaussian();
            observed[i] = random.NextDouble() < 0.3;
        }

        DeepFactorization<double> factorization = DeepFactorization<double>.Uniform(Rows, Columns, depth: 1, width: 1);
        using var parameters = new ParameterBuffer<double>();
        factorization.AddTo(parameters);
        var loss = new DenseCompletionLoss<double>(factorization, matrix, observed);

        // The loss is a mean over the observed entries, so half their number is the rate that solves it in one step; a
        // tenth of that comes nearer by a fifth of the rest each step.
        Optimizer<double, Sgd> descent = parameters.Optimize(new Sgd(0.1 * observed.Count(one => one)));
        for (int step = 0; step < Steps; step++)
        {
            loss.ComputeGradient(parameters);
            descent.Step(trial.Cancellation);
        }

        double[] solution = parameters.ReadOnlyValues.ToArray();
        double hidden = 0;
        for (int i = 0; i < solution.Length; i++)
        {
            hidden = Math.Max(hidden, observed[i] ? 0 : Math.Abs(solution[i]));
        }

        loss.ComputeLoss(parameters);
        return
        [
            new("S40.unobserved", hidden),
            new("S40.observed", Math.Sqrt(loss.MeanSquare)),
        ];
    }
}
