using System.Numerics;
using OptDsl.Rules;
using Xunit;

namespace OptDsl.Runtime.Tests.Passes;

/// <summary>Gradients at any number of points: at one barrier, one after another, and of one point under several names.</summary>
public sealed class PointTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Where only the first of two points is evaluated, the other is taken for a gradient.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Two_points_known_at_once_are_both_evaluated(bool byDeclaration)
    {
        using ParameterBuffer<double> buffer = Sample.Buffer<double>(("x", [3], "g"));
        buffer.Values.Fill(1);
        int calls = 0;
        Optimizer<double, Difference> optimizer = buffer.Optimize(new Difference());
        double Evaluate()
        {
            for (int i = 0; i < buffer.Count; i++)
            {
                buffer.Gradients[i] = ++calls <= buffer.Count ? 1 : 10 * buffer.Values[i];
            }

            return 0;
        }

        _ = byDeclaration ? optimizer.StepReference(Evaluate, Token) : optimizer.Step(Evaluate, Token);
        Sample.Same([0.0, 0, 0], buffer.Values);
        Assert.Equal((3, 9), (optimizer.EvaluationCount, calls));
    }

    [Fact]
    public void A_point_may_depend_on_the_gradient_at_another()
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>();
        Optimizer<double, RungeKutta> optimizer = buffer.Optimize(new RungeKutta());
        double[] p = buffer.Values.ToArray();
        for (int step = 1; step <= 3; step++)
        {
            for (int i = 0; i < p.Length; i++)
            {
                double first = Slope(i, p[i]), second = Slope(i, p[i] - (0.05 * first)), third = Slope(i, p[i] - (0.05 * second)),
                    fourth = Slope(i, p[i] - (0.1 * third));
                p[i] -= 0.1 * (first + (2 * second) + (2 * third) + fourth) / 6;
            }

            optimizer.Step(() => Evaluate(buffer), Token);
            Sample.Near(p, buffer.Values, 1e-14);
            Assert.Equal(4 * step, optimizer.EvaluationCount);
        }
    }

    /// <summary>
    /// Near and Far are known before any barrier, Scaled after a reduction, Beyond after the gradient at Near; Again is Near's value. The
    /// fifth evaluation is the loss's. Points taken in another order, or twice, are seen.
    /// </summary>
    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 2)]
    [InlineData(true, 1)]
    public void Kernel_and_declaration_take_the_same_points_in_the_same_order(bool byDeclaration, int threads)
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>();
        Optimizer<double, ManyPoints> optimizer = buffer.Optimize(new ManyPoints(), new OptimizerOptions { Threads = threads });
        double[] p = buffer.Values.ToArray(), trace = new double[p.Length];
        for (int step = 1; step <= 3; step++)
        {
            List<double[]> seen = [];
            double Watch()
            {
                seen.Add(buffer.Values.ToArray());
                return Evaluate(buffer);
            }

            _ = byDeclaration ? optimizer.StepReference(Watch, Token) : optimizer.Step(Watch, Token);
            double[] gradient = Slopes(p), near = Moved(p, gradient, _ => 0.05), far = Moved(p, gradient, _ => 0.15), atNear = Slopes(near);
            double[] scaled = Moved(p, gradient, i => 0.05 / (1 + TensorOf(buffer, i).Max(k => Math.Abs(gradient[k])))),
                beyond = Moved(near, atNear, _ => 0.05);
            double[][] points = [p, near, far, beyond, scaled];
            Assert.Equal(points.Length, seen.Count);
            for (int i = 0; i < points.Length; i++)
            {
                Sample.Near(points[i], seen[i], 1e-13);
            }

            double[] atFar = Slopes(far), atBeyond = Slopes(beyond), atScaled = Slopes(scaled);
            for (int i = 0; i < p.Length; i++)
            {
                trace[i] = (0.5 * trace[i]) + (atBeyond[i] * atScaled[i]);
                p[i] -= 0.05 * (trace[i] + atNear[i] - (0.25 * atNear[i]) + (atFar[i] * 0.5) + atNear[i]);
            }

            Sample.Near(p, buffer.Values, 1e-12);
            Assert.Equal(5 * step, optimizer.EvaluationCount);
        }
    }

    [Fact]
    public void Kernel_and_declaration_have_the_same_bits()
    {
        using ParameterBuffer<double> tested = Sample.Mixed<double>(), expected = Sample.Mixed<double>();
        Optimizer<double, ManyPoints> kernel = tested.Optimize(new ManyPoints()), declaration = expected.Optimize(new ManyPoints());
        for (int step = 1; step <= 5; step++)
        {
            kernel.Step(() => Evaluate(tested), Token);
            declaration.StepReference(() => Evaluate(expected), Token);
            Sample.Same<double>(expected.Values, tested.Values);
            Sample.Same(declaration.State["Trace"], kernel.State["Trace"]);
            Assert.Equal(declaration.EvaluationCount, kernel.EvaluationCount);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Threads_and_widths_have_the_same_bits_in_float(int threads)
    {
        using ParameterBuffer<float> one = Large(), two = Large();
        Optimizer<float, ManyPoints> scalar = one.Optimize(new ManyPoints(),
            new OptimizerOptions { Width = SimdWidth.Scalar, Threads = 1 });
        Optimizer<float, ManyPoints> wide = two.Optimize(new ManyPoints(), new OptimizerOptions { Threads = threads });
        for (int step = 1; step <= 3; step++)
        {
            scalar.Step(() => Evaluate(one), Token);
            wide.Step(() => Evaluate(two), Token);
            Assert.Equal((5 * step, 5 * step), (scalar.EvaluationCount, wide.EvaluationCount));
        }

        Sample.Same<float>(one.Values, two.Values);
        Sample.Same(scalar.State["Trace"], wide.State["Trace"]);

        static ParameterBuffer<float> Large() => Sample.Buffer<float>(("a", [70_000], "x"), ("b", [3, 5], "y"), ("c", [30_001], "x"));
    }

    [Fact]
    public void An_evaluation_at_the_second_of_two_points_that_fails_leaves_every_bit()
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>();
        Optimizer<double, ManyPoints> optimizer = buffer.Optimize(new ManyPoints());
        double[] values = buffer.Values.ToArray();
        for (int failing = 1; failing <= 5; failing++)
        {
            int call = 0;
            Assert.Throws<TimeoutException>(() =>
                optimizer.Step(() => ++call == failing ? throw new TimeoutException() : Evaluate(buffer), Token));
            Sample.Same<double>(values, buffer.Values);
            Assert.All(optimizer.State["Trace"].ToArray(), value => Assert.Equal(0, value));
            Assert.Equal((0, 0UL), (optimizer.StepCount, optimizer.Snapshot().Attempts));
        }
    }

    /// <summary>Values and gradients are held in memory of the optimizer's while the loss is evaluated elsewhere.</summary>
    [Fact]
    public void A_step_that_evaluates_at_points_allocates_nothing()
    {
        using ParameterBuffer<float> buffer = Sample.Buffer<float>(("a", [5000], "x"), ("b", [30, 50], "y"));
        Optimizer<float, SharpnessAware> sharp = buffer.Optimize(new SharpnessAware(), new OptimizerOptions { Threads = 1 });
        Optimizer<float, ManyPoints> many = buffer.Optimize(new ManyPoints(), new OptimizerOptions { Threads = 1 });
        Func<double> evaluate = () => Evaluate(buffer);
        CancellationToken token = Token;
        Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run()
        {
            for (int i = 0; i < 3; i++)
            {
                sharp.Step(evaluate, token);
                many.Step(evaluate, token);
            }
        }
    }

    private static double Slope(int place, double x) => ((1 + (0.01 * (place % 50))) * x) + (0.4 * x * x * x);

    private static double[] Slopes(double[] point) => [.. point.Select((x, i) => Slope(i, x))];

    private static double[] Moved(double[] from, double[] gradient, Func<int, double> rate)
        => [.. from.Select((x, i) => x - (rate(i) * gradient[i]))];

    private static IEnumerable<int> TensorOf(ParameterBuffer<double> buffer, int place)
    {
        int start = 0;
        foreach (ParameterTensor<double> tensor in buffer.Tensors)
        {
            if (place < start + tensor.Length)
            {
                return Enumerable.Range(start, tensor.Length);
            }

            start += tensor.Length;
        }

        return [];
    }

    private static double Evaluate<T>(ParameterBuffer<T> buffer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < buffer.Count; i++)
        {
            buffer.Gradients[i] = T.CreateTruncating(Slope(i, double.CreateTruncating(buffer.Values[i])));
        }

        return 1;
    }
}
