using OptDsl.Linear;
using OptDsl.Models;
using OptDsl.Rules;

namespace OptDsl.Experiments;

/// <summary>Ranks and norms against their formulas on matrices of known singular values, and along a run.</summary>
internal sealed class S32_MatrixMeasures : VerificationSystem
{
    internal override string Id => "S32";

    internal override string Title => "Effective rank, stable rank, norms, and what depth minimizes";

    internal override string Text => """
        `MatrixMeasures` computes all ranks and norms from one singular value decomposition. They are compared with their
        formulas on a matrix with known singular values. For balanced factors of depth 3, the mean squared norm (1/3) sum |W_i|²
        equals sum s^(2/3). For other factors it is larger. The table shows the measures during training, through the measure
        callback of `Descent`.
        """;

    internal override IReadOnlyList<ulong> Seeds => [1, 2, 3];

    internal override IEnumerable<Measurement> Run(Trial trial)
    {
        const int Side = 12;
        double[] planted = [.. Enumerable.Range(0, Side).Select(k => Math.Pow(2, -k))];
        double[] matrix = Turned(planted, trial.Seed);
        MatrixMeasures measures = MatrixMeasures.Of(new MatrixView<double>(matrix, Side, Side), 2.0 / 3);
        double sum = planted.Sum(), squares = planted.Sum(s => s * s);
        double[] errors =
        [
            (measures.EffectiveRank / Math.Exp(-planted.Sum(s => s / sum * Math.Log(s / sum)))) - 1,
            (measures.StableRank / squares) - 1,
            (measures.NuclearNorm / sum) - 1,
            (measures.FrobeniusNorm / Math.Sqrt(squares)) - 1,
            (measures.SchattenSum / planted.Sum(s => Math.Pow(s, 2.0 / 3))) - 1,
            (Math.Abs(measures.Determinant) / planted.Aggregate(1.0, (product, s) => product * s)) - 1,
        ];
        yield return new("S32.planted", errors.Max(Math.Abs));

        MatrixMeasures scaled = MatrixMeasures.Of(new MatrixView<double>([.. matrix.Select(x => 1e6 * x)], Side, Side));
        yield return new("S32.scale",
            Math.Max(Math.Abs((scaled.EffectiveRank / measures.EffectiveRank) - 1),
                Math.Abs((scaled.StableRank / measures.StableRank) - 1)));

        DeepFactorization<double> factorization = DeepFactorization<double>.Uniform(Side, Side, 3, Side);
        using var parameters = new ParameterBuffer<double>();
        factorization.AddTo(parameters);
        double Excess()
        {
            double[] product = new double[Side * Side];
            factorization.ComputeProduct(parameters, product);
            double squaredFactors = parameters.ReadOnlyValues.ToArray().Sum(x => x * x) / 3;
            return squaredFactors / MatrixMeasures.Of(new MatrixView<double>(product, Side, Side), 2.0 / 3).SchattenSum;
        }

        factorization.InitializeBalanced(parameters, matrix);
        yield return new("S32.balanced", Excess());
        factorization.Initialize(parameters, trial.Seed, 0.5);
        yield return new("S32.unbalanced", Excess());
        var task = new LowRankTask(30, 2, 400, trial.Seed);
        MatrixMeasures zeros = MatrixMeasures.Of(
            new MatrixView<double>([.. task.Matrix.Select((x, i) => task.Observed[i] ? x : 0)], 30, 30), 1, task.Matrix, task.Observed);
        yield return new("S32.unobserved", zeros.UnobservedError);
        if (trial.IsShown)
        {
            Show(trial);
        }
    }

    /// <summary>A matrix with these singular values between the singular vectors of a normal one.</summary>
    private static double[] Turned(double[] values, ulong seed)
    {
        int side = values.Length;
        var random = new Xoshiro256(seed);
        var decomposition = new SingularValueDecomposition(side, side);
        decomposition.Decompose(
            new MatrixView<double>([.. Enumerable.Range(0, side * side).Select(_ => random.NextGaussian())], side, side));
        double[] matrix = new double[side * side];
        for (int k = 0; k < side; k++)
        {
            for (int i = 0; i < matrix.Length; i++)
            {
                matrix[i] += values[k] * decomposition.GetLeft(k)[i / side] * decomposition.GetRight(k)[i % side];
            }
        }

        return matrix;
    }

    private static void Show(Trial trial)
    {
        var task = new LowRankTask(40, 2, 500, trial.Seed);
        DeepFactorization<float> factorization = DeepFactorization<float>.Uniform(40, 40, 3, 40, threads: 1);
        using var parameters = new ParameterBuffer<float>();
        factorization.AddTo(parameters);
        factorization.InitializeScaled(parameters, trial.Seed, 1e-3);
        float[] product = new float[1600];
        var table = new DataTable("table", "Training at depth 3 on 500 entries of a 40 x 40 matrix of rank 2", "step", "loss",
            "effective rank", "stable rank", "nuclear norm", "Frobenius norm", "sum s^(2/3)", "determinant", "relative unobserved error");
        Descent.Run(
            task.Loss(factorization), parameters.Optimize(new GroupRmsProp(1e-3, Epsilon: 1e-4)),
                new DescentSettings { Iterations = 20_000, LossTolerance = 1e-6, MeasureEvery = 1500 },
            point =>
            {
                factorization.ComputeProduct(parameters, product);
                MatrixMeasures at = MatrixMeasures.Of(new MatrixView<float>(product, 40, 40), 2.0 / 3, task.Matrix, task.Observed);
                table.Row(point.Iteration, point.Loss, at.EffectiveRank, at.StableRank, at.NuclearNorm, at.FrobeniusNorm, at.SchattenSum,
                    at.Determinant, at.UnobservedError);
            },
            trial.Cancellation);
        trial.Show(table);
    }
}
