using OptDsl.Rules;

namespace OptDsl.Models.Tests;

/// <summary>
/// Every loss of a factorization against central differences, and the sparse one against the dense one where rows and columns are empty.
/// </summary>
public class FactorizationLossTests
{
    public static TheoryData<int[], string> Cases
    {
        get
        {
            var cases = new TheoryData<int[], string>();
            foreach (int[] sides in (int[][])[[7, 5], [5, 3, 4], [6, 8, 7], [11, 4, 3, 9], [3, 5, 2, 7, 4]])
            {
                foreach (string loss in (string[])["dense-absolute", "dense-huber", "sparse-absolute", "sparse-huber", "sparse-gaps", "all",
                    "sensing", "sensing-huber", "nuclear", "ratio", "schatten-3", "schatten-.5", "sum"])
                {
                    cases.Add(sides, loss);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_gradient_is_that_of_the_loss(int[] sides, string name)
    {
        var factorization = new DeepFactorization<double>(sides);
        using var parameters = new ParameterBuffer<double>();
        ParameterTensor<double> other = parameters.Add("other", [3]);
        factorization.AddTo(parameters);
        factorization.Initialize(parameters, 17, 0.7);
        ILossModel<double> loss = Create(name, factorization);
        parameters.Gradients.Fill(double.NaN);
        double value = loss.ComputeGradient(parameters);
        double[] gradient = parameters.Gradients.ToArray();
        Assert.Equal(loss.ComputeLoss(parameters), value, 1e-12 * Math.Abs(value));
        double scale = Math.Max(gradient.Max(Math.Abs), 1e-2);
        const double Step = 1e-5;
        for (int i = 0; i < gradient.Length; i++)
        {
            double kept = parameters.Values[i];
            parameters.Values[i] = kept + Step;
            double above = loss.ComputeLoss(parameters);
            parameters.Values[i] = kept - Step;
            double below = loss.ComputeLoss(parameters);
            parameters.Values[i] = kept;
            Assert.Equal((above - below) / (2 * Step), gradient[i], 1e-6 * scale);
        }
    }

    [Theory]
    [InlineData(2, 6)]
    [InlineData(3, 6)]
    [InlineData(4, 6)]
    [InlineData(2, 37)]
    [InlineData(3, 100)]
    public void The_sparse_loss_is_the_dense_one_where_rows_and_columns_are_empty(int depth, int width)
    {
        const int Rows = 90, Columns = 70;
        DeepFactorization<float> factorization = DeepFactorization<float>.Uniform(Rows, Columns, depth, width);
        using var parameters = new ParameterBuffer<float>();
        factorization.AddTo(parameters);
        factorization.InitializeScaled(parameters, 3, 20);
        var random = new Xoshiro256(5);
        float[] matrix = [.. Enumerable.Range(0, Rows * Columns).Select(_ => (float)random.NextGaussian())];
        bool[] observed = [.. Enumerable.Range(0, Rows * Columns)
            .Select(cell => cell / Columns % 3 != 1 && cell % Columns % 5 != 2 && random.NextDouble() < 0.3)];

        // Out of order, so that the loss has to sort them.
        int[] cells = [.. Enumerable.Range(0, Rows * Columns).Where(cell => observed[cell]).OrderBy(cell => cell * 7919L % 6301)];
        var dense = new DenseCompletionLoss<float>(factorization, matrix, observed, 1e-3);
        var sparse = new SparseCompletionLoss<float>(factorization, Array.ConvertAll(cells, cell => cell / Columns),
            Array.ConvertAll(cells, cell => cell % Columns), Array.ConvertAll(cells, cell => matrix[cell]), 1e-3);
        double expected = dense.ComputeGradient(parameters);
        float[] gradient = parameters.Gradients.ToArray();
        parameters.Gradients.Fill(float.NaN);
        Assert.Equal(expected, sparse.ComputeGradient(parameters), 1e-5 * expected);
        float scale = gradient.Max(Math.Abs);
        Assert.All(gradient.Zip(parameters.Gradients.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5f * scale));

        // Columns without an entry, too.
        float[] product = new float[matrix.Length], predicted = new float[matrix.Length];
        factorization.ComputeProduct(parameters, product);
        int[] all = [.. Enumerable.Range(0, matrix.Length)];
        sparse.Predict(parameters, Array.ConvertAll(all, cell => cell / Columns), Array.ConvertAll(all, cell => cell % Columns), predicted);
        float largest = product.Max(Math.Abs);
        Assert.All(product.Zip(predicted), pair => Assert.Equal(pair.First, pair.Second, 1e-5f * largest));
    }

    [Fact]
    public void A_million_by_a_million_of_rank_8_takes_less_than_a_gigabyte()
    {
        const int Side = 1_000_000, Entries = 10_000;
        long before = GC.GetAllocatedBytesForCurrentThread();
        DeepFactorization<float> factorization = DeepFactorization<float>.Uniform(Side, Side, 2, 8, threads: 1);
        using var parameters = new ParameterBuffer<float>();
        factorization.AddTo(parameters);
        factorization.Initialize(parameters, 1, 0.5);
        var random = new Xoshiro256(2);
        int[] rows = [.. Enumerable.Range(0, Entries).Select(_ => random.NextInt32(Side))],
            columns = [.. Enumerable.Range(0, Entries).Select(_ => random.NextInt32(Side))];
        float[] values = [.. Enumerable.Range(0, Entries).Select(_ => (float)random.NextGaussian())];
        long model = GC.GetAllocatedBytesForCurrentThread();
        var loss = new SparseCompletionLoss<float>(factorization, rows, columns, values);
        double start = loss.ComputeLoss(parameters);

        // Widths times entries, some lists of entries, and no multiple of a side.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - model, 0, 8_000_000);
        Optimizer<float, Sgd> optimizer = parameters.Optimize(new Sgd(0.1 * Entries));
        DescentResult result = Descent.Run(loss, optimizer, new DescentSettings { Iterations = 20 },
            cancellation: TestContext.Current.CancellationToken);
        Assert.True(result.End.Loss < 0.5 * start, $"{start} to {result.End.Loss}");

        // The buffer's own memory is not the collector's: parameters and gradients, 128 MB.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000_000 - (parameters.Count * 8L));
    }

    [Fact]
    public void Nothing_is_allocated_by_a_gradient()
    {
        var factorization = new DeepFactorization<float>([30, 20, 10, 25]);
        using var parameters = new ParameterBuffer<float>();
        factorization.AddTo(parameters);
        factorization.Initialize(parameters, 1, 0.5);
        ILossModel<float>[] losses =
        [
            new SparseCompletionLoss<float>(factorization, [3, 9, 3], [1, 1, 22], [1, 2, 3], 0.1, PointLoss.Huber()),
            new SensingLoss<float>(factorization, SensingLoss<float>.GaussianSensors(4, 25, 30, 1), [1, 2, 3, 4]),
            new LossSum<float>(new SparseCompletionLoss<float>(factorization, [3, 9, 3], [1, 1, 22], [1, 2, 3]),
                SpectralPenalty<float>.Ratio(factorization, 0.1)),
        ];
        foreach (ILossModel<float> loss in losses)
        {
            for (int i = 0; i < 5; i++)
            {
                loss.ComputeGradient(parameters);
            }

            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 5; i++)
            {
                loss.ComputeGradient(parameters);
            }

            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [Fact]
    public void Misuse_names_the_value_and_the_range()
    {
        var factorization = new DeepFactorization<double>([3, 2]);
        Assert.Contains("not negative",
            Assert.Throws<ArgumentOutOfRangeException>(() => SpectralPenalty<double>.Nuclear(factorization, -1)).Message,
                StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => SpectralPenalty<double>.Ratio(factorization, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => SpectralPenalty<double>.Schatten(factorization, 1, 0));
        Assert.Contains("above 0 for a power below 1",
            Assert.Throws<ArgumentOutOfRangeException>(() => SpectralPenalty<double>.Schatten(factorization, 1, 0.5)).Message,
                StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new LossSum<double>());
        Assert.Contains("an example has 6",
            Assert.Throws<ArgumentException>(() => new SensingLoss<double>(factorization, new double[7], [1])).Message,
                StringComparison.Ordinal);
        Assert.Contains("every example needs both",
            Assert.Throws<ArgumentException>(() => new SensingLoss<double>(factorization, new double[12], [1])).Message,
                StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new SensingLoss<double>(factorization, [0, 0, 0, 0, 0, double.NaN], [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SensingLoss<double>(factorization, new double[6], [1], penalty: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SensingLoss<double>.GaussianSensors(100_000, 1000, 1000, 1));
        Assert.Contains("row 1, column 2",
            Assert.Throws<ArgumentException>(() => DenseCompletionLoss<double>.OfAll(factorization, [0, 0, 0, 0, 0, double.NaN])).Message,
                StringComparison.Ordinal);
    }

    private static ILossModel<double> Create(string name, DeepFactorization<double> factorization)
    {
        var random = new Xoshiro256(99);
        (int rows, int columns) = (factorization.Rows, factorization.Columns);
        double[] matrix = [.. Enumerable.Range(0, rows * columns).Select(_ => random.NextGaussian())];
        bool[] observed = [.. matrix.Select((_, i) => i == 0 || random.NextDouble() < 0.6)];
        int[] cells = [.. Enumerable.Range(0, matrix.Length).Where(i => observed[i])], few = [matrix.Length - 1, 1, 1];
        SparseCompletionLoss<double> Sparse(int[] at, PointLoss pointLoss)
            => new(factorization, Array.ConvertAll(at, i => i / columns), Array.ConvertAll(at, i => i % columns),
                Array.ConvertAll(at, i => matrix[i]), 0.02, pointLoss);
        SensingLoss<double> Sensing(PointLoss pointLoss)
            => new(factorization, SensingLoss<double>.GaussianSensors(5, rows, columns, 4), [1, -2, 0.5, 0, 3], 0.02, pointLoss);
        return name switch
        {
            "dense-absolute" => new DenseCompletionLoss<double>(factorization, matrix, observed, 0.02, 1, PointLoss.Absolute),
            "dense-huber" => new DenseCompletionLoss<double>(factorization, matrix, observed, 0.02, 1, PointLoss.Huber(0.8)),
            "sparse-absolute" => Sparse(cells, PointLoss.Absolute),
            "sparse-huber" => Sparse(cells, PointLoss.Huber(0.8)),
            "sparse-gaps" => Sparse(few, PointLoss.Squared),
            "all" => DenseCompletionLoss<double>.OfAll(factorization, matrix),
            "sensing" => Sensing(PointLoss.Squared),
            "sensing-huber" => Sensing(PointLoss.Huber(0.3)),
            "nuclear" => SpectralPenalty<double>.Nuclear(factorization, 0.3),
            "ratio" => SpectralPenalty<double>.Ratio(factorization, 0.3),
            "schatten-3" => SpectralPenalty<double>.Schatten(factorization, 0.3, 3),
            "schatten-.5" => SpectralPenalty<double>.Schatten(factorization, 0.3, 0.5, 0.1),
            _ => new LossSum<double>(Sparse(cells, PointLoss.Squared), SpectralPenalty<double>.Nuclear(factorization, 0.3),
                SpectralPenalty<double>.Ratio(factorization, 0.3)),
        };
    }
}
