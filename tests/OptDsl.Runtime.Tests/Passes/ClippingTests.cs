using Xunit;

namespace OptDsl.Runtime.Tests.Passes;

/// <summary>Reductions over tensors, groups and all, of many tensors and a large one.</summary>
public sealed class ClippingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<SimdWidth, int> Ways => new()
    {
        { SimdWidth.Scalar, 1 }, { SimdWidth.Bits128, 2 }, { SimdWidth.Bits256, 3 }, { SimdWidth.Bits512, 3 }, { SimdWidth.Widest, 2 },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_thousand_tensors_and_a_large_one_have_the_same_bits_on_any_width_and_threads(SimdWidth width, int threads)
    {
        Check(new GlobalClip());
        Check(new TensorClip());
        Check(new GroupClip());
        Check(new Factored());

        void Check<TRule>(TRule rule)
            where TRule : class, IUpdateRule<float>
        {
            using ParameterBuffer<float> buffer = Many(), other = Many();
            Optimizer<float, TRule> one = buffer.Optimize(rule, new OptimizerOptions { Threads = 1 }),
                two = other.Optimize(rule, new OptimizerOptions { Width = width, Threads = threads });
            for (int step = 1; step <= 2; step++)
            {
                Sample.Differentiate(buffer, step);
                Sample.Differentiate(other, step);
                one.Step(Token);
                two.Step(Token);
                Sample.Same<float>(buffer.Values, other.Values);
            }
        }
    }

    [Fact]
    public void Each_tensor_is_clipped_by_its_own_norm()
    {
        using ParameterBuffer<float> buffer = Many();
        buffer["t7"].Gradients.Fill(1e-3f);
        float[] before = buffer.Values.ToArray();
        buffer.Optimize(new TensorClip(), new OptimizerOptions { Threads = 3 }).Step(Token);
        foreach (ParameterTensor<float> tensor in buffer.Tensors)
        {
            double norm = Math.Sqrt(tensor.Gradients.ToArray().Sum(gradient => (double)gradient * gradient));
            double scale = Math.Min(1, 1 / (norm + 1e-6));
            for (int i = 0; i < tensor.Length; i++)
            {
                Assert.Equal(before[tensor.Offset + i] - (0.1 * scale * tensor.Gradients[i]), tensor.Values[i], 2e-7);
            }
        }
    }

    /// <summary>
    /// Groups of other rule values: a norm over all taken for the group's, or one group's bound used for the other, shows.
    /// </summary>
    [Fact]
    public void A_group_is_clipped_by_its_own_norm_and_bound_and_the_whole_by_one_norm()
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>(), other = Sample.Mixed<double>();
        Optimizer<double, GroupClip> group = buffer.Optimize(new GroupClip());
        Optimizer<double, GlobalClip> global = other.Optimize(new GlobalClip());
        group.Groups["y"].Rule = new GroupClip(0.5, 3);
        global.Groups["y"].Rule = new GlobalClip(0.5, 3);
        double[] before = buffer.Values.ToArray(), gradients = buffer.Gradients.ToArray();
        group.Step(Token);
        global.Step(Token);
        double all = Norm(gradients);
        foreach (ParameterTensor<double> tensor in buffer.Tensors)
        {
            double[] mine = [.. buffer.Tensors.Where(peer => peer.Group == tensor.Group).SelectMany(peer => peer.Gradients.ToArray())];
            (double rate, double largest) = tensor.Group == "y" ? (0.5, 3.0) : (0.1, 1.0);
            for (int i = 0; i < tensor.Length; i++)
            {
                (double was, double gradient) = (before[tensor.Offset + i], tensor.Gradients[i]);
                Assert.Equal(was - (rate * Math.Min(1, largest / (Norm(mine) + 1e-6)) * (gradient - mine.Average())), tensor.Values[i],
                    1e-13);
                Assert.Equal(was - (rate * Math.Min(1, largest / (all + 1e-6)) * gradient), other.Values[tensor.Offset + i], 1e-13);
            }
        }

        static double Norm(double[] values) => Math.Sqrt(values.Sum(value => value * value));
    }

    [Fact]
    public void A_buffer_without_tensors_can_be_stepped_read_and_watched()
    {
        foreach (int threads in (int[])[1, 3])
        {
            using var buffer = new ParameterBuffer<double>();
            var options = new OptimizerOptions { Threads = threads };
            Assert.True(buffer.Optimize(new GlobalClip(), options).Step(Token));
            Assert.True(buffer.Optimize(new TensorClip(), options).Step(Token));
            Assert.True(buffer.Optimize(new Factored(), options).StepReference(Token));
            Assert.True(buffer.Optimize(new Noisy(), options).Step(Token));
            Optimizer<double, Sharpness> sharpness = buffer.Optimize(new Sharpness(), options);
            Assert.True(sharpness.Step(() => 1, Token));
            Assert.Equal(2, sharpness.EvaluationCount);
            Optimizer<double, Accelerated> accelerated = buffer.Optimize(new Accelerated(), options);
            accelerated.Step(Token);
            accelerated.Read([]);
            Optimizer<double, Started> started = buffer.Optimize(new Started(), options);
            Assert.Equal(0, started.ComputeSearchDirection([]));
        }
    }

    /// <summary>One element: a tail alone, whose lanes beyond it must not count. A number has no shape.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_element_is_its_own_norm_row_and_column(bool isNumber)
    {
        using ParameterBuffer<double> buffer = Sample.Buffer<double>(("only", isNumber ? [] : [1], "x")),
            other = Sample.Buffer<double>(("only", isNumber ? [] : [1], "x"));
        (buffer.Values[0], buffer.Gradients[0]) = (2, -3);
        buffer.Optimize(new TensorClip()).Step(Token);
        Assert.Equal(2 + (0.1 * 3 / (3 + 1e-6)), buffer.Values[0], 1e-15);
        (buffer.Values[0], other.Values[0], other.Gradients[0]) = (2, 2, -3);
        Optimizer<double, Factored> factored = buffer.Optimize(new Factored()), reference = other.Optimize(new Factored());
        for (int step = 0; step < 3; step++)
        {
            factored.Step(Token);
            reference.StepReference(Token);
            Sample.Same<double>(other.Values, buffer.Values);
        }

        Assert.Equal(9, Assert.Single(factored.Snapshot().GetTensorState("only", "RowTrace").ToArray()));
    }

    private static ParameterBuffer<float> Many()
        => Sample.Buffer<float>(
            [.. Enumerable.Range(0, 1000)
                .Select(i => ($"t{i}", i % 4 == 0 ? new nint[] { 2, 1 + (i % 13) } : [1 + (i % 37)], i % 3 == 0 ? "x" : "y")),
                ("large", [300_000], "x")]);
}
