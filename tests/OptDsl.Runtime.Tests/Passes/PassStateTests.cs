using OptDsl.Rules;
using Xunit;

namespace OptDsl.Runtime.Tests.Passes;

/// <summary>What rules of several passes carry, and that a step of them allocates nothing.</summary>
public sealed class PassStateTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Conditions for a garbage collection every so many steps: lambdas, arrays of a pass, boxed enumerators.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_step_allocates_nothing(int threads)
    {
        Check(new GlobalClip());
        Check(new TensorClip());
        Check(new GroupClip());
        Check(new Factored());
        Check(new Noisy());
        Check(new Started());
        Check(new Accelerated());
        Check(new Watched(), observing: true);

        void Check<TRule>(TRule rule, bool observing = false)
            where TRule : class, IUpdateRule<float>
        {
            using ParameterBuffer<float> buffer = Sample.Buffer<float>(("a", [37], "x"), ("b", [5, 19], "y"), ("large", [70_000], "x"));
            Optimizer<float, TRule> optimizer = buffer.Optimize(rule, new OptimizerOptions { Threads = threads });
            optimizer.Observing = observing;
            CancellationToken token = Token;
            for (int i = 0; i < 3; i++)
            {
                optimizer.Step(token);
            }

            // The runtime itself allocates once, when it compiles a method again; a step that allocates does so every time.
            long least = long.MaxValue;
            for (int attempt = 0; attempt < 3 && least > 0; attempt++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                for (int i = 0; i < 10; i++)
                {
                    optimizer.Step(token);
                }

                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }

            Assert.True(least == 0, $"{typeof(TRule).Name}: {least} bytes");
        }
    }

    [Fact]
    public void States_of_tensors_rows_and_columns_are_in_the_snapshot()
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>();
        Optimizer<double, Factored> optimizer = buffer.Optimize(new Factored());
        double[] rowTrace = [], columnTrace = new double[19], lastLargest = new double[19];
        double tensorTrace = 2;
        for (int step = 1; step <= 3; step++)
        {
            Sample.Differentiate(buffer, step);
            double[] g = buffer["b"].Gradients.ToArray();
            double[] rowSquare = [.. Enumerable.Range(0, 5).Select(row => g.Skip(row * 19).Take(19).Average(x => x * x))];
            rowTrace = [.. (step == 1 ? rowSquare : rowTrace).Zip(rowSquare, (trace, square) => 0.5 * (trace + square))];
            double[] largest = [.. Enumerable.Range(0, 19)
                .Select(column => Enumerable.Range(0, 5).Max(row => Math.Abs(g[(row * 19) + column])))];
            columnTrace = [.. columnTrace.Select((trace, column) => (0.9 * trace) + largest[column] + (0.1 * lastLargest[column]))];
            lastLargest = largest;
            tensorTrace = (0.5 * tensorTrace) + g.Max(Math.Abs);
            optimizer.Step(Token);
            OptimizerSnapshot<double> snapshot = optimizer.Snapshot();
            Sample.Near(rowTrace, snapshot.GetTensorState("b", "RowTrace"), 1e-14);
            Sample.Near(columnTrace, snapshot.GetTensorState("b", "ColumnTrace"), 1e-14);
            Sample.Near([tensorTrace], snapshot.GetTensorState("b", "TensorTrace"), 1e-14);
        }

        OptimizerSnapshot<double> last = optimizer.Snapshot();
        Assert.Throws<KeyNotFoundException>(() => last.GetTensorState("b", "Velocity").Length);
        Assert.Throws<KeyNotFoundException>(() => last.GetTensorState("z", "RowTrace").Length);
        double[] kept = last.GetTensorState("b", "RowTrace").ToArray();
        optimizer.Step(Token);
        Sample.Same(kept, last.GetTensorState("b", "RowTrace"));
    }

    [Fact]
    public void A_restored_optimizer_goes_on_with_the_same_bits()
    {
        Check(new Factored());
        Check(new TensorClip());
        Check(new Noisy());
        Check(new Started());
        Check(new Accelerated());

        static void Check<TRule>(TRule rule)
            where TRule : class, IUpdateRule<float>
        {
            using ParameterBuffer<float> buffer = Sample.Mixed<float>(), other = Sample.Mixed<float>();
            Optimizer<float, TRule> one = buffer.Optimize(rule), two = other.Optimize(rule);

            // The other has made a step of its own before: nothing of it may stay.
            Sample.Differentiate(other, 9);
            two.Step(Token);
            one.Step(Token);
            Sample.Differentiate(buffer, 2);
            one.Step(Token);
            two.Restore(one.Snapshot());
            buffer.Values.CopyTo(other.Values);
            for (int step = 3; step <= 5; step++)
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
    public void Steps_by_kernel_and_by_declaration_can_follow_each_other()
    {
        using ParameterBuffer<double> buffer = Sample.Mixed<double>(), other = Sample.Mixed<double>();
        Optimizer<double, Factored> mixed = buffer.Optimize(new Factored()), plain = other.Optimize(new Factored());
        for (int step = 1; step <= 6; step++)
        {
            Sample.Differentiate(buffer, step);
            Sample.Differentiate(other, step);
            Assert.True(step % 2 == 0 ? mixed.Step(Token) : mixed.StepReference(Token));
            plain.Step(Token);
            Sample.Same<double>(other.Values, buffer.Values);
        }
    }

    /// <summary>As many parameters, but other rows: the state of one a row would not fit, or fit by halves.</summary>
    [Fact]
    public void A_snapshot_of_a_matrix_of_another_shape_is_refused_and_nothing_is_changed()
    {
        using ParameterBuffer<double> buffer = Sample.Buffer<double>(("m", [4, 6], "x")),
            turned = Sample.Buffer<double>(("m", [6, 4], "x"));
        Optimizer<double, Factored> one = buffer.Optimize(new Factored()), two = turned.Optimize(new Factored());
        one.Step(Token);
        two.Step(Token);
        double[] velocity = two.State["Velocity"].ToArray(), rows = two.Snapshot().GetTensorState("m", "RowTrace").ToArray();
        turned.Gradients.Clear();
        two.Step(Token);
        OptimizerSnapshot<double> before = two.Snapshot();
        Assert.Contains("'m'", Assert.Throws<ArgumentException>(() => two.Restore(one.Snapshot())).Message, StringComparison.Ordinal);
        Sample.Same(before["Velocity"], two.State["Velocity"]);
        Sample.Same(before.GetTensorState("m", "RowTrace"), two.Snapshot().GetTensorState("m", "RowTrace"));
        Assert.Equal(2, two.StepCount);
        Assert.NotEqual(velocity, two.State["Velocity"].ToArray());
        Assert.NotEqual(rows, two.Snapshot().GetTensorState("m", "RowTrace").ToArray());

        // A rule that keeps nothing of rows does not mind.
        Optimizer<double, Momentum> flat = buffer.Optimize(new Momentum()), other = turned.Optimize(new Momentum());
        flat.Step(Token);
        other.Restore(flat.Snapshot());
        Assert.Equal(1, other.StepCount);
    }
}
