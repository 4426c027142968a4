using System.Numerics;
using OptDsl.Rules;
using OptDsl.Testing;

namespace OptDsl.Models.Tests;

/// <summary>
/// Potentials, gradients, positions and steps that are no number to compute with: refused and counted, or the end of the run by name.
/// </summary>
public class NoNumberTests
{
    private const double HoleFrom = 1, HoleTo = 1.2;

    private static readonly SamplerOptions Options = new() { Chains = 8, WarmUp = 600, Draws = 4000, Thinning = 2, Seed = 9 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>What the potential and the gradient are in the hole.</summary>
    public static TheoryData<double, double> Holes => new()
    {
        { double.PositiveInfinity, 0 }, { double.PositiveInfinity, double.NaN }, { double.NegativeInfinity, 0 },
            { double.NegativeInfinity, double.NegativeInfinity }, { double.NaN, 1 },
        { 0, double.NaN }, { 0, double.PositiveInfinity }, { 0, double.NegativeInfinity }, { -1e308, double.NaN },
    };

    [Theory]
    [MemberData(nameof(Holes))]
    public void What_accepts_or_refuses_does_not_go_there_and_counts(double potential, double slope)
    {
        Check<double>(static (target, start) => new MetropolisLangevin<double>(target, Options, null, start),
            static sampler => sampler.InvalidProposals);
        Check<float>(static (target, start) => new MetropolisLangevin<float>(target, Options, null, start),
            static sampler => sampler.InvalidProposals);
        Check<double>(
            static (target, start) =>
                new ParallelTempering<double>(target, Options, new() { Levels = 3, LeastInverseTemperature = 0.3 }, start),
                static sampler => sampler.InvalidProposals);

        void Check<T>(Func<ITarget<T>, ChainStart<T>, Sampler<T>> make, Func<dynamic, IReadOnlyList<long>> invalid)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using Sampler<T> sampler = make(Holed<T>(potential, slope), static (_, position) => position[0] = T.Zero);
            Samples<T> samples = sampler.Run(cancellation: Token).Samples!;
            double[] draws = samples.GetComponent(0), squares = [.. draws.Select(x => x * x)];
            Assert.All(draws, x => Assert.False(x is > HoleFrom and < HoleTo));
            (double mean, double square) = HoledMoments;
            Assert.InRange((draws.Average() - mean) / ChainDiagnostics.MeanError(draws, Options.Chains), -4.9, 4.9);
            Assert.InRange((squares.Average() - square) / ChainDiagnostics.MeanError(squares, Options.Chains), -4.9, 4.9);
            Assert.All(samples.GetStatistic(SampleStatistics.StepSize).ToArray(), step => Assert.InRange(step, 0.05, 20));
            Assert.All(samples.GetStatistic(SampleStatistics.LogDensity).ToArray(), density => Assert.True(double.IsFinite(density)));
            long most = Options.Chains * (Options.WarmUp + ((long)Options.Draws * Options.Thinning));
            Assert.InRange(invalid(sampler).Sum(), double.IsPositiveInfinity(potential) ? 0 : most / 100,
                double.IsPositiveInfinity(potential) ? 0 : most);
            if (sampler is ParallelTempering<T> tempering)
            {
                Assert.All(tempering.GetReport().Ladders.SelectMany(ladder => ladder), inverse => Assert.InRange(inverse, 0.3, 1));
                Assert.All(tempering.GetReport().SwapAcceptance.SelectMany(chain => chain), share => Assert.InRange(share, 0.05, 1));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Holes))]
    public void What_does_not_correct_ends_the_run_by_name(double potential, double slope)
    {
        ChainStart<double> start = static (_, position) => position[0] = 0;
        var settings = new SimulatedTemperingSettings { InverseTemperatures = [0.5, 1], LogWeights = [0, 0] };
        foreach (Sampler<double> sampler in new Sampler<double>[]
        {
            new UnadjustedSampler<double, Langevin>(Holed<double>(potential, slope), new Langevin(0.1), Options, start),
            new SimulatedTempering<double>(Holed<double>(potential, slope), Options, settings, start),
            new SimulatedTempering<double>(Holed<double>(potential, slope), Options, settings with { LogWeights = null }, start),
        })
        {
            var thrown = Assert.Throws<SamplingException>(() => sampler.Run(cancellation: Token));
            string value = double.IsFinite(potential)
                ? $"the gradient is ({slope.ToString(System.Globalization.CultureInfo.InvariantCulture)}) at (1."
                : $"the potential is {potential.ToString(System.Globalization.CultureInfo.InvariantCulture)} at (1.";
            Assert.Contains(value, thrown.Message, StringComparison.Ordinal);
            Assert.Equal(double.IsPositiveInfinity(potential), thrown.Message.Contains("smaller step", StringComparison.Ordinal));
            Assert.InRange(thrown.Chain, 0, Options.Chains - 1);
            Assert.Equal(sampler.Transitions + 1, thrown.Transition);
            Assert.Throws<InvalidOperationException>(() => sampler.Run(cancellation: Token));
            sampler.Dispose();
        }
    }

    [Theory]
    [InlineData("unadjusted")]
    [InlineData("underdamped")]
    [InlineData("metropolis")]
    [InlineData("simulated")]
    [InlineData("parallel")]
    public void A_chain_does_not_begin_where_there_is_no_number(string kind)
    {
        foreach ((double potential, double slope, string named) in new[]
        {
            (double.PositiveInfinity, 0.0, "the potential is Infinity at (1.1); begin within"),
                (double.NegativeInfinity, 0.0, "the potential is -Infinity at (1.1); a potential is"),
            (double.NaN, 0.0, "the potential is NaN at (1.1)"),
                (0.0, double.NaN, "the gradient is (NaN) at (1.1), where the potential is 0"),
                    (3.0, double.NegativeInfinity, "the gradient is (-Infinity)"),
        })
        {
            using Sampler<double> sampler = Make(kind, Holed<double>(potential, slope));
            var thrown = Assert.Throws<SamplingException>(() => sampler.Run(cancellation: Token));
            Assert.Equal((2, 0), (thrown.Chain, thrown.Transition));
            Assert.Contains(named, thrown.Message, StringComparison.Ordinal);
        }

        static Sampler<double> Make(string kind, ITarget<double> target)
        {
            ChainStart<double> start = static (chain, position) => position[0] = chain == 2 ? 1.1 : 0.5;
            return kind switch
            {
                "unadjusted" => new UnadjustedSampler<double, Langevin>(target, new Langevin(0.1), Options, start),
                "underdamped" => new UnadjustedSampler<double, UnderdampedLangevin>(target, new UnderdampedLangevin(0.4), Options, start),
                "simulated" => new SimulatedTempering<double>(target, Options, new() { InverseTemperatures = [0.3, 1] }, start),
                "parallel" => new ParallelTempering<double>(target, Options, null, start),
                _ => new MetropolisLangevin<double>(target, Options, null, start),
            };
        }
    }

    [Fact]
    public void A_resumed_run_counts_on()
    {
        SamplerOptions few = Options with { Draws = 100, CheckpointPath = null };
        Sampler<double>[] Make() =>
        [
            new MetropolisLangevin<double>(Holed<double>(double.NaN, 0), few, null, static (_, position) => position[0] = 0),
            new ParallelTempering<double>(Holed<double>(double.NaN, 0), few, null, static (_, position) => position[0] = 0),
        ];
        static IReadOnlyList<long> Counts(Sampler<double> sampler) => sampler is MetropolisLangevin<double> one ? one.InvalidProposals
            : ((ParallelTempering<double>)sampler).InvalidProposals;
        using var sandbox = new Sandbox();
        foreach ((Sampler<double> whole, Sampler<double> first, Sampler<double> second) in Make().Zip(Make(), Make()))
        {
            whole.Run(cancellation: Token);
            using var one = new CancellationTokenSource();
            first.Run(new SimulatedTemperingTests.Stop(one), one.Token);
            first.Save(sandbox.In("chains"));
            second.Load(sandbox.In("chains"));
            second.Run(cancellation: Token);
            Assert.InRange(Counts(first).Sum(), 1, Counts(whole).Sum() - 1);
            Assert.Equal(Counts(whole), Counts(second));
            Assert.Equal(Options.Chains, Counts(whole).Count);
        }
    }

    /// <summary>
    /// Where everything is accepted the step grows, where nothing is it shrinks: both stay within what the element holds.
    /// </summary>
    [Fact]
    public void Steps_neither_overflow_nor_vanish()
    {
        Check<double>(0);
        Check<float>(0);
        Check<double>(double.PositiveInfinity);
        Check<float>(double.PositiveInfinity);
        Check<double>(double.NaN);

        static void Check<T>(double elsewhere)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            ITarget<T> target = Target.FromPotential<T>(1, (position, gradient) =>
            {
                gradient[0] = T.Zero;
                return position[0] == T.Zero ? 0 : elsewhere;
            });
            SamplerOptions options = Options with { Chains = 2, WarmUp = 12_000, Draws = 50 };
            foreach (Sampler<T> sampler in new Sampler<T>[]
            {
                new MetropolisLangevin<T>(target, options, null, static (_, position) => position[0] = T.Zero),
                new ParallelTempering<T>(target, options, new() { Levels = 2, LeastInverseTemperature = 1e-30 },
                    static (_, position) => position[0] = T.Zero),
            })
            {
                Samples<T> samples = sampler.Run(cancellation: Token).Samples!;
                Assert.All(samples.GetStatistic(SampleStatistics.StepSize).ToArray(),
                    step => Assert.True(T.IsNormal(T.CreateTruncating(step)) && step > 0, $"{step}"));
                Assert.All(samples.Values.ToArray(), x => Assert.True(T.IsFinite(x)));
                Assert.All(samples.GetStatistic(SampleStatistics.Acceptance).ToArray(), acceptance => Assert.InRange(acceptance, 0, 1));
                sampler.Dispose();
            }
        }
    }

    [Fact]
    public void Potentials_whose_difference_overflows_are_compared()
    {
        ITarget<double> target = Target.FromPotential<double>(1, static (position, gradient) =>
        {
            gradient[0] = 0;
            return Math.Abs(position[0]) > 10 ? double.PositiveInfinity : position[0] < 0 ? 1.7e308 : -1.7e308;
        });
        ChainStart<double> left = static (_, position) => position[0] = -1;
        foreach (Sampler<double> sampler in new Sampler<double>[]
        {
            new MetropolisLangevin<double>(target, Options, null, left),
            new ParallelTempering<double>(target, Options, new() { Levels = 3 }, left),
        })
        {
            Samples<double> samples = sampler.Run(cancellation: Token).Samples!;
            Assert.All(samples.GetComponent(0), x => Assert.InRange(x, 0, 10));
            Assert.InRange(samples.GetComponent(0).Average(), 4, 6);
            Assert.All((sampler as ParallelTempering<double>)?.GetReport().Ladders.SelectMany(ladder => ladder) ?? [],
                inverse => Assert.InRange(inverse, 0.05, 1));
            sampler.Dispose();
        }
    }

    [Fact]
    public void A_ratio_that_overflows_is_computed_of_scaled_numbers()
    {
        // Terms a and -a (1 - 2^-40), a = 2^1030: their sum 2^990 is finite, and so is half of it times b.
        double[] x = [0, 0], y = [Math.ScaleB(1, 515), -Math.ScaleB(1, 515) * (1 - Math.ScaleB(1, -40))],
            slopes = [Math.ScaleB(1, 514), Math.ScaleB(1, 514)];
        Assert.False(double.IsFinite(MetropolisRatio.Proposals<double>(x, y, slopes, slopes, 0.5, 1e-300)));
        Assert.Equal(Math.ScaleB(1, 988), MetropolisRatio.Scaled<double>(0, 0, x, y, slopes, slopes, 0.5, 1e-300));
        Assert.Equal(double.PositiveInfinity, MetropolisRatio.Scaled<double>(1e308, -1e308, x, x, slopes, slopes, 1, 1e-300));
        Assert.Equal(double.NegativeInfinity, MetropolisRatio.Scaled<double>(-1e308, 1e308, x, x, slopes, slopes, 1, 1e-300));
        Assert.Equal(-200.0, MetropolisRatio.Scaled<double>(-1e308, 1e308, x, x, slopes, slopes, 1e-306, 1e-300), 9);

        // In float the products overflow long before they do in double.
        float[] fromX = [0], toY = [1e25f], slope = [1e25f];
        Assert.False(double.IsFinite(MetropolisRatio.Proposals<float>(fromX, toY, slope, slope, 1, 0.1)));
        Assert.Equal(1e50, MetropolisRatio.Scaled<float>(7, 7, fromX, toY, slope, slope, 1, 0.1), 1e44);
    }

    [Fact]
    public void Settings_that_the_element_cannot_hold_are_refused()
    {
        foreach ((double tooSmall, double tooLarge) in new[] { (1e-40, 1e38), (1e-44, 1e200) })
        {
            foreach (double value in new[] { tooSmall, tooLarge })
            {
                Refused("StepSize", () => new MetropolisLangevin<float>(Holed<float>(0, 0), Options, new() { StepSize = value }));
                Refused("StepSize", () => new ParallelTempering<float>(Holed<float>(0, 0), Options, new() { StepSize = value }));
                Refused("StepSizes",
                    () => new SimulatedTempering<float>(Holed<float>(0, 0), Options,
                        new() { InverseTemperatures = [0.5, 1], StepSizes = [0.1, value] }));
                Refused("inverseTemperature", () => MatrixPosterior<float>.Factorization([1], 1, 1, value));
            }

            Refused("LeastInverseTemperature",
                () => new ParallelTempering<float>(Holed<float>(0, 0), Options, new() { LeastInverseTemperature = tooSmall }));
            Refused("InverseTemperatures",
                () => new SimulatedTempering<float>(Holed<float>(0, 0), Options, new() { InverseTemperatures = [tooSmall, 1] }));
        }

        Refused("StepSizes x InverseTemperatures",
            () => new SimulatedTempering<float>(Holed<float>(0, 0), Options,
                new() { InverseTemperatures = [1e-20, 1], StepSizes = [1e-20] }));
        using var held = new MetropolisLangevin<double>(Holed<double>(0, 0), Options, new() { StepSize = 1e-40 });

        static void Refused(string name, Func<object> make)
        {
            var thrown = Assert.Throws<ArgumentOutOfRangeException>(make);
            Assert.Equal(name, thrown.ParamName);
            Assert.Contains("the element Single", thrown.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_curvature_that_is_no_number_ends_the_run_by_name()
    {
        using var sampler = new UnadjustedSampler<double, CorrectedPreconditionedLangevin>(new Curved(),
            new CorrectedPreconditionedLangevin(), Options, static (chain, position) => position[0] = chain);
        var thrown = Assert.Throws<SamplingException>(() => sampler.Run(cancellation: Token));
        Assert.Equal((5, 1), (thrown.Chain, thrown.Transition));
        Assert.Contains("the curvature is (NaN) at (5)", thrown.Message, StringComparison.Ordinal);
    }

    /// <summary>x^2 / 2, and a hole.</summary>
    private static ITarget<T> Holed<T>(double potential, double slope)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Target.FromPotential<T>(1, (position, gradient) =>
        {
            double x = double.CreateTruncating(position[0]);
            bool isIn = x is > HoleFrom and < HoleTo;
            gradient[0] = T.CreateTruncating(isIn ? slope : x);
            return isIn ? potential : x * x / 2;
        });

    /// <summary>The mean and the mean square of a normal variable outside of the hole.</summary>
    private static (double Mean, double Square) HoledMoments
    {
        get
        {
            double weight = 0, sum = 0, squares = 0;
            foreach (double x in Enumerable.Range(0, 160_000).Select(i => -8 + ((i + 0.5) * 1e-4)))
            {
                double density = x is > HoleFrom and < HoleTo ? 0 : Math.Exp(-x * x / 2);
                weight += density;
                sum += x * density;
                squares += x * x * density;
            }

            return (sum / weight, squares / weight);
        }
    }

    private sealed class Curved : ICurvatureTarget<double>
    {
        public int Dimensions => 1;

        public bool IsThreadSafe => true;

        public void Evaluate(in ChainBatch<double> batch)
        {
            batch.Positions.CopyTo(batch.Gradients);
            batch.Potentials.Clear();
        }

        public void ComputeCurvature(in ChainBatch<double> batch, Span<double> diagonals)
        {
            for (int chain = 0; chain < batch.Count; chain++)
            {
                diagonals[chain] = batch.FirstChain + chain == 5 ? double.NaN : 1;
            }
        }
    }
}
