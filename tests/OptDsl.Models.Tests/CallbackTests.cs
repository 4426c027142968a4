using OptDsl.Models.Tests.Steps;
using OptDsl.Rules;

namespace OptDsl.Models.Tests;

/// <summary>What a loss, a target and whoever is told of progress may do to what evaluates them.</summary>
public class CallbackTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, int> Steps
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (string kind in (string[])["line search", "newton", "preconditioned", "L-BFGS", "descent"])
            {
                foreach (int evaluation in (int[])[1, 2])
                {
                    cases.Add(kind, evaluation);
                }
            }

            return cases;
        }
    }

    /// <summary>A line that begins within another one has the wrong origin, and released parameters are written to.</summary>
    [Theory]
    [MemberData(nameof(Steps))]
    public void A_loss_that_steps_or_disposes_is_refused_and_the_parameters_are_put_back(string kind, int evaluation)
    {
        using var bowl = new Bowl<double>([1, 3], [2, -1]);
        var loss = new Hooked(bowl);
        Action step = Make(kind, bowl.Parameters, loss);
        foreach (Action act in (Action[])[bowl.Parameters.Dispose, () => bowl.Parameters.Optimize(new Sgd()).Step(Token),
            () => { loss.Before = null; step(); }])
        {
            if (kind == "descent" && act.Target is not ParameterBuffer<double> && evaluation == 2)
            {
                continue;
            }

            double[] before = bowl.Values;
            int call = 0;
            loss.Before = () =>
            {
                if (++call == evaluation)
                {
                    act();
                }
            };
            InvalidOperationException thrown = Assert.ThrowsAny<InvalidOperationException>(step);
            Assert.IsNotType<ObjectDisposedException>(thrown);
            if (kind != "descent")
            {
                Assert.Equal(before, bowl.Values);
            }
        }

        loss.Before = null;
        step();
        Assert.True(bowl.ComputeLoss(bowl.Parameters) < 3.5);
    }

    [Fact]
    public void What_the_loss_throws_leaves_the_parameters_where_the_direction_begins()
    {
        using var bowl = new Bowl<double>([1, 3], [2, -1]);
        var loss = new Hooked(bowl);
        var method = new LimitedMemoryBfgs<double>(bowl.Parameters);
        int call = 0;
        loss.Before = () => _ = ++call == 2 ? throw new TimeoutException() : call;
        Assert.Throws<TimeoutException>(() => method.Run(loss, cancellation: Token));
        Assert.Equal([2, -1], bowl.Values);
    }

    [Fact]
    public void Progress_of_a_run_cannot_begin_another()
    {
        using var bowl = new Bowl<double>([1, 3], [2, -1]);
        var method = new LimitedMemoryBfgs<double>(bowl.Parameters);
        var progress = new Told<LbfgsReport>(() => method.Run(bowl, cancellation: Token));
        Assert.Contains("a run is in progress",
            Assert.Throws<InvalidOperationException>(() => method.Run(bowl, progress: progress, cancellation: Token)).Message,
                StringComparison.Ordinal);
        Assert.NotEqual(LbfgsOutcome.NotFinite, method.Run(bowl, cancellation: Token).Outcome);
    }

    /// <summary>Evaluated on the sampler's own threads: a disposal there would wait for the thread it runs on.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_target_that_disposes_or_runs_or_loads_its_sampler_is_refused(int threads)
    {
        var options = new SamplerOptions { Chains = 6, WarmUp = 2, Draws = 3, Seed = 5, Threads = threads };
        UnadjustedSampler<double, Langevin>? sampler = null;
        Action? act = null;
        var target = Target.FromPotential<double>(2, (position, gradient) =>
        {
            act?.Invoke();
            position.CopyTo(gradient);
            return (position[0] * position[0] / 2) + (position[1] * position[1] / 2);
        });
        using (sampler = new UnadjustedSampler<double, Langevin>(target, new Langevin(0.1), options))
        {
            foreach (Action each in (Action[])[sampler.Dispose, () => sampler.Run(cancellation: Token), () => sampler.Load("none"),
                () => sampler.Optimizer.Step(Token), sampler.Optimizer.Parameters.Dispose])
            {
                act = each;
                InvalidOperationException thrown = Assert.ThrowsAny<InvalidOperationException>(() => sampler.Run(cancellation: Token));
                Assert.IsNotType<ObjectDisposedException>(thrown);
            }

            act = null;
            Assert.True(sampler.Run(cancellation: Token).IsComplete);
        }

        Assert.Throws<ObjectDisposedException>(() => sampler.Run(cancellation: Token));
    }

    [Fact]
    public void Whoever_is_told_of_a_samplers_progress_cannot_run_or_load_it()
    {
        using var sampler = new UnadjustedSampler<double, Langevin>(SamplerTests.Normal<double>(2), new Langevin(),
            new SamplerOptions { Chains = 2, Draws = 3 });
        foreach (Action each in (Action[])[() => sampler.Run(cancellation: Token), () => sampler.Load("none")])
        {
            Assert.Throws<InvalidOperationException>(() => sampler.Run(new Told<SamplingProgress>(each), Token));
        }

        Assert.True(sampler.Run(cancellation: Token).IsComplete);
    }

    private static Action Make(string kind, ParameterBuffer<double> parameters, Hooked loss)
    {
        switch (kind)
        {
            case "line search":
                var search = new LineSearch<double, Sgd>(parameters.Optimize(new Sgd()), new ArmijoSearch(),
                    (rule, rate) => rule with { LearningRate = rate });
                return () => search.Step(loss, Token);
            case "newton":
                var newton = new NewtonStep<double>(parameters, new NewtonSettings { Search = new ArmijoSearch() });
                return () => newton.Step(loss, Token);
            case "preconditioned":
                var descent = new PreconditionedDescent<double>(parameters, [0.5, 0.5], new ArmijoSearch());
                return () => descent.Step(loss, Token);
            case "L-BFGS":
                var method = new LimitedMemoryBfgs<double>(parameters);
                return () => method.Run(loss, cancellation: Token);
            default:
                Optimizer<double, Sgd> sgd = parameters.Optimize(new Sgd());
                return () => Descent.Run(loss, sgd, new DescentSettings { Iterations = sgd.StepCount + 3 }, cancellation: Token);
        }
    }

    /// <summary>A bowl with a hook before each evaluation, of the Hessian too.</summary>
    private sealed class Hooked(Bowl<double> bowl) : IHessian<double>
    {
        internal Action? Before { get; set; }

        public double ComputeLoss(ParameterBuffer<double> parameters)
        {
            Before?.Invoke();
            return bowl.ComputeLoss(parameters);
        }

        public double ComputeGradient(ParameterBuffer<double> parameters)
        {
            Before?.Invoke();
            return bowl.ComputeGradient(parameters);
        }

        public void ComputeHessian(ParameterBuffer<double> parameters, Span<double> hessian)
        {
            Before?.Invoke();
            bowl.ComputeHessian(parameters, hessian);
        }
    }

    private sealed class Told<TReport>(Action act) : IProgress<TReport>
    {
        public void Report(TReport value) => act();
    }
}
