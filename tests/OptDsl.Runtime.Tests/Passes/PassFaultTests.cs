using Xunit;

namespace OptDsl.Runtime.Tests.Passes;

/// <summary>Steps of several passes that cannot be made leave everything as it was.</summary>
public sealed class PassFaultTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A norm spreads one NaN over all parameters; it is looked for before anything is written.</summary>
    [Theory]
    [InlineData(1, double.NaN)]
    [InlineData(3, double.NaN)]
    [InlineData(1, double.PositiveInfinity)]
    public void A_gradient_that_is_not_finite_is_named_before_a_norm_has_spread_it(int threads, double bad)
    {
        using ParameterBuffer<double> buffer = Large();
        Optimizer<double, GlobalClip> optimizer = buffer.Optimize(new GlobalClip(), new OptimizerOptions { Threads = threads });
        optimizer.Step(Token);
        double[] values = buffer.Values.ToArray();
        buffer["late"].Gradients[5] = bad;
        NonFiniteException error = Assert.Throws<NonFiniteException>(() => optimizer.Step(Token));
        Assert.Equal(("gradient", "late", 5, 2), (error.Quantity, error.Tensor, error.Index, error.Step));
        Assert.Contains("Nothing was written", error.Message, StringComparison.Ordinal);
        Sample.Same<double>(values, buffer.Values);
        Assert.Equal(1, optimizer.StepCount);

        // And the fault is forgotten with the step.
        buffer["late"].Gradients[5] = 1;
        Assert.True(optimizer.Step(Token));
        Assert.Equal(2, optimizer.StepCount);
    }

    /// <summary>What the states begin with is made in the first step that is made, not in one that failed.</summary>
    [Fact]
    public void A_first_step_that_failed_was_not_the_first()
    {
        using ParameterBuffer<double> buffer = Large(), other = Large();
        Optimizer<double, TensorBound> optimizer = buffer.Optimize(new TensorBound()), calm = other.Optimize(new TensorBound());
        double[] values = buffer.Values.ToArray();
        buffer.Gradients.Fill(2);
        buffer["matrix"].Gradients.Fill(-100);
        Assert.Throws<ArgumentException>(() => optimizer.Step(Token));
        Sample.Same<double>(values, buffer.Values);
        Assert.Equal(0, optimizer.StepCount);
        buffer.Gradients.Fill(0.5);
        other.Gradients.Fill(0.5);
        for (int step = 0; step < 2; step++)
        {
            optimizer.Step(Token);
            calm.Step(Token);
            Sample.Same<double>(other.Values, buffer.Values);
            Sample.Same(calm.State["Velocity"], optimizer.State["Velocity"]);
            Assert.Equal(calm.Snapshot().GetUniformState("x", "Rounds"), optimizer.Snapshot().GetUniformState("x", "Rounds"));
        }
    }

    /// <summary>Of a norm of the tensor, what is written is the tensor's; the message names the gradient all the same.</summary>
    [Fact]
    public void A_gradient_that_spoils_its_tensor_is_named_and_no_other_tensor_is_spoilt()
    {
        using ParameterBuffer<double> buffer = Large();
        Optimizer<double, TensorClip> optimizer = buffer.Optimize(new TensorClip());
        buffer["matrix"].Gradients[11] = double.NaN;
        NonFiniteException error = Assert.Throws<NonFiniteException>(() => optimizer.Step(Token));
        Assert.Equal(("gradient", "matrix", 11), (error.Quantity, error.Tensor, error.Index));
        Assert.All(buffer["late"].Values.ToArray(), value => Assert.True(double.IsFinite(value)));
    }

    [Fact]
    public void Refused_it_leaves_every_bit_and_the_reductions_of_the_next_step()
    {
        using ParameterBuffer<double> buffer = Large(), other = Large();
        Optimizer<double, Factored> optimizer = buffer.Optimize(new Factored(), new OptimizerOptions { OnNonFinite = OnNonFinite.Refuse }),
            calm = other.Optimize(new Factored());
        optimizer.Step(Token);
        calm.Step(Token);
        buffer["matrix"].Gradients[11] = double.NegativeInfinity;
        Assert.False(optimizer.Step(Token));
        Assert.False(optimizer.StepReference(Token));
        Sample.Same<double>(other.Values, buffer.Values);
        buffer["matrix"].Gradients[11] = other["matrix"].Gradients[11];
        optimizer.Step(Token);
        calm.Step(Token);
        Sample.Same<double>(other.Values, buffer.Values);
        Assert.Equal(2, optimizer.RefusedCount);
    }

    /// <summary>The tensor whose bounds are out of order is the last, or a large one: those before it must not have been written.</summary>
    [Theory]
    [InlineData("early", 1)]
    [InlineData("matrix", 1)]
    [InlineData("large", 1)]
    [InlineData("late", 1)]
    [InlineData("late", 3)]
    [InlineData("large", 3)]
    public void Bounds_that_a_tensor_puts_out_of_order_throw_before_anything_is_written(string tensor, int threads)
    {
        Check(new TensorBound(), threads);
        Check(new RowBound(), threads);

        void Check<TRule>(TRule rule, int threads)
            where TRule : class, IUpdateRule<double>
        {
            using ParameterBuffer<double> buffer = Large(), other = Large();
            Optimizer<double, TRule> optimizer = buffer.Optimize(rule, new OptimizerOptions { Threads = threads }),
                calm = other.Optimize(rule);
            buffer.Gradients.Fill(0.5);
            other.Gradients.Fill(0.5);
            optimizer.Step(Token);
            calm.Step(Token);
            buffer[tensor].Gradients.Fill(-100);
            Assert.Contains("lower bound -1", Assert.Throws<ArgumentException>(() => optimizer.Step(Token)).Message,
                StringComparison.Ordinal);
            Assert.Throws<ArgumentException>(() => optimizer.StepReference(Token));
            Assert.Equal(1, optimizer.StepCount);
            Sample.Same<double>(other.Values, buffer.Values);
            Assert.All(optimizer.State.Names, name => Sample.Same(calm.State[name], optimizer.State[name]));

            // The next step is as if it had not been.
            buffer.Gradients.Fill(0.25);
            other.Gradients.Fill(0.25);
            optimizer.Step(Token);
            calm.Step(Token);
            Sample.Same<double>(other.Values, buffer.Values);
        }
    }

    /// <summary>What is computed apart for the sake of checks is used in the sweep, row by row and tensor by tensor.</summary>
    [Theory]
    [InlineData(SimdWidth.Scalar, 1)]
    [InlineData(SimdWidth.Widest, 1)]
    [InlineData(SimdWidth.Bits256, 3)]
    public void Rules_whose_bounds_are_checked_step_as_they_are_declared(SimdWidth width, int threads)
    {
        Check(new TensorBound(Least: -300));
        Check(new RowBound(Least: -300));
        Check(new GlobalBound(Least: -300));
        Check(new LateDivision());

        void Check<TRule>(TRule rule)
            where TRule : class, IUpdateRule<double>
        {
            using ParameterBuffer<double> buffer = Large(), other = Large();
            Optimizer<double, TRule> kernel = buffer.Optimize(rule, new OptimizerOptions { Width = width, Threads = threads }),
                declaration = other.Optimize(rule);
            for (int step = 1; step <= 2; step++)
            {
                kernel.Step(Token);
                declaration.StepReference(Token);
                Sample.Same<double>(other.Values, buffer.Values);
                Assert.All(kernel.State.Names, name => Sample.Same(declaration.State[name], kernel.State[name]));
            }
        }
    }

    [Fact]
    public void Finite_gradients_whose_sum_overflows_are_no_fault()
    {
        using ParameterBuffer<float> buffer = Sample.Mixed<float>();
        buffer.Gradients.Fill(float.MaxValue);
        Optimizer<float, GlobalClip> optimizer = buffer.Optimize(new GlobalClip(Largest: 100));
        float before = buffer.Values[5];
        Assert.True(optimizer.Step(Token));
        Assert.Equal(before - (10 / MathF.Sqrt(193)), buffer.Values[5], 1e-5f);
    }

    [Fact]
    public void Bounds_that_all_gradients_put_out_of_order_throw_before_anything_is_written()
    {
        using ParameterBuffer<double> buffer = Large();
        Optimizer<double, GlobalBound> optimizer = buffer.Optimize(new GlobalBound());
        buffer.Gradients.Fill(0.5);
        optimizer.Step(Token);
        double[] values = buffer.Values.ToArray(), velocity = optimizer.State["Velocity"].ToArray();
        buffer["large"].Gradients.Fill(-100);
        Assert.Throws<ArgumentException>(() => optimizer.Step(Token));
        Sample.Same<double>(values, buffer.Values);
        Sample.Same(velocity, optimizer.State["Velocity"]);
    }

    /// <summary>What fails is needed only after the barrier: a state stored before it would be a step ahead of the parameters.</summary>
    [Fact]
    public void A_division_that_fails_after_a_barrier_leaves_every_bit()
    {
        using ParameterBuffer<double> buffer = Large();
        Optimizer<double, LateDivision> optimizer = buffer.Optimize(new LateDivision());
        optimizer.Step(Token);
        optimizer.Step(Token);
        double[] values = buffer.Values.ToArray(), velocity = optimizer.State["Velocity"].ToArray();
        Assert.Throws<DivideByZeroException>(() => optimizer.Step(Token));
        Assert.Equal(2, optimizer.StepCount);
        Sample.Same<double>(values, buffer.Values);
        Sample.Same(velocity, optimizer.State["Velocity"]);
    }

    private static ParameterBuffer<double> Large()
        => Sample.Buffer<double>(("early", [9], "x"), ("matrix", [4, 7], "y"), ("large", [70_001], "x"), ("number", [], "y"),
            ("late", [3, 11], "x"));
}
