using OptDsl.Testing;

namespace OptDsl.Models.Tests;

public class ParallelTemperingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Both_modes_have_their_mass()
    {
        var options = new SamplerOptions { Chains = 40, WarmUp = 1000, Draws = 2000, Thinning = 2, Seed = 6 };
        using var sampler = new ParallelTempering<double>(TemperingProblems.Mixture, options, new() { Levels = 6 },
            TemperingProblems.StartRight);
        double[] draws = sampler.Run(cancellation: Token).Samples!.GetComponent(0), right = [.. draws.Select(x => x > 0 ? 1.0 : 0)],
            squares = [.. draws.Select(x => x * x)];
        Check(right, 0.7);
        Check(squares, 26);
        Check(draws, 2);

        // The mutant's swaps bring the flat levels' positions to the target.
        using var reversed = Reversed(options);
        Assert.InRange(Math.Abs(reversed.Run(cancellation: Token).Samples!.GetComponent(0).Average(x => x * x) - 26), 5,
            double.PositiveInfinity);

        // And by itself the last level's chain finds no second mode.
        using var plain = new MetropolisLangevin<double>(TemperingProblems.Mixture, options, new() { StepSize = 1, Adapts = false },
            TemperingProblems.StartRight);
        Assert.InRange(plain.Run(cancellation: Token).Samples!.GetComponent(0).Average(x => x > 0 ? 1 : 0), 0.95, 1);

        void Check(double[] values, double expected)
        {
            double error = ChainDiagnostics.MeanError(values, options.Chains);
            Assert.InRange(ChainDiagnostics.MeanEss(values, options.Chains), 400, double.PositiveInfinity);
            Assert.InRange(Math.Abs(values.Average() - expected), 0, 4.9 * error);
        }
    }

    [Fact]
    public void Rejections_and_barrier_are_those_of_exponential_potentials()
    {
        // Of a normal density in the plane U is exponential of rate b: neighbours b and b' reject (b' - b) / (b' + b) of their swaps.
        const double Least = 0.1;
        const int Levels = 5;
        var options = new SamplerOptions { Chains = 50, WarmUp = 2000, Draws = 2000, Seed = 11 };
        ITarget<double> normal = Target.FromPotential<double>(2, static (position, gradient) =>
        {
            position.CopyTo(gradient);
            return 0.5 * ((position[0] * position[0]) + (position[1] * position[1]));
        });
        using var sampler = new ParallelTempering<double>(normal, options, new() { Levels = Levels, LeastInverseTemperature = Least });
        Samples<double> samples = sampler.Run(cancellation: Token).Samples!;
        ParallelTemperingReport report = sampler.GetReport();
        double ratio = Math.Pow(Least, 1.0 / (Levels - 1)), rejection = (1 - ratio) / (1 + ratio);
        for (int level = 0; level < Levels - 1; level++)
        {
            Assert.InRange(1 - report.SwapAcceptance.Average(chain => chain[level]), rejection - 0.015, rejection + 0.015);
            Assert.InRange(report.Ladders.Average(ladder => ladder[level] / ladder[level + 1]), ratio - 0.02, ratio + 0.02);
        }

        Assert.InRange(report.Barriers.Average(), (Levels - 1) * (rejection - 0.01), (Levels - 1) * (rejection + 0.01));
        Assert.All(report.Ladders, ladder => Assert.Equal((Least, 1.0), (ladder[0], ladder[^1])));
        Assert.All(report.RoundTrips, trips => Assert.InRange(trips, 50, 2000));

        // The warm-up reaches the acceptance with steps that are smaller the colder the level.
        Assert.InRange(samples.GetStatistic(SampleStatistics.StepSize).ToArray().Average(), 0.5, 4);
        Assert.InRange(report.StepSizes.Average(steps => steps[0] / steps[^1]), 5, 20);
        for (int component = 0; component < 2; component++)
        {
            double[] squares = [.. samples.GetComponent(component).Select(x => x * x)];
            Assert.InRange(Math.Abs(squares.Average() - 1), 0, 4.9 * ChainDiagnostics.MeanError(squares, options.Chains));
        }
    }

    [Fact]
    public void The_adapted_ladder_rejects_evenly_where_a_geometric_one_does_not()
    {
        var options = new SamplerOptions { Chains = 20, WarmUp = 4000, Draws = 1000, Seed = 12 };
        Assert.InRange(Spread(adapts: true), 0, 0.1);
        Assert.InRange(Spread(adapts: false), 0.25, 1);

        double Spread(bool adapts)
        {
            var settings = new ParallelTemperingSettings { Levels = 5, LeastInverseTemperature = 1e-6, AdaptsLadder = adapts };
            using var sampler = new ParallelTempering<double>(Bounded, options, settings);
            sampler.Run(cancellation: Token);
            ParallelTemperingReport report = sampler.GetReport();
            double[] acceptances = [.. Enumerable.Range(0, 4).Select(level => report.SwapAcceptance.Average(chain => chain[level]))];
            return acceptances.Max() - acceptances.Min();
        }
    }

    [Fact]
    public void The_ladder_is_laid_in_rounds_that_double_and_stays_after_the_warm_up()
    {
        Assert.Equal([62, 125, 250, 500, 1000],
            Enumerable.Range(1, 1200).Where(transition => TemperingLadders.EndsRound(transition, 1000)));
        Assert.DoesNotContain(Enumerable.Range(1, 100),
            transition => TemperingLadders.EndsRound(transition, 0) || TemperingLadders.EndsRound(transition, 31));

        var options = new SamplerOptions { Chains = 2, WarmUp = 200, Draws = 50, Seed = 1 };
        using var sampler = new ParallelTempering<double>(TemperingProblems.Mixture, options, new() { Levels = 4 });
        var changes = new List<int>();
        double last = sampler.GetReport().Ladders[1][1], step = 0;
        while (sampler.Transitions < 250)
        {
            using var one = new CancellationTokenSource();
            sampler.Run(new SimulatedTemperingTests.Stop(one), one.Token);
            ParallelTemperingReport report = sampler.GetReport();
            if (report.Ladders[1][1] != last)
            {
                changes.Add(sampler.Transitions);
                last = report.Ladders[1][1];
            }

            Assert.Equal(sampler.Transitions > 201, report.StepSizes[1][2] == step);
            step = report.StepSizes[1][2];
            Assert.Equal(sampler.Transitions <= 201,
                double.IsNaN(report.SwapAcceptance[0][0]) || double.IsNaN(report.SwapAcceptance[0][1]));
        }

        Assert.Equal([50, 100, 200], changes);
    }

    [Fact]
    public void A_resumed_run_has_the_same_draws_ladders_and_counts_and_ensembles_are_their_own()
    {
        var options = new SamplerOptions { Chains = 4, WarmUp = 200, Draws = 300, Seed = 2 };
        ParallelTempering<double> Make(SamplerOptions these) => new(TemperingProblems.Mixture, these, new() { Levels = 4 });
        using var sandbox = new Sandbox();
        string file = sandbox.In("chains.safetensors");
        using ParallelTempering<double> whole = Make(options);
        double[] expected = whole.Run(cancellation: Token).Samples!.Values.ToArray();
        Assert.True(whole.GetReport().RoundTrips.Sum() > 0);
        foreach (int stop in new[] { 33, 120, 200, 201, 333 })
        {
            using ParallelTempering<double> first = Make(options);
            while (first.Transitions < stop)
            {
                using var one = new CancellationTokenSource();
                first.Run(new SimulatedTemperingTests.Stop(one), one.Token);
            }

            first.Save(file);
            using ParallelTempering<double> second = Make(options);
            second.Load(file);
            Assert.Equal(expected, second.Run(cancellation: Token).Samples!.Values);
            Assert.Equivalent(whole.GetReport(), second.GetReport(), strict: true);
        }

        using ParallelTempering<double> part = Make(options with { FirstChain = 2, Chains = 2 });
        Assert.Equal(expected.AsSpan(600).ToArray(), part.Run(cancellation: Token).Samples!.Values);
        Assert.Equal(whole.GetReport().Ladders.Skip(2), part.GetReport().Ladders);
    }

    [Fact]
    public void What_cannot_be_run_is_refused_by_name()
    {
        foreach ((ParallelTemperingSettings wrong, string named) in new[]
        {
            (new ParallelTemperingSettings { Levels = 1 }, "Levels"),
                (new ParallelTemperingSettings { LeastInverseTemperature = 0 }, "LeastInverseTemperature must be between 0 and 1"),
            (new ParallelTemperingSettings { LeastInverseTemperature = 1 }, "LeastInverseTemperature"),
                (new ParallelTemperingSettings { StepSize = double.NaN }, "StepSize"),
            (new ParallelTemperingSettings { TargetAcceptance = 1 }, "TargetAcceptance"),
        })
        {
            Assert.Contains(named,
                Assert.ThrowsAny<ArgumentException>(() =>
                    new ParallelTempering<double>(SamplerTests.Normal<double>(1), new SamplerOptions(), wrong)).Message,
                    StringComparison.Ordinal);
        }

        using var buffer = new ParameterBuffer<double>();
        buffer.Add("w", [1]);
        var loss = new LinearRegressionLoss<double>([1, 2], [1, 2], 1);
        ITarget<double> stochastic = Target.FromBatches(loss, buffer, 1);
        Assert.Contains("stochastic",
            Assert.Throws<ArgumentException>(() => new ParallelTempering<double>(stochastic, new SamplerOptions())).Message,
                StringComparison.Ordinal);
        Assert.Contains("stochastic",
            Assert.Throws<ArgumentException>(() =>
                new SimulatedTempering<double>(stochastic, new SamplerOptions { WarmUp = 0 }, SwapKernelTests.Settings)).Message,
                StringComparison.Ordinal);
    }

    /// <summary>Mutant: the swap ratio upside down.</summary>
    private static ParallelTempering<double> Reversed(SamplerOptions options)
        => new(TemperingProblems.Mixture, options, new() { Levels = 6 }, TemperingProblems.StartRight)
        {
            SwapRatio = static (inverse, next, potential, nextPotential) =>
                -ParallelTempering<double>.LogSwapRatio(inverse, next, potential, nextPotential),
        };

    /// <summary>A normal peak on the interval from -10 to 10, where a barrier grows in a part of the ladder only.</summary>
    private static ITarget<double> Bounded { get; } = Target.FromPotential<double>(1, static (position, gradient) =>
    {
        gradient[0] = 100 * position[0];
        return Math.Abs(position[0]) < 10 ? 50 * position[0] * position[0] : double.PositiveInfinity;
    });
}
