using Xunit;

namespace OptDsl.Runtime.Tests.Passes;

/// <summary>Gradients at another point: sharpness-aware minimisation against its text, and evaluations that fail.</summary>
public sealed class SharpnessTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void It_is_the_published_algorithm()
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>();
        Optimizer<double, Sharpness> optimizer = buffer.Optimize(new Sharpness());
        double[] p = buffer.Values.ToArray(), v = new double[p.Length], trace = new double[p.Length];
        for (int step = 1; step <= 5; step++)
        {
            double[] g = Array.ConvertAll(Enumerable.Range(0, p.Length).ToArray(), i => Slope(i, p[i]));
            double norm = Math.Sqrt(g.Sum(x => x * x)) + 1e-12;
            for (int i = 0; i < p.Length; i++)
            {
                double sharp = Slope(i, p[i] + (0.05 / norm * g[i]));
                v[i] = (0.9 * v[i]) + sharp;
                trace[i] = (0.5 * trace[i]) + g[i];
                p[i] -= (0.1 * v[i]) + (1e-3 * step * trace[i]);
            }

            Assert.True(optimizer.Step(() => Evaluate(buffer), Token));
            Sample.Near(p, buffer.Values, 1e-13);
            Sample.Near(v, optimizer.State["Velocity"], 1e-13);
            Assert.Equal((step, 2 * step), (optimizer.StepCount, optimizer.EvaluationCount));
        }
    }

    /// <summary>
    /// The evaluation sees the point in the parameters; afterwards the gradients are those at the parameters, not at the point.
    /// </summary>
    [Fact]
    public void The_evaluation_sees_the_point_and_parameters_and_gradients_are_put_back()
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>();
        Optimizer<double, Sharpness> optimizer = buffer.Optimize(new Sharpness(LearningRate: 0, Rho: 1));
        double[] before = buffer.Values.ToArray();
        List<double[]> seen = [], gradients = [];
        optimizer.Step(
            () =>
            {
                seen.Add(buffer.Values.ToArray());
                double loss = Evaluate(buffer);
                gradients.Add(buffer.Gradients.ToArray());
                return loss;
            },
            Token);
        Assert.Equal(2, seen.Count);
        Sample.Same(before, seen[0]);
        double norm = Math.Sqrt(gradients[0].Sum(x => x * x));
        Sample.Near(Array.ConvertAll(Enumerable.Range(0, before.Length).ToArray(), i => before[i] + (gradients[0][i] / norm)), seen[1],
            1e-12);
        Sample.Same<double>(gradients[0], buffer.Gradients);
        Sample.Near(before, buffer.Values, 0.01);
    }

    /// <summary>A state stored before the second evaluation, or a point left in the parameters, shows.</summary>
    [Theory]
    [InlineData(0, false, false)]
    [InlineData(1, false, false)]
    [InlineData(0, true, false)]
    [InlineData(1, true, false)]
    [InlineData(0, false, true)]
    [InlineData(1, false, true)]
    public void An_evaluation_that_fails_leaves_every_bit_and_the_next_step_is_as_if_it_had_not_been(int failing, bool isNaN,
        bool byDeclaration)
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>(), other = Sample.Mixed<double>();
        Optimizer<double, Sharpness> optimizer = buffer.Optimize(new Sharpness()), calm = other.Optimize(new Sharpness());
        optimizer.Step(() => Evaluate(buffer), Token);
        calm.Step(() => Evaluate(other), Token);
        double[] values = buffer.Values.ToArray(), velocity = optimizer.State["Velocity"].ToArray(),
            trace = optimizer.State["Trace"].ToArray();
        int call = 0;
        double Fail()
        {
            double loss = Evaluate(buffer);
            return call++ != failing ? loss : isNaN ? double.NaN : throw new TimeoutException("mine");
        }

        Action step = byDeclaration ? () => optimizer.StepReference(Fail, Token) : () => optimizer.Step(Fail, Token);
        if (isNaN)
        {
            Assert.Contains("Step 2", Assert.Throws<ArithmeticException>(step).Message, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal("mine", Assert.Throws<TimeoutException>(step).Message);
        }

        Assert.Equal(failing + 1, call);
        Assert.Equal(1, optimizer.StepCount);
        Sample.Same<double>(values, buffer.Values);
        Sample.Same(velocity, optimizer.State["Velocity"]);
        Sample.Same(trace, optimizer.State["Trace"]);
        Assert.Equal(1, optimizer.Snapshot().GetUniformState("x", "Rounds"));
        optimizer.Step(() => Evaluate(buffer), Token);
        calm.Step(() => Evaluate(other), Token);
        Sample.Same<double>(other.Values, buffer.Values);
        Sample.Same(calm.State["Velocity"], optimizer.State["Velocity"]);
        Assert.Equal(2, optimizer.Snapshot().GetUniformState("x", "Rounds"));
    }

    [Fact]
    public void A_step_without_an_evaluation_says_what_to_do()
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>();
        Optimizer<double, Sharpness> optimizer = buffer.Optimize(new Sharpness());
        foreach (Action step in (Action[])[() => optimizer.Step(Token), () => optimizer.Step(1.0, Token),
            () => optimizer.StepReference(Token)])
        {
            string message = Assert.Throws<InvalidOperationException>(step).Message;
            Assert.Contains("'sharp'", message, StringComparison.Ordinal);
            Assert.Contains("Step with a function", message, StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentNullException>(() => optimizer.Step((Func<double>)null!, Token));
        Assert.Equal(0, optimizer.StepCount);
    }

    [Fact]
    public void Cancellation_is_observed_before_and_after_the_loss_is_evaluated()
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>();
        Optimizer<double, Sharpness> optimizer = buffer.Optimize(new Sharpness());
        double[] before = buffer.Values.ToArray();
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => optimizer.Step(
            () =>
            {
                source.Cancel();
                return Evaluate(buffer);
            },
            source.Token));
        Assert.Equal(1, optimizer.EvaluationCount);
        Assert.Throws<OperationCanceledException>(() =>
            optimizer.Step(() => throw new InvalidOperationException("evaluated"), source.Token));
        Assert.Equal(0, optimizer.StepCount);
        Sample.Same<double>(before, buffer.Values);
    }

    /// <summary>The second gradient is read in the pass that writes: looked at only there, it has spoilt parameters and states.</summary>
    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void A_second_gradient_that_is_not_finite_is_named_and_nothing_is_written(double bad)
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>();
        Optimizer<double, Sharpness> optimizer = buffer.Optimize(new Sharpness());
        optimizer.Step(() => Evaluate(buffer), Token);
        double[] values = buffer.Values.ToArray(), trace = optimizer.State["Trace"].ToArray();
        NonFiniteException error = Assert.Throws<NonFiniteException>(() => optimizer.Step(Second(buffer, bad), Token));
        Assert.Equal(("gradient", "b", 3, 2), (error.Quantity, error.Tensor, error.Index, error.Step));
        Assert.Contains("Nothing was written", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, optimizer.StepCount);
        Sample.Same<double>(values, buffer.Values);
        Sample.Same(trace, optimizer.State["Trace"]);
    }

    [Fact]
    public void A_second_gradient_that_is_not_finite_is_refused_where_that_is_asked_for()
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>(), other = Sample.Mixed<double>();
        Optimizer<double, Sharpness> optimizer = buffer.Optimize(new Sharpness(),
            new OptimizerOptions { OnNonFinite = OnNonFinite.Refuse, RefusalLimit = 2 });
        Optimizer<double, Sharpness> calm = other.Optimize(new Sharpness());
        double[] values = buffer.Values.ToArray();
        Assert.False(optimizer.Step(Second(buffer, double.NaN), Token));
        Assert.False(optimizer.StepReference(Second(buffer, double.NaN), Token));
        Assert.Equal((0, 2), (optimizer.StepCount, optimizer.RefusedCount));
        Sample.Same<double>(values, buffer.Values);
        NonFiniteException error = Assert.Throws<NonFiniteException>(() => optimizer.Step(Second(buffer, double.NaN), Token));
        Assert.Equal(("b", 3), (error.Tensor, error.Index));
        Assert.True(optimizer.Step(() => Evaluate(buffer), Token));
        calm.Step(() => Evaluate(other), Token);
        Sample.Same<double>(other.Values, buffer.Values);
        Assert.False(optimizer.Step(Second(buffer, double.NaN), Token));
    }

    /// <summary>Points of one member are one, whatever the inputs are called; the loss's evaluation is the third.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Two_points_are_two_evaluations_each_at_its_own(bool byDeclaration, bool observing)
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>();
        Optimizer<double, Midpoints> optimizer = buffer.Optimize(new Midpoints());
        optimizer.Observing = observing;
        double[] p = buffer.Values.ToArray(), v = new double[p.Length];
        for (int step = 1; step <= 3; step++)
        {
            double[] before = [.. p];
            for (int i = 0; i < p.Length; i++)
            {
                double gradient = Slope(i, p[i]), first = Slope(i, p[i] - (0.05 * gradient)), second = Slope(i, p[i] - (0.05 * first));
                v[i] = (0.5 * v[i]) + gradient;
                p[i] -= 0.1 * ((v[i] + (3 * first) + second) / 5);
            }

            Assert.True(byDeclaration ? optimizer.StepReference(() => Evaluate(buffer), Token)
                : optimizer.Step(() => Evaluate(buffer), Token));
            Sample.Near(p, buffer.Values, 1e-13);
            Assert.Equal(3 * step, optimizer.EvaluationCount);
            if (observing)
            {
                Assert.Equal(v.Max(), optimizer.GetObservation("Velocity").Max, 1e-13);
                Assert.Equal(p.Zip(before, (after, was) => after - was).Min(), optimizer.GetObservation("Update").Min, 1e-13);
            }
        }
    }

    [Fact]
    public void Any_width_and_number_of_threads_makes_the_same_bits()
    {
        using ParameterBuffer<float> one = Sample.Buffer<float>(("a", [70_000], "x"), ("b", [3, 5], "y"));
        using ParameterBuffer<float> two = Sample.Buffer<float>(("a", [70_000], "x"), ("b", [3, 5], "y"));
        Optimizer<float, Sharpness> scalar = one.Optimize(new Sharpness(), new OptimizerOptions { Width = SimdWidth.Scalar }),
            wide = two.Optimize(new Sharpness(), new OptimizerOptions { Threads = 3 });
        for (int step = 0; step < 3; step++)
        {
            scalar.Step(() => Evaluate(one), Token);
            wide.Step(() => Evaluate(two), Token);
        }

        Sample.Same<float>(one.Values, two.Values);
    }

    private static double Slope(int place, double x) => ((1 + (0.01 * place)) * x) + (0.4 * x * x * x);

    private static double Evaluate<T>(ParameterBuffer<T> buffer)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < buffer.Count; i++)
        {
            buffer.Gradients[i] = T.CreateTruncating(Slope(i % 1000, double.CreateTruncating(buffer.Values[i])));
        }

        return 1;
    }

    /// <summary>An evaluation whose second gradient has a bad value.</summary>
    private static Func<double> Second(ParameterBuffer<double> buffer, double bad)
    {
        int call = 0;
        return () =>
        {
            double loss = Evaluate(buffer);
            if (++call == 2)
            {
                buffer["b"].Gradients[3] = bad;
            }

            return loss;
        };
    }
}
