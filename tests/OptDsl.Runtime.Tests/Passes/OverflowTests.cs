#pragma warning disable OPT3005 // It divides by parameters that the tests choose.
using OptDsl.Rules;
using Xunit;

namespace OptDsl.Runtime.Tests.Passes;

/// <summary>Sums of squares of finite gradients that overflow: the step says so by name, and writes nothing where it has not yet.</summary>
public class OverflowTests
{
    // Its square is infinite in double.
    private const double Huge = 1e160;

    /// <summary>Each of these once skipped the step in silence, or stood still ever after.</summary>
    [Fact]
    public void A_reduction_that_overflows_is_named_and_nothing_is_written()
    {
        Check(new ClippedSgd(), "Squares", "all tensors");
        Check(new GroupRmsProp(), "SquareSum", "group 'default'");

        // Its energy begins with the first sum, which is known before anything is stored.
        Check(new NovoGrad(), "Squares", "tensor 'b'");
    }

    /// <summary>A tensor goes through all passes while it is in the cache, and a pass that reduces may store a state.</summary>
    [Fact]
    public void Where_something_is_stored_before_the_step_is_made_and_then_says_so()
    {
        CheckMade(new TensorClippedSgd(), "Squares", "b");
        CheckMade(new DistanceOverGradients(), "GradientSquares", "");
    }

    /// <summary>The declaration's step is always made before it is looked at.</summary>
    [Fact]
    public void The_declaration_names_the_reduction_too()
    {
        using ParameterBuffer<double> parameters = Begin();
        parameters.Gradients.Fill(Huge);
        Optimizer<double, ClippedSgd> optimizer = parameters.Optimize(new ClippedSgd());
        var thrown = Assert.Throws<NonFiniteException>(() => optimizer.StepReference(TestContext.Current.CancellationToken));
        Assert.Equal(("Squares", ""), (thrown.Quantity, thrown.Tensor));
        Assert.Contains("The step was made with it", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(1, optimizer.StepCount);
    }

    [Fact]
    public void A_float_buffer_sums_in_double_and_does_not_overflow()
    {
        using var parameters = new ParameterBuffer<float>();
        parameters.Add("a", [3]);
        parameters.Gradients.Fill(1e30f);
        Optimizer<float, ClippedSgd> optimizer = parameters.Optimize(new ClippedSgd(LearningRate: 1));
        optimizer.Step(TestContext.Current.CancellationToken);
        Assert.All(parameters.Values.ToArray(), value => Assert.Equal(-1 / Math.Sqrt(3), value, 1e-6));
    }

    [Fact]
    public void A_row_or_column_is_named_by_its_number()
    {
        using var parameters = new ParameterBuffer<double>();
        ParameterTensor<double> tensor = parameters.Add("w", [3, 4]);
        tensor.Gradients[(2 * 4) + 1] = Huge;
        var thrown = Assert.Throws<NonFiniteException>(() => parameters.Optimize(new RowScaled())
            .Step(TestContext.Current.CancellationToken));
        Assert.Equal(("Square", "w", 2), (thrown.Quantity, thrown.Tensor, thrown.Index));
        Assert.Contains("row 2 of tensor 'w' is ", thrown.Message, StringComparison.Ordinal);
        thrown = Assert.Throws<NonFiniteException>(() => parameters.Optimize(new ColumnScaled())
            .Step(TestContext.Current.CancellationToken));
        Assert.Equal(("Square", "w", 1), (thrown.Quantity, thrown.Tensor, thrown.Index));
    }

    [Fact]
    public void A_state_of_one_value_that_is_infinite_is_noticed_like_a_parameter()
    {
        using var parameters = new ParameterBuffer<double>();
        parameters.Add("w", [5]);
        Optimizer<double, LossTotal> optimizer = parameters.Optimize(new LossTotal());
        optimizer.Step(1, TestContext.Current.CancellationToken);
        var thrown = Assert.Throws<NonFiniteException>(() => optimizer.Step(Huge, TestContext.Current.CancellationToken));
        Assert.Equal(("Total", "", double.PositiveInfinity), (thrown.Quantity, thrown.Tensor, thrown.Value));
        Assert.Contains("group 'default'", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_infinite_minimum_is_the_authors_to_mean_and_NaN_is_not()
    {
        using var parameters = new ParameterBuffer<double>();
        parameters.Add("w", [5]);
        parameters.Values.Fill(3);
        Optimizer<double, LeastGradient> optimizer = parameters.Optimize(new LeastGradient());
        optimizer.Step(TestContext.Current.CancellationToken);
        Assert.Equal(3, parameters.Values[0]);
        parameters.Values[4] = 0;
        var thrown = Assert.Throws<NonFiniteException>(() => parameters.Optimize(new LeastRatio())
            .Step(TestContext.Current.CancellationToken));
        Assert.Equal("Least", thrown.Quantity);
    }

    [Fact]
    public void Who_ignores_what_is_not_finite_is_not_told()
    {
        using var parameters = new ParameterBuffer<double>();
        parameters.Add("w", [5]);
        parameters.Gradients.Fill(Huge);
        parameters.Optimize(new ClippedSgd(), new OptimizerOptions { OnNonFinite = OnNonFinite.Ignore })
            .Step(TestContext.Current.CancellationToken);
        Assert.Equal(0, parameters.Values[0]);
    }

    /// <summary>A direction is written tensor after tensor: that of the first is there when the second one's reduction is known.</summary>
    [Fact]
    public void A_direction_of_which_parts_were_written_says_so()
    {
        using ParameterBuffer<double> parameters = Begin();
        parameters.Gradients.Fill(1);
        parameters.Gradients[5] = Huge;
        Optimizer<double, TensorSearched> optimizer = parameters.Optimize(new TensorSearched());
        double[] direction = new double[parameters.Count];
        var thrown = Assert.Throws<NonFiniteException>(() => optimizer.ComputeSearchDirection(direction));
        Assert.Equal(("Squares", "b"), (thrown.Quantity, thrown.Tensor));
        Assert.Contains("No state was written, but elements of the destination were", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(0.25, direction[0]);
        parameters.Gradients.Fill(1);
        Assert.Equal(4, optimizer.ComputeSearchDirection(direction) * 2, 1e-12);
    }

    /// <summary>
    /// What is finite in double among uniform values and stored in float as infinite is noticed, though the update made of it is finite.
    /// </summary>
    [Fact]
    public void A_uniform_value_that_overflows_in_a_float_state_is_noticed()
    {
        using var parameters = new ParameterBuffer<float>();
        parameters.Add("a", [3]);
        parameters.Gradients.Fill(2e38f);
        Optimizer<float, Cancelling> optimizer = parameters.Optimize(new Cancelling());
        var thrown = Assert.Throws<NonFiniteException>(() => optimizer.Step(TestContext.Current.CancellationToken));
        Assert.Equal(("Kept", float.PositiveInfinity), (thrown.Quantity, (float)thrown.Value));
    }

    private static void Check<TRule>(TRule rule, string quantity, string where)
        where TRule : class, IUpdateRule<double>
    {
        using ParameterBuffer<double> met = Begin(), spared = Begin();
        Optimizer<double, TRule> optimizer = met.Optimize(rule), other = spared.Optimize(rule);
        met.Gradients.Fill(1);
        met.Gradients[5] = Huge;
        double[] before = met.Values.ToArray();
        var thrown = Assert.Throws<NonFiniteException>(() => optimizer.Step(TestContext.Current.CancellationToken));
        Assert.Equal((quantity, double.PositiveInfinity), (thrown.Quantity, thrown.Value));
        Assert.Contains(where, thrown.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was written", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(before, met.Values.ToArray());
        Assert.Equal(0, optimizer.StepCount);

        // The next steps are those of an optimizer that never met it, and they move.
        for (int step = 0; step < 3; step++)
        {
            met.Gradients.Fill(0.5);
            spared.Gradients.Fill(0.5);
            optimizer.Step(TestContext.Current.CancellationToken);
            other.Step(TestContext.Current.CancellationToken);
        }

        Assert.Equal(spared.Values.ToArray(), met.Values.ToArray());
        Assert.NotEqual(Begin().Values.ToArray(), met.Values.ToArray());
    }

    private static void CheckMade<TRule>(TRule rule, string quantity, string tensor)
        where TRule : class, IUpdateRule<double>
    {
        using ParameterBuffer<double> parameters = Begin();
        parameters.Gradients.Fill(1);
        parameters.Gradients[5] = Huge;
        Optimizer<double, TRule> optimizer = parameters.Optimize(rule);
        OptimizerSnapshot<double> before = optimizer.Snapshot();
        double[] values = parameters.Values.ToArray();
        var thrown = Assert.Throws<NonFiniteException>(() => optimizer.Step(TestContext.Current.CancellationToken));
        Assert.Equal((quantity, tensor, double.PositiveInfinity), (thrown.Quantity, thrown.Tensor, thrown.Value));
        Assert.Contains("The step was made with it", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(1, optimizer.StepCount);

        // As the message says: what was kept is put back, and the run goes on.
        values.CopyTo(parameters.Values);
        optimizer.Restore(before);
        parameters.Gradients.Fill(0.5);
        optimizer.Step(TestContext.Current.CancellationToken);
        Assert.All(parameters.Values.ToArray(), value => Assert.True(value < 0.25));
    }

    private static ParameterBuffer<double> Begin()
    {
        var parameters = new ParameterBuffer<double>();
        parameters.Add("a", [4]);
        parameters.Add("b", [9]);
        parameters.Values.Fill(0.25);
        return parameters;
    }

    /// <summary>Means of squares are finite in double, and divided by as float they would hold every parameter still.</summary>
    [Theory]
    [InlineData(1e20f)]
    [InlineData(1e37f)]
    public void What_a_row_and_a_column_make_is_named_where_it_is_infinite_in_float(float size)
    {
        using var buffer = new ParameterBuffer<float>();
        buffer.Add("w", [7, 5]);
        buffer.Values.Fill(1);
        buffer.Gradients.Fill(size);
        NonFiniteException past = Assert.Throws<NonFiniteException>(() => buffer.Optimize(new Adafactor())
            .Step(TestContext.Current.CancellationToken));
        Assert.Contains("of tensor 'w' is ", past.Message, StringComparison.Ordinal);
        Assert.Contains("which is infinite in float, and parameters read it in float", past.Message, StringComparison.Ordinal);
        Assert.Equal("w", past.Tensor);
        Assert.True(double.IsFinite(past.Value) && past.Value > float.MaxValue);

        // What is computed in double and finite in float is no fault, and neither is a buffer of double.
        buffer.Values.Fill(1);
        Assert.True(buffer.Optimize(new RowScaled()).Step(TestContext.Current.CancellationToken));
        Assert.InRange(buffer.Values[0], 0.89f, 0.91f);
        using var wide = new ParameterBuffer<double>();
        wide.Add("w", [7, 5]);
        wide.Gradients.Fill(size);
        Assert.True(wide.Optimize(new Adafactor()).Step(TestContext.Current.CancellationToken));
    }
}

#pragma warning disable OPT1016, OPT1018 // A state that is one number, and parameters that it replaces.
[Optimizer]
internal sealed partial record Cancelling
{
    [Reduce(Reduction.Sum)]
    static double Total(double gradient) => gradient;

    [State]
    static double Kept(double gradient, double total) => total;

    [Update]
    static double Update(double total, double kept) => (1.5 - total) + kept;
}
#pragma warning restore OPT1016, OPT1018

[Optimizer]
internal sealed partial record TensorSearched(double LearningRate = 0.1)
{
    [Reduce(Reduction.Sum)]
    static double Squares(double gradient) => gradient * gradient;

    [SearchDirection]
    static double Direction(double gradient, double squares) => gradient / squares;

    [Update]
    double Update(double parameter, double direction) => parameter - LearningRate * direction;
}

[Optimizer]
internal sealed partial record RowScaled(double LearningRate = 0.1)
{
    [Reduce(Reduction.Mean, Scope = Scope.Row)]
    static double Square(double gradient) => gradient * gradient;

    [Update]
    double Update(double parameter, double gradient, double square) => parameter - LearningRate * gradient / (1 + Math.Sqrt(square));
}

[Optimizer]
internal sealed partial record ColumnScaled(double LearningRate = 0.1)
{
    [Reduce(Reduction.Sum, Scope = Scope.Column)]
    static double Square(double gradient) => gradient * gradient;

    [Update]
    double Update(double parameter, double gradient, double square) => parameter - LearningRate * gradient / (1 + Math.Sqrt(square));
}

[Optimizer]
internal sealed partial record LossTotal(double LearningRate = 0.1)
{
    [State]
    static double Total(double loss, double previousTotal) => previousTotal + loss * loss;

    [Update]
    double Update(double parameter, double gradient, double total) => parameter - LearningRate * gradient / (1 + total);
}

[Optimizer]
internal sealed partial record LeastGradient(double LearningRate = 0.1)
{
    [Reduce(Reduction.Min, Scope = Scope.Tensor)]
    static double Least(double gradient) => gradient != 0 ? Math.Abs(gradient) : double.PositiveInfinity;

    [Update]
    double Update(double parameter, double gradient, double least) => parameter - LearningRate * gradient / least;
}

[Optimizer]
internal sealed partial record LeastRatio(double LearningRate = 0.1)
{
    [Reduce(Reduction.Min, Scope = Scope.Tensor)]
    static double Least(double parameter, double gradient) => gradient / parameter;

    [Update]
    double Update(double parameter, double gradient, double least) => least > 1 ? parameter - LearningRate * gradient : parameter;
}
