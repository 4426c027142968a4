using OptDsl.Runtime.Tests.Passes;
using Xunit;

namespace OptDsl.Runtime.Tests.Optimizers;

/// <summary>
/// So many tensors that looking through all of them for each takes hours: that these end is the test. And sizes that are more than an int,
/// of memory that is never touched.
/// </summary>
public sealed unsafe class ManyTensorsTests
{
    private const int Count = 200_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whatever_takes_tensors_or_groups_takes_each_once(bool ownGroups)
    {
        using var buffer = new ParameterBuffer<float>();
        for (int i = 0; i < Count; i++)
        {
            buffer.Add($"t{i}", [1], ownGroups ? $"g{i}" : "g");
        }

        buffer.Gradients.Fill(1);
        Optimizer<float, GroupMomentum> optimizer = buffer.Optimize(new GroupMomentum(), buffer.Tensors);
        Assert.True(optimizer.Step(Token));
        Assert.True(optimizer.StepReference(Token));
        optimizer.Restore(optimizer.Snapshot());
        float sum = 0;
        foreach (ParameterTensor<float> tensor in buffer.Tensors)
        {
            sum += optimizer.State["Velocity", tensor][0];
            optimizer.Groups[tensor.Group].Rule = null;
        }

        Assert.NotEqual(0, sum);
    }

    [Fact]
    public void Inputs_of_single_tensors_are_set_each_at_its_place()
    {
        using var buffer = new ParameterBuffer<float>();
        for (int i = 0; i < Count; i++)
        {
            buffer.Add($"t{i}", [1]);
        }

        Optimizer<float, Given> optimizer = buffer.Optimize(new Given());
        foreach (ParameterTensor<float> tensor in buffer.Tensors)
        {
            optimizer.SetTensorInput("energy", tensor, tensor.Offset);
        }

        optimizer.Step(0.0, Token);
        Assert.Equal([.. Enumerable.Range(0, Count).Select(i => (float)-i)], buffer.Values.ToArray());
    }

    [Fact]
    public void Many_optimizers_of_a_tensor_each_can_be_bound()
    {
        using var buffer = new ParameterBuffer<float>();
        const int Optimizers = 20_000;
        for (int i = 0; i < Optimizers; i++)
        {
            buffer.Add($"t{i}", [1]);
        }

        foreach (ParameterTensor<float> tensor in buffer.Tensors)
        {
            Assert.True(buffer.Optimize(new OptDsl.Rules.Sgd(), [tensor]).Step(Token));
        }
    }

    /// <summary>1.1e9 floats, and two or four numbers for each: the product is more than an int, or wraps to none at all.</summary>
    [Theory]
    [InlineData(1_100_000_000)]
    [InlineData(1 << 30)]
    [InlineData(2_000_000_000)]
    public void States_of_more_numbers_than_fit_in_one_piece_are_refused_by_number(int length)
    {
        using ParameterBuffer<float> buffer = Untouched(length);
        buffer.Add("w", [length]);
        ArgumentOutOfRangeException thrown = Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Optimize(new OptDsl.Rules.Adam()));
        Assert.Contains($"each of {length} parameters", thrown.Message, StringComparison.Ordinal);
        Assert.Contains($"at most {int.MaxValue - (1 << 20)}", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("Bind several optimizers", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1 << 30)]
    [InlineData(2, 1 << 29)]
    [InlineData(3, 700_000_000)]
    public void Values_of_columns_of_more_numbers_than_fit_in_one_piece_are_refused_by_number(int rows, int columns)
    {
        using ParameterBuffer<float> buffer = Untouched(rows * columns);
        buffer.Add("w", [rows, columns]);
        ArgumentOutOfRangeException thrown = Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Optimize(new EightColumnValues()));
        Assert.Contains($"of each of {columns} columns of tensor 'w'", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_buffer_ends_before_numbers_rounded_up_are_more_than_an_int()
    {
        const int Most = int.MaxValue - (1 << 20);
        Assert.Equal(Most + 1,
            Assert.Throws<ArgumentOutOfRangeException>(() =>
                ParameterBuffer<float>.Adopt((float*)4096, (float*)(1L << 40), Most + 1)).ActualValue);
        using ParameterBuffer<float> buffer = Untouched(Most);
        buffer.Add("w", [Most]);
        Assert.Equal(Most, buffer.Optimize(new OptDsl.Rules.Sgd()).Tensors[0].Length);
        using var own = new ParameterBuffer<float>();
        Assert.Contains($"more than {Most} elements", Assert.Throws<ArgumentOutOfRangeException>(() => own.Add("w", [Most + 1])).Message,
            StringComparison.Ordinal);
    }

    /// <summary>Addresses that nothing is at: binding does not look there.</summary>
    private static ParameterBuffer<float> Untouched(int length) => ParameterBuffer<float>.Adopt((float*)4096, (float*)(1L << 40), length);
}

/// <summary>Momentum of gradients that are divided by what their group and all have.</summary>
[Optimizer]
internal sealed partial record GroupMomentum(double LearningRate = 0.1)
{
    [Reduce(Reduction.Sum, Scope = Scope.Group)]
    static double Squares(double gradient) => gradient * gradient;

    [Reduce(Reduction.Mean, Scope = Scope.Global)]
    static double Mean(double gradient) => gradient;

    [State]
    static double Velocity(double previousVelocity, double gradient, double squares, double mean)
    => 0.5 * previousVelocity + gradient / (1 + squares + mean * mean);

    [Update]
    double Update(double parameter, double velocity) => parameter - LearningRate * velocity;
}

/// <summary>Eight values of a column.</summary>
[Optimizer]
internal sealed partial record EightColumnValues
{
    [Reduce(Reduction.Sum, Scope = Scope.Column)]
    static double A(double gradient) => gradient;

    [Reduce(Reduction.Max, Scope = Scope.Column)]
    static double B(double gradient) => gradient;

    [Reduce(Reduction.Min, Scope = Scope.Column)]
    static double C(double gradient) => gradient;

    [Reduce(Reduction.Sum, Scope = Scope.Column)]
    static double D(double gradient) => gradient * gradient;

    [Reduce(Reduction.Max, Scope = Scope.Column)]
    static double E(double parameter) => parameter;

    [Reduce(Reduction.Min, Scope = Scope.Column)]
    static double F(double parameter) => parameter;

    [Reduce(Reduction.Sum, Scope = Scope.Column)]
    static double G(double parameter) => parameter;

    [Reduce(Reduction.Sum, Scope = Scope.Column)]
    static double H(double parameter) => parameter * parameter;

    [Update]
    static double Update(double parameter, double a, double b, double c, double d, double e, double f, double g, double h)
        => parameter - 1e-3 * (a + b + c + d + e + f + g + h);
}
