using OptDsl.Rules;
using OptDsl.Testing;

namespace OptDsl.Models.Tests;

public class DescentTests
{
    /// <summary>Catches a run that steps once more or less than asked, and a loss that belongs to another point.</summary>
    [Fact]
    public void It_ends_after_the_steps_or_at_the_tolerance()
    {
        using Problem one = new();
        DescentResult result = Descent.Run(one, one.Optimizer, new() { Iterations = 10 },
            cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((DescentOutcome.Iterations, 10), (result.Outcome, result.End.Iteration));
        Assert.Equal(one.ComputeLoss(one.Parameters), result.End.Loss);
        Assert.Equal(11, one.Evaluations);

        // x falls by a tenth a step from 1: x^2 / 2 is within 1e-3 from step 30 on.
        using Problem other = new();
        result = Descent.Run(other, other.Optimizer, new() { Iterations = 1000, LossTolerance = 1e-3 },
            cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((DescentOutcome.Tolerance, 30), (result.Outcome, result.End.Iteration));
        using Problem patient = new();
        result = Descent.Run(patient, patient.Optimizer, new() { Iterations = 1000, LossTolerance = 1e-3, Patience = 5 },
            cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(34, result.End.Iteration);
    }

    [Fact]
    public void It_measures_at_the_start_now_and_then_and_at_the_end_once_each()
    {
        using Problem problem = new();
        var measured = new List<DescentPoint>();
        Descent.Run(problem, problem.Optimizer, new() { Iterations = 10, MeasureEvery = 5 }, measured.Add,
            TestContext.Current.CancellationToken);
        Assert.Equal([0, 5, 10], measured.Select(point => point.Iteration));
        measured.Clear();
        Descent.Run(problem, problem.Optimizer, new() { Iterations = 17, MeasureEvery = 5 }, measured.Add,
            TestContext.Current.CancellationToken);
        Assert.Equal([10, 15, 17], measured.Select(point => point.Iteration));
        Assert.Equal(problem.ComputeLoss(problem.Parameters), measured[^1].Loss);
    }

    /// <summary>Catches cancellation that throws the state away, and a checkpoint of another step than the parameters'.</summary>
    [Fact]
    public void Cancelled_it_hands_back_the_state_and_leaves_a_checkpoint_to_go_on_from()
    {
        using var sandbox = new Sandbox();
        string path = sandbox.In("run.safetensors");
        using Problem whole = new(), stopped = new(), resumed = new();
        Descent.Run(whole, whole.Optimizer, new() { Iterations = 40 }, cancellation: TestContext.Current.CancellationToken);

        using var source = new CancellationTokenSource();
        DescentResult result = Descent.Run(
            stopped, stopped.Optimizer, new() { Iterations = 40, MeasureEvery = 1, CheckpointPath = path, CheckpointEvery = 7 },
            point => Cancel(point.Iteration == 23, source), source.Token);
        Assert.Equal((DescentOutcome.Cancelled, 24), (result.Outcome, result.End.Iteration));
        Assert.Equal(stopped.ComputeLoss(stopped.Parameters), result.End.Loss);

        resumed.Optimizer.Load(path);
        Assert.Equal(24, resumed.Optimizer.StepCount);
        result = Descent.Run(resumed, resumed.Optimizer, new() { Iterations = 40, CheckpointPath = path },
            cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((DescentOutcome.Iterations, 40), (result.Outcome, result.End.Iteration));
        Assert.Equal(whole.Parameters.ReadOnlyValues.ToArray(), resumed.Parameters.ReadOnlyValues.ToArray());

        using Problem ended = new();
        ended.Optimizer.Load(path);
        Assert.Equal(whole.Parameters.ReadOnlyValues.ToArray(), ended.Parameters.ReadOnlyValues.ToArray());
    }

    [Fact]
    public void A_loss_that_is_not_finite_ends_it_before_a_step()
    {
        using Problem problem = new() { Breaks = 5 };
        DescentResult result = Descent.Run(problem, problem.Optimizer, new() { Iterations = 40 },
            cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((DescentOutcome.NotFinite, 4), (result.Outcome, result.End.Iteration));
        Assert.Equal(4, problem.Optimizer.StepCount);
        Assert.All(problem.Parameters.ReadOnlyValues.ToArray(), value => Assert.True(double.IsFinite(value)));
    }

    [Fact]
    public void Settings_out_of_range_are_named_before_anything_is_evaluated()
    {
        using Problem problem = new();
        foreach ((string name, DescentSettings settings) in new (string, DescentSettings)[]
        {
            ("Iterations", new() { Iterations = -1 }),
            ("Patience", new() { Iterations = 1, Patience = 0 }),
            ("MeasureEvery", new() { Iterations = 1, MeasureEvery = -1 }),
            ("CheckpointEvery", new() { Iterations = 1, CheckpointEvery = -1 }),
            ("LossTolerance", new() { Iterations = 1, LossTolerance = double.NaN }),
        })
        {
            Assert.Equal(name,
                Assert.Throws<ArgumentOutOfRangeException>(() =>
                    Descent.Run(problem, problem.Optimizer, settings, cancellation: TestContext.Current.CancellationToken)).ParamName);
        }

        Assert.Equal(0, problem.Evaluations);
    }

    private static void Cancel(bool now, CancellationTokenSource source)
    {
        if (now)
        {
            source.Cancel();
        }
    }

    /// <summary>x^2 / 2 in three parameters, from 1, by momentum without memory at rate .1.</summary>
    private sealed class Problem : ILossModel<double>, IDisposable
    {
        internal Problem()
        {
            Parameters.Add("x", [3]);
            Parameters.Values[0] = 1;
            Optimizer = Parameters.Optimize(new Momentum(0.1, Decay: 0));
        }

        internal ParameterBuffer<double> Parameters { get; } = new();

        internal Optimizer<double, Momentum> Optimizer { get; }

        /// <summary>The evaluation whose loss is not a number; none if 0.</summary>
        internal int Breaks { get; init; }

        internal int Evaluations { get; private set; }

        public double ComputeLoss(ParameterBuffer<double> parameters) => parameters.ReadOnlyValues.ToArray().Sum(x => x * x / 2);

        public double ComputeGradient(ParameterBuffer<double> parameters)
        {
            Evaluations++;
            parameters.ReadOnlyValues.CopyTo(parameters.Gradients);
            return Evaluations == Breaks ? double.NaN : ComputeLoss(parameters);
        }

        public void Dispose() => Parameters.Dispose();
    }
}
