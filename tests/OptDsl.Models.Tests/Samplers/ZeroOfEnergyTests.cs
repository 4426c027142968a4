using OptDsl.Rules;
using OptDsl.Testing;

namespace OptDsl.Models.Tests;

/// <summary>A density is known up to a constant: nothing may depend on the zero of U.</summary>
public class ZeroOfEnergyTests
{
    // U is a multiple of this, so that these offsets are added without rounding.
    private const double Grain = 1.0 / (1 << 22);

    private static readonly SamplerOptions Short = new() { Chains = 12, WarmUp = 400, Draws = 100, Thinning = 2, Seed = 21 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<double> Offsets => [5000, -5000, 1e5, -1e5, 1 << 27, -(1 << 27), 1e8, -1e8];

    [Theory]
    [MemberData(nameof(Offsets))]
    public void Simulated_tempering_learns_the_same_levels_and_draws_the_same_bits(double offset)
    {
        using SimulatedTempering<double> plain = Simulated(0, Short), moved = Simulated(offset, Short),
            threaded = Simulated(offset, Short with { Threads = 3, Width = SimdWidth.Bits128 });
        Samples<double> expected = plain.Run(cancellation: Token).Samples!;
        Assert.Equal(expected.Values, moved.Run(cancellation: Token).Samples!.Values);
        Assert.Equal(expected.Values, threaded.Run(cancellation: Token).Samples!.Values);
        Assert.Equal(expected.GetStatistic(SampleStatistics.Level), moved.GetResult().Samples!.GetStatistic(SampleStatistics.Level));
        SimulatedTemperingReport report = plain.GetReport(), other = moved.GetReport();
        Assert.Equal(report.Occupation, other.Occupation);
        Assert.Equal(report.RoundTrips, other.RoundTrips);
        Assert.True(report.RoundTrips.Sum() > 0);
        for (int level = 0; level < report.LogWeights.Count; level++)
        {
            double shifted = report.LogWeights[level] + ((TemperingProblems.Levels.InverseTemperatures[level] - 1) * offset);
            Assert.Equal(shifted, other.LogWeights[level], 1e-15 * (Math.Abs(offset) + 1000));
        }
    }

    [Theory]
    [MemberData(nameof(Offsets))]
    public void A_resumed_run_has_the_same_reference(double offset)
    {
        using SimulatedTempering<double> whole = Simulated(offset, Short);
        double[] expected = whole.Run(cancellation: Token).Samples!.Values.ToArray();
        using var sandbox = new Sandbox();
        foreach (int stop in new[] { 1, 30, 399, 450 })
        {
            using SimulatedTempering<double> first = Simulated(offset, Short), second = Simulated(offset, Short);
            while (first.Transitions < stop)
            {
                using var one = new CancellationTokenSource();
                first.Run(new SimulatedTemperingTests.Stop(one), one.Token);
            }

            first.Save(sandbox.In("chains"));
            second.Load(sandbox.In("chains"));
            Assert.Equal(expected, second.Run(cancellation: Token).Samples!.Values);
            Assert.Equal(whole.GetReport().LogWeights, second.GetReport().LogWeights);
        }
    }

    /// <summary>At offsets that round U as well, the levels are as likely and the mass of the modes is right.</summary>
    [Theory]
    [InlineData(1e5)]
    [InlineData(-1e5)]
    [InlineData(5000)]
    [InlineData(-3e9)]
    public void Both_modes_have_their_mass(double offset)
    {
        ITarget<double> target = Moved(offset, grain: 0);
        var options = new SamplerOptions { Chains = 400, WarmUp = 8000, Draws = 300, Thinning = 20, Seed = 3 };
        using var sampler = new SimulatedTempering<double>(target, options, TemperingProblems.Levels with { LogWeights = null },
            TemperingProblems.StartRight);
        sampler.Run(cancellation: Token);
        Assert.All(sampler.GetReport().Occupation, share => Assert.InRange(share, 0.15, 0.25));
        TargetMean mass = sampler.ComputeTargetMean(position => position[0] > 0 ? 1 : 0);
        Assert.InRange(mass.Error, 0.002, 0.02);
        Assert.InRange(Math.Abs(mass.Mean - TemperingProblems.RightMass), 0, 4.9 * mass.Error);

        // What was learnt can be stated: the weights are those of U as it is.
        using var stated = new SimulatedTempering<double>(target, options with { WarmUp = 1000 },
            TemperingProblems.Levels with { LogWeights = sampler.GetReport().LogWeights }, TemperingProblems.StartRight);
        stated.Run(cancellation: Token);
        Assert.All(stated.GetReport().Occupation, share => Assert.InRange(share, 0.15, 0.25));
    }

    /// <summary>U is 40 000 where the chains begin: a reference taken there alone would be as bad as a constant.</summary>
    [Fact]
    public void A_beginning_far_up_is_no_constant_to_be_learnt()
    {
        ITarget<double> normal = Target.FromPotential<double>(2, static (position, gradient) =>
        {
            position.CopyTo(gradient);
            return 0.5 * ((position[0] * position[0]) + (position[1] * position[1]));
        });
        foreach (int level in new[] { 0, 4 })
        {
            SimulatedTemperingSettings settings = TemperingProblems.Levels with
            {
                LogWeights = null,
                StartLevel = level,
                StepSizes = [.. TemperingProblems.Levels.InverseTemperatures.Select(inverse => 0.1 / inverse)]
            };
            using var sampler = new SimulatedTempering<double>(normal, Short with { Chains = 100, WarmUp = 3000, Draws = 1000 }, settings,
                static (_, position) => position.Fill(200));
            sampler.Run(cancellation: Token);
            Assert.All(sampler.GetReport().Occupation, share => Assert.InRange(share, 0.15, 0.25));
        }
    }

    [Theory]
    [MemberData(nameof(Offsets))]
    public void Samplers_that_accept_draw_the_same_bits_and_adapt_the_same(double offset)
    {
        Sampler<double>[] Make(double constant) =>
        [
            new MetropolisLangevin<double>(Moved(constant, Grain), Short),
            new ParallelTempering<double>(Moved(constant, Grain), Short, new() { Levels = 4 }),
            new UnadjustedSampler<double, Langevin>(Moved(constant, Grain), new Langevin(0.1), Short),
        ];
        foreach ((Sampler<double> plain, Sampler<double> moved) in Make(0).Zip(Make(offset)))
        {
            Samples<double> expected = plain.Run(cancellation: Token).Samples!, found = moved.Run(cancellation: Token).Samples!;
            Assert.Equal(expected.Values, found.Values);
            foreach (string statistic in expected.StatisticNames.Where(name => name != SampleStatistics.LogDensity))
            {
                Assert.Equal(expected.GetStatistic(statistic), found.GetStatistic(statistic));
            }

            Assert.Equal(expected.GetStatistic(SampleStatistics.LogDensity).ToArray().Select(density => density - offset),
                found.GetStatistic(SampleStatistics.LogDensity).ToArray());
            Assert.Equivalent((plain as ParallelTempering<double>)?.GetReport(), (moved as ParallelTempering<double>)?.GetReport(),
                strict: true);
        }
    }

    [Fact]
    public void Potentials_at_the_end_of_the_range_make_no_weight_that_is_no_number()
    {
        foreach (double far in new[] { 1.7e308, -1.7e308 })
        {
            ITarget<double> target = Target.FromPotential<double>(1, (position, gradient) =>
            {
                gradient[0] = 0;
                return position[0] < 0 ? far : -far;
            });
            using var sampler = new SimulatedTempering<double>(target, Short, TemperingProblems.Levels with { LogWeights = null });
            sampler.Run(cancellation: Token);
            Assert.All(sampler.GetReport().LogWeights, weight => Assert.True(double.IsFinite(weight)));
            Assert.Equal(1, sampler.GetReport().Occupation.Sum(), 12);
        }
    }

    private static SimulatedTempering<double> Simulated(double offset, SamplerOptions options)
        => new(Moved(offset, Grain), options, TemperingProblems.Levels with { LogWeights = null, SwapRate = 1 },
            TemperingProblems.StartRight);

    /// <summary>The mixture of two modes, U rounded to multiples of the grain if it has one, plus a constant.</summary>
    private static ITarget<double> Moved(double offset, double grain) => Target.FromLogDensity<double>(1, (position, gradient) =>
    {
        var potentials = new double[1];
        TemperingProblems.Mixture.Evaluate(new ChainBatch<double>(position, gradient, potentials));
        gradient[0] = -gradient[0];
        return -((grain == 0 ? potentials[0] : Math.Round(potentials[0] / grain) * grain) + offset);
    });
}
