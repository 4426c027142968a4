using System.Globalization;
using Xunit;

namespace OptDsl.Runtime.Tests.Passes;

/// <summary>
/// The order of operations, against loops that share nothing with the library: the tree of a sum (docs/numerics.md), products as they are
/// written, and where a uniform value is rounded to the element.
/// </summary>
public sealed class OrderTests
{
    private const int Lanes = 32, Block = 4096;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>
    /// Seven blocks, a row that begins within one, a group of two tensors. The sums are such that blocks from left to right, lanes from
    /// left to right, or no lanes give other bits: the test says so itself.
    /// </summary>
    [Theory]
    [InlineData(SimdWidth.Widest, 1)]
    [InlineData(SimdWidth.Bits128, 1)]
    [InlineData(SimdWidth.Scalar, 1)]
    [InlineData(SimdWidth.Widest, 3)]
    [InlineData(null, 1)]
    public void A_sum_combines_lanes_and_blocks_by_halves(SimdWidth? width, int threads)
    {
        using ParameterBuffer<double> buffer = Sample.Buffer<double>(("a", [3, 26_011], "x"), ("b", [20_501], "y"), ("c", [2, 9_001], "x"));
        Fill(buffer);
        Optimizer<double, Sums> optimizer = buffer.Optimize(new Sums(),
            new OptimizerOptions { Width = width ?? SimdWidth.Widest, Threads = threads });
        _ = width is null ? optimizer.StepReference(Token) : optimizer.Step(Token);
        OptimizerSnapshot<double> snapshot = optimizer.Snapshot();
        double[] gradients = buffer.Gradients.ToArray();
        double[] sums = [Sum(gradients, 0, 78_033, 0), Sum(gradients, 78_033, 20_501, 0), Sum(gradients, 98_534, 18_002, 0)];
        foreach ((string name, int index, int start, int rows, int columns) in new[] { ("a", 0, 0, 3, 26_011), ("b", 1, 78_033, 1, 20_501),
            ("c", 2, 98_534, 2, 9_001) })
        {
            Assert.Equal(sums[index], snapshot.GetTensorState(name, "OfTensor")[0]);
            for (int row = 0; row < rows; row++)
            {
                Assert.Equal(Sum(gradients, start + (row * columns), columns, row * columns), snapshot.GetTensorState(name, "OfRow")[row]);
            }
        }

        Assert.Equal((0 + sums[0] + sums[2]) / 96_035, snapshot.GetUniformState("x", "OfGroup"));
        Assert.Equal((0 + sums[1]) / 20_501, snapshot.GetUniformState("y", "OfGroup"));
        Assert.Equal(0 + sums[0] + sums[1] + sums[2], snapshot.GetUniformState("x", "OfAll"));

        // Other orders show, each in at least one of the sums.
        (int Start, int Count)[] runs = [(0, 78_033), (78_033, 20_501), (98_534, 18_002)];
        Assert.Contains(Enumerable.Range(0, 3),
            i => sums[i] != gradients.AsSpan(runs[i].Start, runs[i].Count).ToArray().Aggregate((left, right) => left + right));
        Assert.Contains(Enumerable.Range(0, 3), i => sums[i] != Sum(gradients, runs[i].Start, runs[i].Count, 0, leftToRight: true));
        Assert.Contains(Enumerable.Range(0, 3), i => sums[i] != Sum(gradients, runs[i].Start, runs[i].Count, 0, lanesLeftToRight: true));
        Assert.Contains(Enumerable.Range(0, 3), i => sums[i] != Sum(gradients, runs[i].Start, runs[i].Count, 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_tensor_that_is_cut_has_the_same_sum(int threads)
    {
        using ParameterBuffer<double> buffer = Sample.Buffer<double>(("a", [70_001], "x"));
        Fill(buffer);
        Optimizer<double, TensorSumOnly> optimizer = buffer.Optimize(new TensorSumOnly(), new OptimizerOptions { Threads = threads });
        optimizer.Step(Token);
        Assert.Equal(Sum(buffer.Gradients.ToArray(), 0, 70_001, 0), optimizer.Snapshot().GetTensorState("a", "OfTensor")[0]);
    }

    [Fact]
    public void Products_are_computed_in_the_order_written()
    {
        using ParameterBuffer<double> buffer = Sample.Buffer<double>(("a", [100], "x"));
        double a = 1.1, b = 1.3, c = 0.7;
        Optimizer<double, Products> optimizer = buffer.Optimize(new Products());
        double[] g = buffer.Gradients.ToArray();
        optimizer.Step(Token);
        Sample.Same<double>([.. g.Select(x => a * b * c * x)], buffer.Values);
        Sample.Same([.. g.Select(x => a * (b * c) * x)], optimizer.State["Right"]);
        Sample.Same([.. g.Select(x => x * a * b * c)], optimizer.State["Late"]);

        // Another order shows.
        Assert.Contains(Enumerable.Range(0, 100), i => buffer.Values[i] != optimizer.State["Right"][i]);
        Assert.Contains(Enumerable.Range(0, 100), i => buffer.Values[i] != optimizer.State["Late"][i]);
    }

    [Fact]
    public void Of_two_products_the_left_one_is_contracted()
    {
        using ParameterBuffer<double> buffer = Sample.Buffer<double>(("a", [100], "x"));
        double[] p = buffer.Values.ToArray(), g = buffer.Gradients.ToArray();
        Optimizer<double, FusedProducts> optimizer = buffer.Optimize(new FusedProducts(),
            new OptimizerOptions { AllowEmulatedFusedArithmetic = true });
        optimizer.Step(Token);
        Sample.Same([.. p.Zip(g, (x, y) => Math.FusedMultiplyAdd(x, x, y * y))], optimizer.State["Sum"]);
        Sample.Same([.. p.Zip(g, (x, y) => Math.FusedMultiplyAdd(x, x, -(y * y)))], optimizer.State["Difference"]);
        Sample.Same<double>([.. p.Zip(g, (x, y) => Math.FusedMultiplyAdd(-x, y, y))], buffer.Values);
        Assert.Contains(Enumerable.Range(0, 100), i => optimizer.State["Sum"][i] != Math.FusedMultiplyAdd(g[i], g[i], p[i] * p[i]));
    }

    /// <summary>On a buffer of float a uniform value is computed in double and rounded once.</summary>
    [Fact]
    public void A_uniform_value_is_rounded_to_float_once()
    {
        using ParameterBuffer<float> buffer = Sample.Buffer<float>(("a", [5, 20], "x"));
        Optimizer<float, RoundedUniforms> optimizer = buffer.Optimize(new RoundedUniforms());
        float[] g = buffer.Gradients.ToArray();
        optimizer.Step(Token);
        double[] rowMax = [.. Enumerable.Range(0, 5)
            .Select(row => Enumerable.Range(0, 20).Max(column => Math.Abs((double)g[(row * 20) + column])))];
        double[] columnMax = [.. Enumerable.Range(0, 20)
            .Select(column => Enumerable.Range(0, 5).Max(row => Math.Abs((double)g[(row * 20) + column])))];
        Same("OfGroup", _ => 1.1 * 1.3);
        Same("OfTensor", _ => 1.1 * 1.3 * 5 / 7);
        Same("OfRow", i => 1.1 * 1.3 * rowMax[i / 20]);
        Same("OfColumn", i => 1.1 * 1.3 * columnMax[i % 20]);

        // Operands rounded before they are multiplied give another product.
        Assert.NotEqual((float)(1.1 * 1.3 * 5 / 7), 1.1f * 1.3f * 5 / 7);

        void Same(string state, Func<int, double> uniform)
            => Sample.Same([.. g.Select((x, i) => (float)uniform(i) * x)], optimizer.State[state]);
    }

    private static void Fill(ParameterBuffer<double> buffer)
    {
        for (int i = 0; i < buffer.Count; i++)
        {
            buffer.Gradients[i] = ((i * 7919L % 10_007) - 5003) / 977.0 * (1 + (i * 31 % 13));
        }
    }

    /// <summary>The sum of a run that begins at a place of its tensor.</summary>
    private static double Sum(double[] values, int start, int count, int place, bool leftToRight = false, bool lanesLeftToRight = false)
    {
        var blocks = new List<double>();
        for (int i = 0; i < count;)
        {
            var lanes = new double[Lanes];
            for (int block = (place + i) / Block; i < count && (place + i) / Block == block; i++)
            {
                lanes[(place + i) % Lanes] += values[start + i];
            }

            blocks.Add(lanesLeftToRight ? lanes.Aggregate((a, b) => a + b) : Halve([.. lanes]));
        }

        Assert.True(blocks.Count >= 3, blocks.Count.ToString(CultureInfo.InvariantCulture));
        return leftToRight ? blocks.Aggregate((a, b) => a + b) : Halve(blocks);
    }

    /// <summary>Adds the second half to the first, which of an odd number is the longer one, until one is left.</summary>
    private static double Halve(List<double> parts)
    {
        while (parts.Count > 1)
        {
            int half = (parts.Count + 1) / 2;
            for (int i = half; i < parts.Count; i++)
            {
                parts[i - half] += parts[i];
            }

            parts.RemoveRange(half, parts.Count - half);
        }

        return parts[0];
    }
}
