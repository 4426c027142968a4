using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using OptDsl.Linear;

namespace OptDsl.Models.Tests;

public class RecommenderTests
{
    /// <summary>
    /// Catches a gradient of biases, factors or penalty that is none, entries out of order, and the four-at-a-time path; ranks with and
    /// without a rest.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(19)]
    [InlineData(32)]
    public void Its_loss_has_the_gradient_of_finite_differences(int rank)
    {
        (int[] rows, int[] columns, double[] values) = Entries(60);
        var factorization = new BiasedFactorization<double>(7, 9, rank, mean: 0.3);
        using var parameters = new ParameterBuffer<double>();
        parameters.Add("other", [3]);
        factorization.AddTo(parameters);
        factorization.Initialize(parameters, 4, 0.7);
        FillBiases(parameters);

        var loss = new BiasedCompletionLoss<double>(factorization, rows, columns, values, biasPenalty: 3, factorPenalty: 12);
        parameters.Gradients.Fill(double.NaN);
        double value = loss.ComputeGradient(parameters);
        Assert.Equal(value, loss.ComputeLoss(parameters));
        double[] gradients = parameters.Gradients.ToArray();
        Assert.All(gradients[..3], gradient => Assert.Equal(0, gradient));
        for (int i = 3; i < parameters.Count; i++)
        {
            const double Step = 1e-5;
            double kept = parameters.Values[i];
            parameters.Values[i] = kept + Step;
            double above = loss.ComputeLoss(parameters);
            parameters.Values[i] = kept - Step;
            double below = loss.ComputeLoss(parameters);
            parameters.Values[i] = kept;
            Assert.Equal((above - below) / (2 * Step), gradients[i], 1e-6);
        }
    }

    /// <summary>
    /// Against the same loss in double, whose rank of 32 goes another way: catches a block of four entries that loses one or takes the next
    /// row's, a column twice in a block, rows without entries, and gradients that are left from before where nothing else is in the buffer.
    /// </summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(3, 0)]
    [InlineData(3, 12)]
    public void In_registers_its_gradient_is_the_one_in_double(double biasPenalty, double factorPenalty)
    {
        int[] lengths = [4, 0, 1, 3, 5, 8, 9, 0, 13, 2, 0];
        int[] rows = [.. lengths.SelectMany((length, row) => Enumerable.Repeat(row, length))];
        var random = new Xoshiro256(8);
        int[] columns = Array.ConvertAll(rows, _ => random.NextInt32(4));
        double[] values = Array.ConvertAll(rows, _ => (double)(float)random.NextGaussian());
        var narrow = new BiasedFactorization<float>(lengths.Length, 5, 32);
        var wide = new BiasedFactorization<double>(lengths.Length, 5, 32);
        using var single = new ParameterBuffer<float>();
        using var twice = new ParameterBuffer<double>();
        narrow.AddTo(single);
        wide.AddTo(twice);
        narrow.Initialize(single, 4, 0.4);
        FillBiases(single);
        for (int i = 0; i < single.Count; i++)
        {
            twice.Values[i] = single.Values[i];
        }

        single.Gradients.Fill(float.NaN);
        twice.Gradients.Fill(double.NaN);
        double expected = new BiasedCompletionLoss<double>(wide, rows, columns, values, biasPenalty, factorPenalty).ComputeGradient(twice);
        var loss = new BiasedCompletionLoss<float>(narrow, rows, columns, Array.ConvertAll(values, value => (float)value), biasPenalty,
            factorPenalty);
        double actual = loss.ComputeGradient(single);
        Assert.Equal(expected, actual, 1e-6 * expected);
        Assert.Equal(actual, loss.ComputeLoss(single));
        for (int i = 0; i < single.Count; i++)
        {
            Assert.True(double.IsFinite(twice.Gradients[i]));
            Assert.Equal(twice.Gradients[i], single.Gradients[i], 1e-6);
        }
    }

    /// <summary>Catches lanes that are added in an order of the processor's, or to another vector's.</summary>
    [Fact]
    public void Four_sums_are_those_of_one_vector_each_in_one_order()
    {
        var random = new Xoshiro256(3);
        float[] x = [.. Enumerable.Range(0, 32).Select(_ => (float)random.NextGaussian())];
        Vector256<float> sums = FourLanes.Sums(Vector256.Create(x, 0), Vector256.Create(x, 8), Vector256.Create(x, 16),
            Vector256.Create(x, 24));
        double[] y = [.. Enumerable.Range(0, 16).Select(_ => random.NextGaussian())];
        Vector256<double> wide = FourLanes.Sums(Vector256.Create(y, 0), Vector256.Create(y, 4), Vector256.Create(y, 8),
            Vector256.Create(y, 12));
        for (int i = 0; i < 4; i++)
        {
            float[] of = x[(8 * i)..(8 * (i + 1))];
            float sum = of[0] + of[2] + (of[1] + of[3]) + (of[4] + of[6] + (of[5] + of[7]));
            Assert.Equal(sum, FourLanes.Sum(Vector256.Create(of)));
            Assert.Equal(sum, sums[i]);
            double[] four = y[(4 * i)..(4 * (i + 1))];
            double other = four[0] + four[1] + (four[2] + four[3]);
            Assert.Equal(other, FourLanes.Sum(Vector256.Create(four)));
            Assert.Equal(other, wide[i]);
        }
    }

    /// <summary>Against the definition: the mean of r^2, and every parameter as if more entries drew it to zero.</summary>
    [Fact]
    public void Its_loss_is_its_definition_in_float_too()
    {
        (int[] rows, int[] columns, double[] values) = Entries(60);
        var factorization = new BiasedFactorization<float>(7, 9, 11, mean: 0.3);
        using var parameters = new ParameterBuffer<float>();
        factorization.AddTo(parameters);
        factorization.Initialize(parameters, 4, 0.7);
        FillBiases(parameters);

        double expected = 0;
        for (int i = 0; i < values.Length; i++)
        {
            expected += Math.Pow(factorization.ComputeValue(parameters, rows[i], columns[i]) - values[i], 2) / values.Length;
        }

        foreach (ParameterTensor<float> tensor in parameters.Tensors)
        {
            double penalty = tensor.Name.EndsWith("Bias", StringComparison.Ordinal) ? 3 : 12;
            expected += tensor.Values.ToArray().Sum(value => penalty * value * value / values.Length);
        }

        var loss = new BiasedCompletionLoss<float>(factorization, rows, columns, Array.ConvertAll(values, value => (float)value), 3, 12);
        Assert.Equal(expected, loss.ComputeLoss(parameters), 1e-5);
    }

    /// <summary>
    /// Ratings made of biases and two tastes, with noise: catches biases or factors that are not learnt, and a stop that keeps the last and
    /// not the best.
    /// </summary>
    [Fact]
    public void It_learns_biases_and_tastes_and_stops_by_what_is_set_aside()
    {
        (int[] rows, int[] columns, float[] values, Func<int, int, double> truth) = Ratings();
        using Recommender recommender = Recommender.Fit(rows, columns, values, 120, 80,
            new() { Rank = 4, BiasPenalty = 1, FactorPenalty = 1, Seed = 3 }, cancellation: TestContext.Current.CancellationToken);
        double squares = 0, biases = 0;
        for (int row = 0; row < 120; row++)
        {
            for (int column = 0; column < 80; column++)
            {
                squares += Math.Pow(recommender.Predict(row, column) - truth(row, column), 2) / 9600;
                biases += Math.Pow(truth(row, column) - 3, 2) / 9600;
            }
        }

        Assert.True(Math.Sqrt(squares) < 0.25, $"off by {Math.Sqrt(squares)}, where the mean alone is off by {Math.Sqrt(biases)}");
        Assert.Equal(recommender.Course.Min(point => point.ValidationError), recommender.Kept.ValidationError);
        Assert.False(recommender.WasCancelled);

        // The best are the best of all predictions, in their order.
        IReadOnlyList<(int Column, double Value)> best = recommender.Recommend(5, 3, skip: column => column == 7);
        double[] all = [.. Enumerable.Range(0, 80).Where(column => column != 7).Select(column => recommender.Predict(5, column))
            .OrderDescending()];
        Assert.Equal(all[..3], best.Select(pair => pair.Value));

        float[] interaction = new float[9600];
        recommender.ComputeInteraction(interaction);
        Assert.True(interaction.Average(value => value * value) > 0.1);

        double[] expected = Spectrum.SingularValuesByReflections(new MatrixView<float>(interaction, 120, 80), null,
            TestContext.Current.CancellationToken);
        double[] fromFactors = recommender.ComputeSingularValues(null, TestContext.Current.CancellationToken);
        Assert.Equal(expected[..fromFactors.Length], fromFactors, (a, b) => Math.Abs(a - b) < 1e-6 * expected[0]);
        Assert.All(expected[fromFactors.Length..], value => Assert.True(value < 1e-6 * expected[0]));

        // Rows are the single predictions to the last bit, and the thin matrices give them before they are limited.
        float[] ratings = new float[3 * 80];
        recommender.PredictRows(7, ratings);
        Assert.Equal(Enumerable.Range(0, ratings.Length).Select(i => (float)recommender.Predict(7 + (i / 80), i % 80)), ratings);
        int width = recommender.Width;
        float[] left = new float[120 * width], right = new float[80 * width];
        recommender.ComputeFactors(left, right);
        float least = values.Min(), most = values.Max();
        for (int i = 0; i < ratings.Length; i++)
        {
            float value = TensorPrimitives.Dot(left.AsSpan((7 + (i / 80)) * width, width), right.AsSpan(i % 80 * width, width));
            Assert.Equal(ratings[i], Math.Clamp(value, least, most), 1e-5f);
        }

        Assert.Throws<ArgumentException>(() => recommender.ComputeFactors(left, left));
        Assert.Throws<ArgumentException>(() => recommender.PredictRows(0, new float[81]));
        Assert.Throws<ArgumentOutOfRangeException>(() => recommender.PredictRows(119, new float[160]));
    }

    [Fact]
    public void Cancelled_it_returns_what_there_is()
    {
        (int[] rows, int[] columns, float[] values, _) = Ratings();
        using var source = new CancellationTokenSource();
        int measured = 0;
        using Recommender recommender = Recommender.Fit(rows, columns, values, 120, 80, progress: (_, _) => Count(ref measured, source),
            cancellation: source.Token);
        Assert.True(recommender.WasCancelled);
        Assert.InRange(recommender.Kept.Iteration, 0, 30);
        Assert.True(double.IsFinite(recommender.Predict(0, 0)));
    }

    [Fact]
    public void Entries_that_are_set_aside_are_not_trained_on()
    {
        (int[] rows, int[] columns, float[] values, _) = Ratings();
        bool[] aside = new bool[values.Length];
        aside.AsSpan(0, 200).Fill(true);
        float[] spoilt = [.. values];
        spoilt.AsSpan(0, 200).Fill(1);
        using Recommender one = Recommender.Fit(rows, columns, values, 120, 80, new() { Iterations = 20, Patience = 100 }, aside,
            cancellation: TestContext.Current.CancellationToken);
        using Recommender two = Recommender.Fit(rows, columns, spoilt, 120, 80, new() { Iterations = 20, Patience = 100 }, aside,
            cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(one.Course.Select(point => point.TrainingError), two.Course.Select(point => point.TrainingError));
        Assert.NotEqual(one.Course[0].ValidationError, two.Course[0].ValidationError);
    }

    public static TheoryData<string, Action> Refused => new()
    {
        { "rank", () => _ = new BiasedFactorization<float>(3, 3, 0) },
        { "rows", () => _ = new BiasedFactorization<float>(0, 3, 1) },
        { "mean", () => _ = new BiasedFactorization<float>(3, 3, 1, double.NaN) },
        { "rows", () => Fit([3], [0], [1], new()) },
        { "columns", () => Fit([0], [-1], [1], new()) },
        { "matrix", () => Fit([0], [0], [float.NaN], new()) },
        { "values", () => Fit([0], [0, 1], [1], new()) },
        { "observed", () => Fit([], [], [], new()) },
        { "BiasPenalty", () => Fit([0], [0], [1], new() { BiasPenalty = -1 }) },
        { "FactorPenalty", () => Fit([0], [0], [1], new() { FactorPenalty = double.NaN }) },
        { "LearningRate", () => Fit([0], [0], [1], new() { LearningRate = 0 }) },
        { "ValidationShare", () => Fit([0], [0], [1], new() { ValidationShare = 1 }) },
        { "InitialScale", () => Fit([0], [0], [1], new() { InitialScale = 0 }) },
        { "Rank", () => Fit([0], [0], [1], new() { Rank = 0 }) },
        { "Patience", () => Fit([0], [0], [1], new() { Patience = 0 }) },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void Values_out_of_range_are_named(string name, Action action)
        => Assert.Equal(name, Assert.ThrowsAny<ArgumentException>(action).ParamName);

    private static void Fit(int[] rows, int[] columns, float[] values, RecommenderSettings settings)
        => Recommender.Fit(rows, columns, values, 3, 3, settings with { Iterations = 2 }).Dispose();

    private static void FillBiases<T>(ParameterBuffer<T> parameters)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        foreach (ParameterTensor<T> tensor in parameters.Tensors.Where(tensor => tensor.Name.EndsWith("Bias", StringComparison.Ordinal)))
        {
            for (int i = 0; i < tensor.Length; i++)
            {
                tensor.Values[i] = T.CreateTruncating(0.1 * (i - 3));
            }
        }
    }

    private static void Count(ref int measured, CancellationTokenSource source)
    {
        if (++measured == 3)
        {
            source.Cancel();
        }
    }

    private static (int[] Rows, int[] Columns, double[] Values) Entries(int count)
    {
        var random = new Xoshiro256(8);
        int[] rows = new int[count], columns = new int[count];
        double[] values = new double[count];
        for (int i = 0; i < count; i++)
        {
            // One row of seven is never seen, and cells come twice.
            (rows[i], columns[i], values[i]) = (random.NextInt32(6), random.NextInt32(9), random.NextGaussian());
        }

        return (rows, columns, values);
    }

    private static (int[] Rows, int[] Columns, float[] Values, Func<int, int, double> Truth) Ratings()
    {
        var random = new Xoshiro256(5);
        double[] rowBias = Draw(120, 0.4), columnBias = Draw(80, 0.5), left = Draw(240, 0.7), right = Draw(160, 0.7);
        double Truth(int row, int column)
            => 3 + rowBias[row] + columnBias[column] + (left[2 * row] * right[2 * column])
            + (left[(2 * row) + 1] * right[(2 * column) + 1]);
        int[] cells = [.. Enumerable.Range(0, 9600).Where(_ => random.NextDouble() < 0.4)];
        return ([.. cells.Select(cell => cell / 80)], [.. cells.Select(cell => cell % 80)],
            [.. cells.Select(cell => (float)(Truth(cell / 80, cell % 80) + (0.1 * random.NextGaussian())))], Truth);

        double[] Draw(int count, double scale) => [.. Enumerable.Range(0, count).Select(_ => scale * random.NextGaussian())];
    }
}
