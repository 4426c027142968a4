using OptDsl.Rules;
using OptDsl.Schedules;

namespace OptDsl.Models.Tests.Steps;

/// <summary>Methods with a memory of their own go on from a file, or from what they say of themselves, with the same bits.</summary>
public sealed class SavedStepsTests : IDisposable
{
    private readonly string path = Path.Combine(Path.GetTempPath(), $"optdsl-steps-{Guid.NewGuid():N}.safetensors");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        File.Delete(path);
        File.Delete(path + ".previous");
    }

    /// <summary>
    /// A pair, the last gradient, the scale or the direction that is forgotten changes the next direction. With a full history, too.
    /// </summary>
    [Theory]
    [InlineData(1, true, 100)]
    [InlineData(4, true, 100)]
    [InlineData(7, true, 2)]
    [InlineData(4, false, 3)]
    public void L_BFGS_goes_on_with_the_same_bits(int before, bool search, int history)
    {
        var settings = new LbfgsSettings(Rate: search ? 1 : 0.1, StrongWolfe: search, History: history);
        var loss = new Valley();
        using ParameterBuffer<double> whole = Start(), stopped = Start(), resumed = Start();
        LimitedMemoryBfgs<double> one = new(whole, settings), two = new(stopped, settings), three = new(resumed, settings);
        one.Run(loss, before, cancellation: Token);
        two.Run(loss, before, cancellation: Token);
        two.Save(path, Token);

        // It has gone another way before.
        resumed.Values[0] = 5;
        three.Run(loss, 3, cancellation: Token);
        three.Load(path);
        Assert.Equal(two.TotalEvaluations, three.TotalEvaluations);
        for (int run = 0; run < 3; run++)
        {
            Assert.Equal(one.Run(loss, 2, cancellation: Token), three.Run(loss, 2, cancellation: Token));
            Assert.Equal(whole.Values.ToArray(), resumed.Values.ToArray());
        }

        Assert.Equal(one.TotalEvaluations, three.TotalEvaluations);
    }

    /// <summary>In the middle of a run, by whoever is told of its progress: the rest makes the same steps.</summary>
    [Fact]
    public void L_BFGS_can_be_saved_in_the_middle_of_a_run()
    {
        var loss = new Valley();
        using ParameterBuffer<double> whole = Start(), resumed = Start();
        var method = new LimitedMemoryBfgs<double>(whole);
        method.Run(loss, 9, evaluations: 1000, new Saving(report => SaveAt(report, method)), Token);
        var other = new LimitedMemoryBfgs<double>(resumed);
        other.Load(path);
        other.Run(loss, 5, evaluations: 1000, cancellation: Token);
        Assert.Equal(whole.Values.ToArray(), resumed.Values.ToArray());
    }

    [Fact]
    public void A_file_that_is_not_its_own_or_has_too_many_pairs_is_refused_and_nothing_is_changed()
    {
        var loss = new Valley();
        using ParameterBuffer<double> parameters = Start();
        var method = new LimitedMemoryBfgs<double>(parameters);
        method.Run(loss, 6, cancellation: Token);
        method.Save(path, Token);
        using ParameterBuffer<double> others = Start();
        double[] before = others.Values.ToArray();
        CheckpointException many = Assert.Throws<CheckpointException>(() =>
            new LimitedMemoryBfgs<double>(others, new LbfgsSettings(History: 2)).Load(path));
        Assert.Contains("lbfgs/changes", many.Message, StringComparison.Ordinal);
        Assert.Throws<CheckpointException>(() => others.Optimize(new Sgd()).Load(path));
        others.Optimize(new Sgd()).Save(path, Token);
        Assert.Throws<CheckpointException>(() => new LimitedMemoryBfgs<double>(others).Load(path));
        Assert.Equal(before, others.Values.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_rate_of_a_search_is_all_that_Newton_and_preconditioned_steps_keep(bool newton)
    {
        using Bowl<double> whole = new([1, 30], [2, -1]), resumed = new([1, 30], [2, -1]);
        (Func<Bowl<double>, StepReport> step, Func<double> rate, Action<double> set) one = Make(whole), two = Make(resumed);
        Assert.True(double.IsNaN(one.rate()));
        one.step(whole);
        whole.Values.CopyTo(resumed.Parameters.Values);
        two.set(one.rate());
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(one.step(whole).Rate, two.step(resumed).Rate);
            Assert.Equal(whole.Values, resumed.Values);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => two.set(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => two.set(double.PositiveInfinity));

        (Func<Bowl<double>, StepReport>, Func<double>, Action<double>) Make(Bowl<double> bowl)
        {
            var search = new ArmijoSearch { InitialRate = 8 };
            if (newton)
            {
                var method = new NewtonStep<double>(bowl.Parameters, new NewtonSettings { Search = search, Damping = 1 });
                return (loss => method.Step(loss, Token), () => method.SearchRate, value => method.SearchRate = value);
            }

            var descent = new PreconditionedDescent<double>(bowl.Parameters, [0.1, 0.01], search);
            return (loss => descent.Step(loss, Token), () => descent.SearchRate, value => descent.SearchRate = value);
        }
    }

    /// <summary>A schedule that measuring feeds goes into the descent's own checkpoints.</summary>
    [Fact]
    public void A_descent_takes_its_schedule_along()
    {
        double[] whole = Descend(12, load: false);
        Descend(5, load: false);
        Assert.Equal(whole, Descend(12, load: true));

        double[] Descend(int iterations, bool load)
        {
            using var bowl = new Bowl<double>([1, 3], [2, -1]);
            Optimizer<double, Sgd> sgd = bowl.Parameters.Optimize(new Sgd(0.9));
            var plateau = new PlateauRate(0.9, factor: 0.5, patience: 0, threshold: 0.9);
            var settings = new DescentSettings
            {
                Iterations = iterations,
                MeasureEvery = 2,
                CheckpointPath = path,
                CheckpointBeside = new Dictionary<string, ICheckpointed> { ["rate"] = plateau }
            };
            if (load)
            {
                sgd.Load(path, settings.CheckpointBeside);
            }

            Descent.Run(bowl, sgd, settings, point => sgd.Rule = new Sgd(plateau.Observe(point.Loss)), Token);
            Assert.True(plateau.Rate < 0.9);
            return bowl.Values;
        }
    }

    private void SaveAt(LbfgsReport report, LimitedMemoryBfgs<double> method)
    {
        if (report.Iterations == 4)
        {
            method.Save(path, Token);
        }
    }

    private static ParameterBuffer<double> Start()
    {
        var parameters = new ParameterBuffer<double>();
        parameters.Add("x", [2]);
        parameters.Add("y", [1]);
        (parameters.Values[0], parameters.Values[1], parameters.Values[2]) = (-1.2, 1, 0.5);
        return parameters;
    }

    /// <summary>Rosenbrock's valley and a bowl.</summary>
    private sealed class Valley : ILossModel<double>
    {
        public double ComputeLoss(ParameterBuffer<double> parameters)
        {
            (double x, double y, double z) = (parameters.Values[0], parameters.Values[1], parameters.Values[2]);
            return (100 * (y - (x * x)) * (y - (x * x))) + ((1 - x) * (1 - x)) + (z * z * (1 + (x * x)));
        }

        public double ComputeGradient(ParameterBuffer<double> parameters)
        {
            (double x, double y, double z) = (parameters.Values[0], parameters.Values[1], parameters.Values[2]);
            parameters.Gradients[0] = (-400 * x * (y - (x * x))) - (2 * (1 - x)) + (2 * x * z * z);
            parameters.Gradients[1] = 200 * (y - (x * x));
            parameters.Gradients[2] = 2 * z * (1 + (x * x));
            return ComputeLoss(parameters);
        }
    }

    private sealed class Saving(Action<LbfgsReport> act) : IProgress<LbfgsReport>
    {
        public void Report(LbfgsReport value) => act(value);
    }
}
