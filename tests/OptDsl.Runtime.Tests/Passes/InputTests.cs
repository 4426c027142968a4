using OptDsl.Rules;
using Xunit;

namespace OptDsl.Runtime.Tests.Passes;

/// <summary>What the caller gives beside gradients: numbers of parameters and of tensors, and the loss.</summary>
public sealed class InputTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Two inputs a parameter: one read from the other's buffer, or from a state's, is found.</summary>
    [Fact]
    public void A_step_reads_each_input_where_it_was_filled()
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>();
        Optimizer<double, Given> optimizer = buffer.Optimize(new Given());
        double[] expected = buffer.Values.ToArray();
        for (int i = 0; i < buffer.Count; i++)
        {
            optimizer.GetInput("mask")[i] = i % 3;
        }

        ParameterTensor<double> b = buffer["b"], c = buffer["c"];
        optimizer.GetInput("offset", b).Fill(8);
        optimizer.SetTensorInput("energy", b, 16);
        optimizer.SetTensorInput("energy", c, 32);
        Assert.Equal(37 % 3, optimizer.GetInput("mask", b)[0]);
        Assert.Equal(95, optimizer.GetInput("offset", b).Length);
        optimizer.Step(2.0, Token);
        for (int i = 0; i < buffer.Count; i++)
        {
            bool inB = i is >= 37 and < 132;
            double value = expected[i] - (0.5 * (i % 3 * buffer.Gradients[i])) - (inB ? 8 : 0) - (inB ? 16 : i == 132 ? 32 : 0) - 0.5;
            Assert.Equal(value, buffer.Values[i], 1e-14);
        }
    }

    [Fact]
    public void Inputs_are_zero_until_they_are_filled_and_stay_until_they_are_filled_again()
    {
        using ParameterBuffer<float> buffer = Sample.Mixed<float>();
        Optimizer<float, Given> optimizer = buffer.Optimize(new Given());
        float[] before = buffer.Values.ToArray();
        optimizer.Step(0.0, Token);
        Sample.Same(before, buffer.Values);
        optimizer.GetInput("offset").Fill(0.5f);
        optimizer.Step(0.0, Token);
        optimizer.Step(0.0, Token);
        Assert.Equal(before[7] - 0.5f - 0.5f, buffer.Values[7]);
        Assert.Equal(0.5f, optimizer.GetInput("offset")[7]);
    }

    [Fact]
    public void A_rule_that_reads_the_loss_asks_for_it()
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>();
        Optimizer<double, Given> optimizer = buffer.Optimize(new Given());
        double[] before = buffer.Values.ToArray();
        Assert.Contains("Step(loss)", Assert.Throws<InvalidOperationException>(() => optimizer.Step(Token)).Message,
            StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => optimizer.StepReference(Token));
        Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.Step(double.NaN, Token));
        Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.StepReference(double.NaN, Token));
        Sample.Same<double>(before, buffer.Values);
        Assert.Equal(0, optimizer.StepCount);

        // One that does not read it takes it all the same.
        Assert.True(buffer.Optimize(new Sgd()).Step(1.5, Token));
    }

    [Fact]
    public void The_loss_may_come_from_the_evaluation()
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>(), other = Sample.Mixed<double>();
        Optimizer<double, Given> one = buffer.Optimize(new Given()), two = other.Optimize(new Given());
        one.Step(3.0, Token);
        two.Step(() => 3, Token);
        Sample.Same<double>(buffer.Values, other.Values);
        Assert.Equal((0, 1), (one.EvaluationCount, two.EvaluationCount));
    }

    [Fact]
    public void Unknown_names_are_answered_with_the_known_of_that_sort()
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>(), stranger = Sample.Mixed<double>();
        Optimizer<double, Given> optimizer = buffer.Optimize(new Given());
        Assert.Contains("'mask', 'offset'", Assert.Throws<KeyNotFoundException>(() => optimizer.GetInput("energy").Length).Message,
            StringComparison.Ordinal);
        Assert.Contains("'energy'", Assert.Throws<KeyNotFoundException>(() => optimizer.SetTensorInput("mask", buffer["a"], 1)).Message,
            StringComparison.Ordinal);
        Assert.Contains("none", Assert.Throws<KeyNotFoundException>(() => buffer.Optimize(new Sgd()).GetInput("mask").Length).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => optimizer.GetInput("mask", stranger["a"]).Length);
        Assert.Throws<ArgumentException>(() => optimizer.SetTensorInput("energy", stranger["a"], 1));
    }
}
