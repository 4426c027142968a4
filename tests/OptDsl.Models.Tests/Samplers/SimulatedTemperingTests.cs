using OptDsl.Rules;
using OptDsl.Testing;

namespace OptDsl.Models.Tests;

public class SimulatedTemperingTests
{
    private static readonly SamplerOptions Mixed = new() { Chains = 800, WarmUp = 8000, Draws = 600, Thinning = 20, Seed = 3 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Both_modes_have_their_mass_and_no_mutant_finds_them()
    {
        using var right = new SimulatedTempering<double>(TemperingProblems.Mixture, Mixed, TemperingProblems.Levels,
            TemperingProblems.StartRight);
        right.Run(cancellation: Token);
        Assert.True(IsRight(right.GetTargetDraws(0)));
        TargetMean mass = right.ComputeTargetMean(position => position[0] > 0 ? 1 : 0);
        Assert.Equal(right.GetTargetDraws(0).Sum(chain => chain.Length), mass.Draws);
        Assert.InRange(mass.Error, 0.002, 0.01);
        Assert.InRange(Math.Abs(mass.Mean - TemperingProblems.RightMass), 0, 4.9 * mass.Error);

        // All levels are as likely, each neighbour is proposed as often, and chains go to and fro.
        SimulatedTemperingReport report = right.GetReport();
        Assert.All(report.Occupation, share => Assert.InRange(share, 0.17, 0.23));
        Assert.Equal(1, report.Occupation.Sum(), 12);
        Assert.True(report.RoundTrips.Sum() > 8000);
        long transitions = Mixed.Chains * Mixed.Draws * Mixed.Thinning;
        for (int level = 0; level < 4; level++)
        {
            Assert.InRange(report.SwapProposals[level][level + 1] / (report.Occupation[level] * transitions), 0.098, 0.102);
            Assert.InRange(report.SwapProposals[level + 1][level] / (report.Occupation[level + 1] * transitions), 0.098, 0.102);
            Assert.InRange(report.SwapAcceptance[level][level + 1] / report.SwapAcceptance[level + 1][level], 0.9, 1.1);
            Assert.InRange(report.SwapAcceptance[level][level + 1], 0.3, 0.95);
        }

        Assert.Equal(0, report.SwapProposals[0][2]);
        Assert.Equal(double.NaN, report.SwapAcceptance[0][2]);

        // Mutant: the draws of all levels taken for the posterior's.
        Assert.False(IsRight([right.GetResult().Samples!.GetComponent(0)]));

        foreach (SimulatedTempering<double> mutant in new SimulatedTempering<double>[] { Reversed(), Tempered() })
        {
            mutant.Run(cancellation: Token);
            Assert.False(IsRight(mutant.GetTargetDraws(0)));
            mutant.Dispose();
        }

        // By itself a chain of the target leaves its mode once in 4 million steps.
        using var plain = new UnadjustedSampler<double, Langevin>(TemperingProblems.Mixture, new Langevin(0.1), Mixed,
            TemperingProblems.StartRight);
        Assert.InRange(plain.Run(cancellation: Token).Samples!.GetComponent(0).Average(x => x > 0 ? 1 : 0), 0.95, 1);
    }

    [Fact]
    public void Learnt_weights_approach_those_of_normal_densities_and_every_level_has_its_variance()
    {
        const int Dimensions = 3;
        const double Scale = 0.06;
        double[] inverses = [0.1, 0.2, 0.4, 0.7, 1];
        ITarget<double> target = Target.FromPotential<double>(Dimensions, static (position, gradient) =>
        {
            position.CopyTo(gradient);
            return 50 + (0.5 * ((position[0] * position[0]) + (position[1] * position[1]) + (position[2] * position[2])));
        });
        var settings = new SimulatedTemperingSettings
        {
            InverseTemperatures = inverses,
            StepSizes = [.. inverses.Select(inverse => Scale / inverse)],
            SwapRate = 0.5
        };
        using var sampler = new SimulatedTempering<double>(target,
            new SamplerOptions { Chains = 100, WarmUp = 6000, Draws = 1000, Thinning = 4, Seed = 8 }, settings);
        Samples<double> samples = sampler.Run(cancellation: Token).Samples!;
        SimulatedTemperingReport report = sampler.GetReport();
        for (int level = 0; level < inverses.Length; level++)
        {
            // The variance of a step h at inverse temperature b is 1 / (b (1 - h b / 2)), and log Z has the integral of the mean of U over
            // b.
            double expected = (50 * (inverses[level] - 1)) + (0.5 * Dimensions * Math.Log(inverses[level]) / (1 - (Scale / 2)));
            Assert.InRange(report.LogWeights[level], expected - 0.06, expected + 0.06);
            Assert.InRange(report.Occupation[level], 0.18, 0.22);
            int at = level;
            double variance = samples.GetComponent(1).Where((_, draw) => samples.GetStatistic(SampleStatistics.Level)[draw] == at)
                .Average(x => x * x);
            Assert.InRange(variance * inverses[level] * (1 - (Scale / 2)), 0.96, 1.04);
        }

        TargetMean square = sampler.ComputeTargetMean(position => position[2] * position[2]);
        Assert.InRange(Math.Abs(square.Mean - (1 / (1 - (Scale / 2)))), 0, 4.9 * square.Error);
        Assert.InRange(square.Error, 0.002, 0.02);
    }

    [Fact]
    public void Weights_are_learnt_in_the_warm_up_alone()
    {
        var options = new SamplerOptions { Chains = 5, WarmUp = 30, Draws = 20, Seed = 1 };
        using var sampler = new SimulatedTempering<double>(TemperingProblems.Mixture, options,
            TemperingProblems.Levels with { LogWeights = null });
        var seen = new List<double>();
        while (sampler.Transitions < 50)
        {
            using var one = new CancellationTokenSource();
            sampler.Run(new Stop(one), one.Token);
            seen.Add(sampler.GetReport().LogWeights[0]);
        }

        Assert.Equal(30, seen.Take(30).Distinct().Count());
        Assert.Single(seen.Skip(29).Distinct());
        Assert.Equal(0, sampler.GetReport().LogWeights[^1]);
    }

    [Fact]
    public void A_resumed_run_has_the_same_draws_weights_and_counts()
    {
        var options = new SamplerOptions { Chains = 8, WarmUp = 300, Draws = 300, Seed = 2 };
        SimulatedTemperingSettings settings = TemperingProblems.Levels with { LogWeights = null, SwapRate = 1 };
        SimulatedTempering<double> Make() => new(TemperingProblems.Mixture, options, settings);
        using var sandbox = new Sandbox();
        string file = sandbox.In("chains.safetensors");
        using SimulatedTempering<double> whole = Make();
        double[] expected = whole.Run(cancellation: Token).Samples!.Values.ToArray();
        Assert.True(whole.GetReport().RoundTrips.Sum() > 0);
        foreach (int stop in new[] { 7, 200, 300, 301, 450 })
        {
            using SimulatedTempering<double> first = Make();
            while (first.Transitions < stop)
            {
                using var one = new CancellationTokenSource();
                first.Run(new Stop(one), one.Token);
            }

            first.Save(file);
            using SimulatedTempering<double> second = Make();
            second.Load(file);
            Assert.Equal(first.Levels, second.Levels);
            Assert.Equal(expected, second.Run(cancellation: Token).Samples!.Values);
            Assert.Equivalent(whole.GetReport(), second.GetReport(), strict: true);
            Assert.Equal(whole.GetTargetDraws(0), second.GetTargetDraws(0));
        }

        foreach ((SimulatedTemperingSettings other, string named) in new[]
        {
            (settings with { SwapRate = 0.5 }, "swap rate"), (settings with { StepSizes = [0.2] }, "step sizes"),
                (settings with { StartLevel = 0 }, "first level"),
            (settings with { LogWeights = TemperingProblems.Levels.LogWeights }, "log weights"),
                (settings with { InverseTemperatures = [0.03, 0.08, 0.2, 0.5, 1] }, "inverse temperatures"),
        })
        {
            using var sampler = new SimulatedTempering<double>(TemperingProblems.Mixture, options, other);
            Assert.Contains(named, Assert.Throws<CheckpointException>(() => sampler.Load(file)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Draws_at_the_target_are_those_of_the_last_level_chain_by_chain()
    {
        using var sampler = new SimulatedTempering<double>(SamplerTests.Normal<double>(2),
            new SamplerOptions { Chains = 3, WarmUp = 0, Draws = 40, Seed = 4 }, SwapKernelTests.Settings with { StartLevel = 1 });
        Assert.Equal([1, 1, 1], sampler.Levels);
        Assert.Equal(0, sampler.ComputeTargetMean(position => position[0]).Draws);
        Assert.Equal([0, 0, 0], sampler.GetTargetDraws(0).Select(chain => chain.Length));
        Samples<double> samples = sampler.Run(cancellation: Token).Samples!;
        double[][] target = sampler.GetTargetDraws(1);
        Assert.Equal(3, target.Length);
        for (int chain = 0; chain < 3; chain++)
        {
            int from = chain * 40;
            Assert.Equal(Enumerable.Range(from, 40).Where(draw => samples.GetStatistic(SampleStatistics.Level)[draw] == 3)
                .Select(draw => samples.GetComponent(1)[draw]), target[chain]);
        }

        Assert.InRange(target.Sum(chain => chain.Length), 1, 119);
        Assert.Throws<ArgumentOutOfRangeException>(() => sampler.GetTargetDraws(2));
    }

    [Fact]
    public void What_cannot_be_run_is_refused_by_name()
    {
        SimulatedTemperingSettings settings = SwapKernelTests.Settings;
        foreach ((SimulatedTemperingSettings wrong, string named) in new[]
        {
            (settings with { InverseTemperatures = [1] }, "at least two levels"),
                (settings with { InverseTemperatures = [0, 0.3, 0.5, 1] }, "InverseTemperatures of level 0 must be finite and above 0"),
            (settings with { InverseTemperatures = [0.1, 0.5, 0.5, 1] }, "InverseTemperatures of level 2"),
                (settings with { InverseTemperatures = [0.1, 0.2, 0.3, 0.9] }, "must be 1"),
            (settings with { LogWeights = [0, 0] }, "LogWeights has 2 numbers, but there are 4 levels"),
                (settings with { LogWeights = [0, 0, double.NaN, 0] }, "LogWeights of level 2"),
            (settings with { LogWeights = null }, "WarmUp is 0"), (settings with { StepSizes = [] }, "StepSizes has 0"),
                (settings with { StepSizes = [0.1, -1, 0.1, 0.1] }, "StepSizes must be finite"),
            (settings with { SwapRate = 0 }, "SwapRate"), (settings with { SwapRate = 1.01 }, "SwapRate"),
                (settings with { StartLevel = 4 }, "StartLevel must be from 0 to 3"),
        })
        {
            Assert.Contains(named,
                Assert.ThrowsAny<ArgumentException>(() =>
                    new SimulatedTempering<double>(SamplerTests.Normal<double>(1), new SamplerOptions { WarmUp = 0 }, wrong)).Message,
                    StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_round_trip_goes_from_the_last_level_to_the_first_and_back()
    {
        var trips = new RoundTrips(2);
        int[] counts = [.. new[] { 0, 3, 1, 2, 3, 0, 1, 0, 3, 3, 2, 0, 2, 3 }.Select(level =>
        {
            trips.Visit(1, level, 3);
            return trips[1];
        })];
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2], counts);
        Assert.Equal(0, trips[0]);
    }

    /// <summary>S46's check: the right mode's mass within .03, the density within a total variation of .035.</summary>
    private static bool IsRight(double[][] draws)
    {
        double[] all = [.. draws.SelectMany(chain => chain)];
        return Math.Abs(all.Average(x => x > 0 ? 1 : 0) - TemperingProblems.RightMass) < 0.03
            && TemperingProblems.TotalVariation(all) < 0.035;
    }

    /// <summary>Ends a run after a transition.</summary>
    internal sealed class Stop(CancellationTokenSource source) : IProgress<SamplingProgress>
    {
        public void Report(SamplingProgress value) => source.Cancel();
    }

    /// <summary>Mutant: the ratio upside down.</summary>
    private static SimulatedTempering<double> Reversed()
    {
        var sampler = new SimulatedTempering<double>(TemperingProblems.Mixture, Mixed, TemperingProblems.Levels,
            TemperingProblems.StartRight);
        sampler.SwapRatio = (potential, from, to) => -sampler.LogSwapRatio(potential, from, to);
        return sampler;
    }

    /// <summary>Mutant: a potential that was tempered by the level before.</summary>
    private static SimulatedTempering<double> Tempered()
    {
        var sampler = new SimulatedTempering<double>(TemperingProblems.Mixture, Mixed, TemperingProblems.Levels,
            TemperingProblems.StartRight);
        sampler.SwapRatio = (potential, from, to) =>
            sampler.LogSwapRatio(TemperingProblems.Levels.InverseTemperatures[from] * potential, from, to);
        return sampler;
    }
}
