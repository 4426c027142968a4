using System.Numerics;
using OptDsl.Rules;

namespace OptDsl.Models.Tests;

/// <summary>Losses over examples: what they offer against differences, loops over single examples, and each other.</summary>
public class ExampleLossTests
{
    private const int Examples = 23;

    public static TheoryData<string, int> Models => new()
    {
        { "regression", 1 }, { "regression", 5 }, { "regression", 19 }, { "network", 1 }, { "network", 3 }, { "network", 11 },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void Gradients_and_hessian_products_are_differences(string kind, int side)
    {
        using var problem = new Problem<double>(kind, side);
        ParameterBuffer<double> parameters = problem.Parameters;
        foreach (int[] batch in new[] { [], [3], new[] { 4, 0, 22, 4 } })
        {
            problem.Use(batch);
            problem.Loss.ComputeGradient(parameters);
            double[] gradient = parameters.Gradients.ToArray();
            double[] vector = problem.Direction(5), product = new double[vector.Length];
            problem.Products.ComputeHessianProduct(parameters, vector, product);
            double scale = Math.Max(gradient.Max(Math.Abs), 1);
            double[] above = At(problem, vector, 1e-5), below = At(problem, vector, -1e-5);
            for (int i = 0; i < gradient.Length; i++)
            {
                double[] along = new double[gradient.Length];
                along[i] = 1;
                Assert.Equal((LossAt(problem, along, 1e-6) - LossAt(problem, along, -1e-6)) / 2e-6, gradient[i], 1e-6 * scale);
                Assert.Equal((above[i] - below[i]) / 2e-5, product[i], 1e-6 * Math.Max(product.Max(Math.Abs), 1));
            }
        }
    }

    /// <summary>A mean of squares taken over all examples, or one that forgets an example's own weight, shows here.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void Squares_are_the_mean_over_batches_of_one(string kind, int side)
    {
        using var problem = new Problem<double>(kind, side);
        ParameterBuffer<double> parameters = problem.Parameters;
        int[] batch = [7, 2, 19, 2, 0];
        double[] expected = new double[parameters.Count], squares = [.. Enumerable.Repeat(double.NaN, parameters.Count)];
        foreach (int example in batch)
        {
            problem.Use(example);
            problem.Loss.ComputeGradient(parameters);
            for (int i = 0; i < expected.Length; i++)
            {
                expected[i] += parameters.Gradients[i] * parameters.Gradients[i] / batch.Length;
            }
        }

        problem.Use(batch);
        double loss = problem.Loss.ComputeGradient(parameters);
        double[] gradient = parameters.Gradients.ToArray();
        parameters.Gradients.Clear();
        Assert.Equal(loss, problem.Squares.ComputeGradientAndSquares(parameters, squares));
        Assert.Equal(gradient, parameters.Gradients.ToArray());
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], squares[i], 1e-13 * Math.Max(expected.Max(), 1));
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_batch_is_the_mean_over_its_examples_and_all_is_all(string kind, int side)
    {
        using var problem = new Problem<double>(kind, side);
        ParameterBuffer<double> parameters = problem.Parameters;
        double all = problem.Loss.ComputeGradient(parameters);
        double[] gradient = parameters.Gradients.ToArray(), mean = new double[gradient.Length];
        double sum = 0;
        for (int example = 0; example < Examples; example++)
        {
            problem.Use(example);
            Assert.Equal(1, problem.Loss.BatchSize);
            sum += problem.Loss.ComputeGradient(parameters) / Examples;
            for (int i = 0; i < mean.Length; i++)
            {
                mean[i] += parameters.Gradients[i] / Examples;
            }
        }

        Assert.Equal(all, sum, 1e-13 * Math.Max(all, 1));
        Assert.All(Enumerable.Range(0, mean.Length), i => Assert.Equal(gradient[i], mean[i], 1e-13 * Math.Max(gradient.Max(Math.Abs), 1)));
        problem.Loss.UseAll();
        Assert.Equal(Examples, problem.Loss.BatchSize);
        Assert.Equal(all, problem.Loss.ComputeLoss(parameters));
        Assert.Equal(all, problem.LossByPlainLoops(), 1e-13 * Math.Max(all, 1));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Float_agrees_with_double(string kind, int side)
    {
        using var single = new Problem<float>(kind, side);
        using var wide = new Problem<double>(kind, side);
        double[] squares = new double[wide.Parameters.Count], product = new double[squares.Length], vector = wide.Direction(5);
        float[] singleSquares = new float[squares.Length], singleProduct = new float[squares.Length];
        Assert.Equal(wide.Squares.ComputeGradientAndSquares(wide.Parameters, squares),
            single.Squares.ComputeGradientAndSquares(single.Parameters, singleSquares), 1e-4);
        wide.Products.ComputeHessianProduct(wide.Parameters, vector, product);
        single.Products.ComputeHessianProduct(single.Parameters, Array.ConvertAll(vector, x => (float)x), singleProduct);
        for (int i = 0; i < squares.Length; i++)
        {
            Assert.Equal(wide.Parameters.Gradients[i], single.Parameters.Gradients[i],
                3e-5 * Math.Max(wide.Parameters.Gradients.ToArray().Max(Math.Abs), 1));
            Assert.Equal(squares[i], singleSquares[i], 3e-5 * Math.Max(squares.Max(), 1));
            Assert.Equal(product[i], singleProduct[i], 3e-5 * Math.Max(product.Max(Math.Abs), 1));
        }
    }

    [Fact]
    public void The_hessian_has_the_products_for_columns_and_is_symmetric()
    {
        using var problem = new Problem<double>("regression", 19);
        ParameterBuffer<double> parameters = problem.Parameters;
        int n = parameters.Count;
        problem.Use(1, 8, 8, 4);
        double[] hessian = [.. Enumerable.Repeat(double.NaN, n * n)], product = new double[n];
        ((IHessian<double>)problem.Loss).ComputeHessian(parameters, hessian);
        for (int column = 0; column < n; column++)
        {
            double[] unit = new double[n];
            unit[column] = 1;
            problem.Products.ComputeHessianProduct(parameters, unit, product);
            for (int row = 0; row < n; row++)
            {
                Assert.Equal(product[row], hessian[(row * n) + column], 1e-13);
                Assert.Equal(hessian[(column * n) + row], hessian[(row * n) + column]);
            }
        }
    }

    [Fact]
    public void The_squares_are_the_input_of_the_batch_aware_rule()
    {
        using var parameters = new ParameterBuffer<double>();
        var loss = new LinearRegressionLoss<double>([1, 2, -1, 3], [1, 1], 2);
        loss.AddTo(parameters);
        Optimizer<double, BatchAwareRmsProp> optimizer = parameters.Optimize(new BatchAwareRmsProp(LearningRate: 0.5, Epsilon: 0));
        loss.ComputeGradientAndSquares(parameters, optimizer.GetInput("exampleSquare"));
        optimizer.Step(TestContext.Current.CancellationToken);

        // Residuals -1 and -1: gradients (-1, -2) and (1, -3), mean (0, -5/2), mean squares (1, 13/2).
        Assert.Equal(0, parameters.Values[0]);
        Assert.Equal(0.5 * 2.5 / Math.Sqrt(6.5), parameters.Values[1], 1e-15);
    }

    [Theory]
    [InlineData("regression")]
    [InlineData("network")]
    public void Nothing_is_allocated_by_batches_gradients_and_products(string kind)
    {
        using var problem = new Problem<float>(kind, 9);
        int[] large = [.. Enumerable.Range(0, 40).Select(i => i % Examples)], small = [2, 3];
        float[] squares = new float[problem.Parameters.Count], product = new float[problem.Parameters.Count];
        Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run()
        {
            for (int i = 0; i < 10; i++)
            {
                problem.Loss.UseBatch(i % 2 == 0 ? large : small);
                problem.Loss.ComputeGradient(problem.Parameters);
                problem.Loss.UseAll();
                problem.Loss.ComputeLoss(problem.Parameters);
                problem.Squares.ComputeGradientAndSquares(problem.Parameters, squares);
                problem.Products.ComputeHessianProduct(problem.Parameters, squares, product);
            }
        }
    }

    [Theory]
    [InlineData("regression")]
    [InlineData("network")]
    public void Misuse_names_the_value_and_leaves_everything_as_it_was(string kind)
    {
        using var problem = new Problem<double>(kind, 3);
        IBatchLoss<double> loss = problem.Loss;
        loss.UseBatch([4, 5]);
        double before = loss.ComputeGradient(problem.Parameters);
        double[] gradient = problem.Parameters.Gradients.ToArray(), right = new double[gradient.Length],
            wrong = new double[gradient.Length + 1];
        ArgumentOutOfRangeException outside = Assert.Throws<ArgumentOutOfRangeException>(() => loss.UseBatch([0, Examples]));
        Assert.Equal(Examples, outside.ActualValue);
        Assert.Contains($"0 to {Examples - 1}", outside.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => loss.UseBatch([-1]));
        Assert.Contains("empty", Assert.Throws<ArgumentException>(() => loss.UseBatch([])).Message, StringComparison.Ordinal);
        Assert.Contains($"{gradient.Length} parameters",
            Assert.Throws<ArgumentException>(() => problem.Squares.ComputeGradientAndSquares(problem.Parameters, wrong)).Message,
                StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => problem.Products.ComputeHessianProduct(problem.Parameters, wrong, right));
        Assert.Contains("overlaps",
            Assert.Throws<ArgumentException>(() => problem.Products.ComputeHessianProduct(problem.Parameters, right, right)).Message,
                StringComparison.Ordinal);
        Assert.Equal(gradient, problem.Parameters.Gradients.ToArray());
        Assert.Equal(before, loss.ComputeLoss(problem.Parameters));
        using var empty = new ParameterBuffer<double>();
        Assert.Contains("AddTo", Assert.Throws<ArgumentException>(() => loss.ComputeLoss(empty)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_must_be_whole_finite_examples()
    {
        Assert.Contains("an example has 2",
            Assert.Throws<ArgumentException>(() => new LinearRegressionLoss<double>([1, 2, 3], [1], 2)).Message, StringComparison.Ordinal);
        Assert.Contains("Number 1 of example 1",
            Assert.Throws<ArgumentException>(() => new LinearRegressionLoss<double>([1, 2, 3, double.NaN], [1, 2], 2)).Message,
                StringComparison.Ordinal);
        Assert.Contains("inputs of 2 examples, but targets of 1",
            Assert.Throws<ArgumentException>(() => new LinearNetworkLoss<double>([1, 2], [1, 2], 1, 1, 2)).Message,
                StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new LinearRegressionLoss<double>([], [], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinearRegressionLoss<double>([1], [1], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinearNetworkLoss<double>([1], [1], 1, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinearNetworkLoss<double>([1, 2], [1, 2], 1, int.MaxValue, 1));
        using var parameters = new ParameterBuffer<double>();
        parameters.Add("w", [1, 2]);
        Assert.Contains("needs w [2]",
            Assert.Throws<ArgumentException>(() => new LinearRegressionLoss<double>([1, 2], [1], 2).ComputeLoss(parameters)).Message,
                StringComparison.Ordinal);
        new LinearRegressionLoss<double>([1, 2], [1], 2, "v").AddTo(parameters);
        Assert.Contains("Hessian of 4 parameters has 16",
            Assert.Throws<ArgumentException>(() => new LinearRegressionLoss<double>([1, 2], [1], 2, "v")
                .ComputeHessian(parameters, new double[4])).Message, StringComparison.Ordinal);
    }

    private static double LossAt(Problem<double> problem, double[] direction, double rate)
        => problem.Moved(direction, rate, () => problem.Loss.ComputeLoss(problem.Parameters));

    private static double[] At(Problem<double> problem, double[] direction, double rate)
        => problem.Moved(direction, rate, () =>
        {
            problem.Loss.ComputeGradient(problem.Parameters);
            return problem.Parameters.Gradients.ToArray();
        });

    /// <summary>A model beside a tensor it knows nothing of.</summary>
    private sealed class Problem<T> : IDisposable
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T[] inputs, targets;
        private readonly int side, outputs;

        internal Problem(string kind, int side)
        {
            this.side = side;
            outputs = kind == "regression" ? 1 : 4;
            var random = new Xoshiro256(11);
            inputs = [.. Enumerable.Range(0, Examples * side).Select(_ => T.CreateTruncating(random.NextGaussian()))];
            targets = [.. Enumerable.Range(0, Examples * outputs).Select(_ => T.CreateTruncating(random.NextGaussian()))];
            Parameters.Add("other", [3]);
            if (kind == "regression")
            {
                var loss = new LinearRegressionLoss<T>(inputs, targets, side);
                loss.AddTo(Parameters);
                (Loss, Products) = (loss, loss);
            }
            else
            {
                var loss = new LinearNetworkLoss<T>(inputs, targets, side, 5, outputs);
                loss.AddTo(Parameters);
                (Loss, Products) = (loss, loss);
            }

            foreach (ParameterTensor<T> tensor in Parameters.Tensors)
            {
                tensor.FillGaussian(3, 0.7);
            }
        }

        internal ParameterBuffer<T> Parameters { get; } = new();

        internal IBatchLoss<T> Loss { get; }

        internal IPerExampleSquares<T> Squares => (IPerExampleSquares<T>)Loss;

        internal IHessianProducts<T> Products { get; }

        public void Dispose() => Parameters.Dispose();

        internal void Use(params int[] batch)
        {
            if (batch.Length == 0)
            {
                Loss.UseAll();
            }
            else
            {
                Loss.UseBatch(batch);
            }
        }

        internal double[] Direction(ulong seed)
        {
            var random = new Xoshiro256(seed);
            return [.. Enumerable.Range(0, Parameters.Count).Select(_ => random.NextGaussian())];
        }

        internal TResult Moved<TResult>(double[] direction, double rate, Func<TResult> evaluate)
        {
            T[] before = Parameters.Values.ToArray();
            for (int i = 0; i < before.Length; i++)
            {
                Parameters.Values[i] += T.CreateTruncating(rate * direction[i]);
            }

            TResult result = evaluate();
            before.CopyTo(Parameters.Values);
            return result;
        }

        /// <summary>Over all examples.</summary>
        internal double LossByPlainLoops()
        {
            double sum = 0;
            for (int example = 0; example < Examples; example++)
            {
                for (int output = 0; output < outputs; output++)
                {
                    double prediction = 0;
                    for (int j = 0; j < side; j++)
                    {
                        prediction += double.CreateTruncating(inputs[(example * side) + j]) * Coefficient(output, j);
                    }

                    double residual = prediction - double.CreateTruncating(targets[(example * outputs) + output]);
                    sum += residual * residual;
                }
            }

            return sum / Examples / (outputs == 1 ? 2 : outputs);
        }

        private double Coefficient(int output, int j)
        {
            if (outputs == 1)
            {
                return double.CreateTruncating(Parameters["w"].ReadOnlyValues[j]);
            }

            double sum = 0;
            for (int k = 0; k < 5; k++)
            {
                sum += double.CreateTruncating(Parameters["W2"].ReadOnlyValues[(output * 5) + k])
                    * double.CreateTruncating(Parameters["W1"].ReadOnlyValues[(k * side) + j]);
            }

            return sum;
        }
    }
}
