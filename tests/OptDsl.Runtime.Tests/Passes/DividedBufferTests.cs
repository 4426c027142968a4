using OptDsl.Rules;
using Xunit;

namespace OptDsl.Runtime.Tests.Passes;

/// <summary>Several optimizers of one buffer, each of tensors of its own.</summary>
public sealed class DividedBufferTests
{
    private static readonly (string, nint[], string)[] Tensors = [("a", [37], "x"), ("b", [5, 19], "y"), ("c", [], "x"),
        ("d", [3, 4, 5], "x"), ("e", [70_001], "y")];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>
    /// A state read at its tensor's place in the buffer instead of in the state, or a norm over everybody's tensors, shows.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Two_rules_on_disjoint_tensors_are_two_buffers(int threads)
    {
        var options = new OptimizerOptions { Threads = threads };
        using ParameterBuffer<float> buffer = Sample.Buffer<float>(Tensors), first = Sample.Buffer<float>(Tensors[1], Tensors[3]),
            second = Sample.Buffer<float>(Tensors[0], Tensors[2], Tensors[4]);
        ParameterTensor<float>[] firsts = [buffer["b"], buffer["d"]], seconds = [buffer["a"], buffer["c"], buffer["e"]];

        // In any order: the buffer's counts.
        Optimizer<float, TensorClip> clip = buffer.Optimize(new TensorClip(), [firsts[1], firsts[0]], options);
        Optimizer<float, GroupClip> group = buffer.Optimize(new GroupClip(), seconds, options);
        Optimizer<float, TensorClip> clipAlone = first.Optimize(new TensorClip(), options);
        Optimizer<float, GroupClip> groupAlone = second.Optimize(new GroupClip(), options);
        foreach (ParameterTensor<float> tensor in buffer.Tensors)
        {
            Alone(tensor).Values.CopyTo(tensor.Values);
        }

        for (int step = 1; step <= 3; step++)
        {
            Sample.Differentiate(first, step);
            Sample.Differentiate(second, step);
            foreach (ParameterTensor<float> tensor in buffer.Tensors)
            {
                Alone(tensor).Gradients.CopyTo(tensor.Gradients);
            }

            Assert.True(clip.Step(Token) & group.Step(Token) & clipAlone.Step(Token) & groupAlone.Step(Token));
            foreach (ParameterTensor<float> tensor in buffer.Tensors)
            {
                Sample.Same<float>(Alone(tensor).Values, tensor.Values);
            }

            Sample.Same(clipAlone.State["Velocity"], clip.State["Velocity"]);
            Sample.Same(clipAlone.State["Velocity", first["d"]], clip.State["Velocity", buffer["d"]]);
        }

        Assert.Equal(155, clip.State["Velocity"].Length);
        Assert.Contains("not stepped by this optimizer",
            Assert.Throws<ArgumentException>(() => clip.State["Velocity", buffer["a"]].Length).Message, StringComparison.Ordinal);
        Assert.Equal(["x", "y"], clip.Groups.Keys.Order());

        ParameterTensor<float> Alone(ParameterTensor<float> tensor) => firsts.Contains(tensor) ? first[tensor.Name] : second[tensor.Name];
    }

    [Fact]
    public void Tensors_that_do_not_fit_are_refused_by_name()
    {
        using ParameterBuffer<double> buffer = Sample.Buffer<double>(Tensors), stranger = Sample.Buffer<double>(Tensors);
        buffer.Optimize(new Sgd(), [buffer["b"]]);
        Assert.Contains("'a' belongs to another buffer", Refused(stranger["a"]), StringComparison.Ordinal);
        Assert.Contains("'a' is given twice", Refused(buffer["a"], buffer["a"]), StringComparison.Ordinal);
        Assert.Contains("'b' is stepped by another optimizer", Refused(buffer["a"], buffer["b"]), StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => buffer.Optimize(new Sgd(), (IEnumerable<ParameterTensor<double>>)null!));
        Assert.Throws<ArgumentException>(() => buffer.Optimize(new Sgd(), [buffer["a"], null!]));

        // What was refused has taken nothing.
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Optimize(new Adam(Beta1: 2), [buffer["a"]]));
        Assert.True(buffer.Optimize(new Sgd(), [buffer["a"]]).Step(Token));

        string Refused(params ParameterTensor<double>[] tensors)
            => Assert.Throws<ArgumentException>(() => buffer.Optimize(new Sgd(), tensors)).Message;
    }

    [Theory]
    [InlineData(OnNonFinite.Throw)]
    [InlineData(OnNonFinite.Refuse)]
    public void A_gradient_of_anothers_that_is_not_finite_does_not_matter(OnNonFinite onNonFinite)
    {
        using ParameterBuffer<double> buffer = Sample.Buffer<double>(Tensors);
        var options = new OptimizerOptions { OnNonFinite = onNonFinite };
        buffer["c"].Gradients[0] = double.NaN;
        Optimizer<double, GlobalClip> clip = buffer.Optimize(new GlobalClip(), [buffer["b"], buffer["d"]], options);
        Optimizer<double, Momentum> momentum = buffer.Optimize(new Momentum(), [buffer["a"], buffer["e"]], options);
        Assert.True(clip.Step(Token) & momentum.Step(Token));
        Assert.Equal(0, clip.RefusedCount + momentum.RefusedCount);
    }

    [Fact]
    public void A_part_is_restored_to_go_on_with_the_same_bits_and_not_to_another_part()
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>();
        Optimizer<double, TensorClip> one = buffer.Optimize(new TensorClip(), [buffer["b"], buffer["d"]]),
            two = buffer.Optimize(new TensorClip(), [buffer["a"]]);
        one.Step(Token);
        OptimizerSnapshot<double> snapshot = one.Snapshot();
        double[] values = buffer.Values.ToArray();
        one.Step(Token);
        double[] after = buffer.Values.ToArray();
        values.CopyTo(buffer.Values);
        one.Restore(snapshot);
        one.Step(Token);
        Sample.Same<double>(after, buffer.Values);
        Assert.Throws<ArgumentException>(() => two.Restore(snapshot));
        Assert.Equal(0, two.StepCount);
    }

    [Fact]
    public void Draws_are_those_of_one_optimizer_over_all()
    {
        Check(new Noisy());
        Check(new Scopes());

        // A group's first tensor may be another optimizer's.
        static void Check<TRule>(TRule rule)
            where TRule : class, IUpdateRule<double>
        {
            using ParameterBuffer<double> divided = Sample.Mixed<double>(), whole = Sample.Mixed<double>();
            var options = new OptimizerOptions { Seed = 77 };
            Optimizer<double, TRule> all = whole.Optimize(rule, options);
            Optimizer<double, TRule>[] parts = [divided.Optimize(rule, [divided["b"], divided["d"]], options),
                divided.Optimize(rule, [divided["a"], divided["c"]], options)];
            for (int step = 1; step <= 3; step++)
            {
                all.Step(Token);
                Assert.True(step == 2 ? parts[0].StepReference(Token) & parts[1].Step(Token) : parts[0].Step(Token) & parts[1].Step(Token));
                Sample.Same<double>(whole.Values, divided.Values);
            }
        }
    }
}
