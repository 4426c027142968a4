using System.Numerics;
using OptDsl.Linear;
using OptDsl.Rules;

namespace OptDsl.Models.Tests;

/// <summary>Gradients against central differences, the dense path against the sparse one, and both against plain loops.</summary>
public class CompletionLossTests
{
    public static TheoryData<int[], double> Shapes => new()
    {
        { [7, 5], 0 },
        { [1, 1], 0.1 },
        { [5, 3, 4], 0 },
        { [9, 1, 6], 0.02 },
        { [6, 8, 7], 0.02 },
        { [11, 4, 3, 9], 0.01 },
        { [3, 5, 2, 7, 4], 0 },
        { [17, 33, 1, 2, 5, 19], 0.005 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_gradient_is_that_of_the_loss(int[] sides, double penalty)
    {
        var problem = new Problem<double>(sides, penalty);
        CheckGradient(problem, problem.Dense);
        CheckGradient(problem, problem.Sparse);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_loss_is_the_mean_square_over_the_observed_entries(int[] sides, double penalty)
    {
        var problem = new Problem<double>(sides, penalty);
        double expected = problem.LossByPlainLoops();
        Assert.Equal(expected, problem.Dense.ComputeLoss(problem.Parameters), 1e-13);
        Assert.Equal(expected, problem.Dense.ComputeGradient(problem.Parameters), 1e-13);
        Assert.Equal(expected, problem.Sparse.ComputeLoss(problem.Parameters), 1e-13);
        Assert.Equal(expected, problem.Sparse.ComputeGradient(problem.Parameters), 1e-13);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Float_agrees_with_double(int[] sides, double penalty)
    {
        var single = new Problem<float>(sides, penalty);
        var wide = new Problem<double>(sides, penalty);
        wide.Dense.ComputeGradient(wide.Parameters);
        double largest = 1e-3;
        foreach (double gradient in wide.Parameters.Gradients)
        {
            largest = Math.Max(largest, Math.Abs(gradient));
        }

        foreach (ILossModel<float> loss in new ILossModel<float>[] { single.Dense, single.Sparse })
        {
            loss.ComputeGradient(single.Parameters);
            for (int i = 0; i < single.Parameters.Count; i++)
            {
                Assert.Equal(wide.Parameters.Gradients[i], single.Parameters.Gradients[i], largest * 2e-6 * sides.Max());
            }
        }
    }

    [Fact]
    public void Gradients_are_overwritten_and_zero_where_the_loss_does_not_depend()
    {
        var factorization = new DeepFactorization<double>([4, 2, 3]);
        using var parameters = new ParameterBuffer<double>();
        ParameterTensor<double> other = parameters.Add("other", [5]);
        factorization.AddTo(parameters);
        factorization.Initialize(parameters, 1, 0.5);
        double[] matrix = new double[12];
        bool[] observed = [.. Enumerable.Repeat(true, 12)];
        ILossModel<double>[] losses =
        [
            new DenseCompletionLoss<double>(factorization, matrix, observed),
            new SparseCompletionLoss<double>(factorization, [0, 2], [1, 3], [1, 2]),
        ];
        foreach (ILossModel<double> loss in losses)
        {
            parameters.Gradients.Fill(double.NaN);
            loss.ComputeGradient(parameters);
            Assert.All(other.Gradients.ToArray(), gradient => Assert.Equal(0, gradient));
            Assert.DoesNotContain(parameters.Gradients.ToArray(), double.IsNaN);
        }
    }

    [Fact]
    public void Nothing_is_allocated_by_a_gradient_and_a_step()
    {
        var problem = new Problem<float>([60, 20, 30, 50], 0.01);
        Optimizer<float, Adam> optimizer = problem.Parameters.Optimize(new Adam());
        ILossModel<float>[] losses = [problem.Dense, problem.Sparse];
        void Steps()
        {
            foreach (ILossModel<float> loss in losses)
            {
                for (int i = 0; i < 20; i++)
                {
                    loss.ComputeGradient(problem.Parameters);
                    optimizer.Step(TestContext.Current.CancellationToken);
                }
            }
        }

        Steps();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Steps();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Bits_do_not_depend_on_the_number_of_threads()
    {
        double[] Gradient(int threads)
        {
            DeepFactorization<double> factorization = DeepFactorization<double>.Uniform(180, 200, 3, 40, threads);
            using var parameters = new ParameterBuffer<double>();
            factorization.AddTo(parameters);
            factorization.Initialize(parameters, 3, 0.2);
            var random = new Xoshiro256(8);
            double[] matrix = [.. Enumerable.Range(0, 36000).Select(_ => random.NextGaussian())];
            var loss = new DenseCompletionLoss<double>(factorization, matrix, [.. matrix.Select(value => value > 0)], 0.1, threads);
            double value = loss.ComputeGradient(parameters);
            return [value, .. parameters.Gradients];
        }

        double[] one = Gradient(1);
        Assert.Equal(one, Gradient(2));
        Assert.Equal(one, Gradient(3));
    }

    [Fact]
    public void A_hidden_value_may_be_anything()
    {
        var factorization = new DeepFactorization<double>([2, 1]);
        using var parameters = new ParameterBuffer<double>();
        factorization.AddTo(parameters);
        var loss = new DenseCompletionLoss<double>(factorization, [3, double.NaN], [true, false]);
        Assert.Equal(9, loss.ComputeGradient(parameters));
        Assert.Equal<double>([-6, 0], parameters.Gradients.ToArray());
    }

    [Fact]
    public void Misuse_names_the_value_and_the_range()
    {
        var factorization = new DeepFactorization<double>([3, 2]);
        double[] six = new double[6];
        bool[] all = [true, true, true, true, true, true];
        Assert.Contains("two sides", Assert.Throws<ArgumentException>(() => new DeepFactorization<double>([3])).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new DeepFactorization<double>([3, 0, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DeepFactorization<double>([100_000, 100_000, 5]));
        Assert.Throws<ArgumentOutOfRangeException>(() => DeepFactorization<double>.Uniform(3, 3, 0, 1));
        Assert.Contains("No entry",
            Assert.Throws<ArgumentException>(() => new DenseCompletionLoss<double>(factorization, six, new bool[6])).Message,
                StringComparison.Ordinal);
        Assert.Contains("2 x 3, 6",
            Assert.Throws<ArgumentException>(() => new DenseCompletionLoss<double>(factorization, new double[5], all)).Message,
                StringComparison.Ordinal);
        Assert.Contains("row 1, column 2",
            Assert.Throws<ArgumentException>(() =>
                new DenseCompletionLoss<double>(factorization, [0, 0, 0, 0, 0, double.NaN], all)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new DenseCompletionLoss<double>(factorization, six, all, penalty: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SparseCompletionLoss<double>(factorization, [2], [0], [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SparseCompletionLoss<double>(factorization, [0], [-1], [1]));
        Assert.Throws<ArgumentException>(() => new SparseCompletionLoss<double>(factorization, [0], [0, 1], [1]));
        Assert.Throws<ArgumentException>(() => new SparseCompletionLoss<double>(factorization, [], [], []));
        using var parameters = new ParameterBuffer<double>();
        var loss = new DenseCompletionLoss<double>(factorization, six, all);
        Assert.Contains("AddTo", Assert.Throws<ArgumentException>(() => loss.ComputeLoss(parameters)).Message, StringComparison.Ordinal);
        parameters.Add("W1", [3, 2]);
        Assert.Contains("[2, 3]", Assert.Throws<ArgumentException>(() => loss.ComputeLoss(parameters)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_deep_factorization_finds_a_low_rank_matrix()
    {
        const int Side = 40;
        DeepFactorization<double> truth = DeepFactorization<double>.Uniform(Side, Side, 2, 2),
            model = DeepFactorization<double>.Uniform(Side, Side, 3, Side);
        using ParameterBuffer<double> trueParameters = new(), parameters = new();
        truth.AddTo(trueParameters);
        truth.Initialize(trueParameters, 1, 1);
        double[] matrix = new double[Side * Side], completed = new double[Side * Side];
        truth.ComputeProduct(trueParameters, matrix);
        var random = new Xoshiro256(2);
        bool[] observed = [.. matrix.Select(_ => random.NextDouble() < 0.5)];
        model.AddTo(parameters);
        model.Initialize(parameters, 3, 0.02);
        var loss = new DenseCompletionLoss<double>(model, matrix, observed);
        Optimizer<double, Adam> optimizer = parameters.Optimize(new Adam(3e-3));
        for (int step = 0; step < 1200; step++)
        {
            loss.ComputeGradient(parameters);
            optimizer.Step(TestContext.Current.CancellationToken);
        }

        model.ComputeProduct(parameters, completed);
        double[] differences = [.. completed.Zip(matrix, (a, b) => a - b).Where((_, i) => !observed[i])];
        double[] hidden = [.. matrix.Where((_, i) => !observed[i])];
        double relative = Math.Sqrt(differences.Sum(d => d * d) / hidden.Sum(h => h * h));
        Assert.True(relative < 0.1, $"relative error {relative}");
        Assert.InRange(Spectrum.EffectiveRank(Spectrum.SingularValues(new MatrixView<double>(completed, Side, Side))), 1.5, 3);
    }

    private static void CheckGradient(Problem<double> problem, ILossModel<double> loss)
    {
        ParameterBuffer<double> parameters = problem.Parameters;
        loss.ComputeGradient(parameters);
        double[] gradient = parameters.Gradients.ToArray();
        double scale = gradient.Max(Math.Abs);
        const double Step = 1e-6;
        for (int i = 0; i < gradient.Length; i += 1 + (gradient.Length / 300))
        {
            double kept = parameters.Values[i];
            parameters.Values[i] = kept + Step;
            double above = loss.ComputeLoss(parameters);
            parameters.Values[i] = kept - Step;
            double below = loss.ComputeLoss(parameters);
            parameters.Values[i] = kept;
            Assert.Equal((above - below) / (2 * Step), gradient[i], 1e-6 * Math.Max(scale, 1e-2));
        }
    }

    private sealed class Problem<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly int[] sides;
        private readonly double penalty;
        private readonly T[] matrix;
        private readonly bool[] observed;

        internal Problem(int[] sides, double penalty)
        {
            this.sides = sides;
            this.penalty = penalty;
            Factorization = new DeepFactorization<T>(sides);
            Factorization.AddTo(Parameters);
            Factorization.Initialize(Parameters, 17, 0.7);
            var random = new Xoshiro256(99);
            matrix = new T[sides[0] * sides[^1]];
            observed = new bool[matrix.Length];
            var rows = new List<int>();
            var columns = new List<int>();
            var values = new List<T>();
            for (int i = 0; i < matrix.Length; i++)
            {
                matrix[i] = T.CreateTruncating(random.NextGaussian());
                observed[i] = i == 0 || random.NextDouble() < 0.6;
                if (observed[i])
                {
                    rows.Add(i / sides[0]);
                    columns.Add(i % sides[0]);
                    values.Add(matrix[i]);
                }
            }

            Dense = new DenseCompletionLoss<T>(Factorization, matrix, observed, penalty);
            Sparse = new SparseCompletionLoss<T>(Factorization, [.. rows], [.. columns], [.. values], penalty);
        }

        internal ParameterBuffer<T> Parameters { get; } = new();

        internal DeepFactorization<T> Factorization { get; }

        internal DenseCompletionLoss<T> Dense { get; }

        internal SparseCompletionLoss<T> Sparse { get; }

        internal double LossByPlainLoops()
        {
            double[]? product = null;
            int rows = 0;
            double norm = 0;
            for (int factor = 1; factor < sides.Length; factor++)
            {
                double[] weights = [.. Parameters[$"W{factor}"].ReadOnlyValues.ToArray().Select(double.CreateTruncating)];
                norm += weights.Sum(weight => weight * weight);
                if (product is null)
                {
                    (product, rows) = (weights, sides[1]);
                    continue;
                }

                double[] next = new double[sides[factor] * sides[0]];
                for (int i = 0; i < sides[factor]; i++)
                {
                    for (int j = 0; j < sides[0]; j++)
                    {
                        for (int k = 0; k < rows; k++)
                        {
                            next[(i * sides[0]) + j] += weights[(i * rows) + k] * product[(k * sides[0]) + j];
                        }
                    }
                }

                (product, rows) = (next, sides[factor]);
            }

            double sum = 0;
            for (int i = 0; i < matrix.Length; i++)
            {
                double difference = product![i] - double.CreateTruncating(matrix[i]);
                sum += observed[i] ? difference * difference : 0;
            }

            return (sum / observed.Count(value => value)) + (penalty * norm);
        }
    }
}
