using OptDsl.Rules;
using OptDsl.Testing;

namespace OptDsl.Models.Tests;

/// <summary>What all samplers share: the same draws however they are computed, progress, cancellation, errors.</summary>
public class SamplerTests
{
    private static readonly SamplerOptions Short = new() { Chains = 6, WarmUp = 40, Draws = 30, Thinning = 2, Seed = 5 };

    public static TheoryData<string> Kinds => ["unadjusted", "underdamped", "metropolis", "simulated", "parallel"];

    /// <summary>Independent normals of deviations 1, 2, ... .</summary>
    internal static ITarget<T> Normal<T>(int dimensions)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        => Target.FromPotential<T>(dimensions, static (position, gradient) =>
        {
            double potential = 0;
            for (int i = 0; i < position.Length; i++)
            {
                double x = double.CreateTruncating(position[i]), scale = 1.0 / ((i + 1) * (i + 1));
                potential += x * x * scale / 2;
                gradient[i] = T.CreateTruncating(x * scale);
            }

            return potential;
        });

    internal static Sampler<T> Make<T>(string kind, SamplerOptions options, int dimensions = 7)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        => options switch
        {
            _ when typeof(T) == typeof(float) => (Sampler<T>)(object)MakeFloat(kind, options, dimensions),
            _ => (Sampler<T>)(object)MakeDouble(kind, options, dimensions),
        };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Threads_and_vector_widths_change_no_bit(string kind)
    {
        Check<double>(kind);
        Check<float>(kind);

        static void Check<T>(string kind)
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            T[] expected = Draws<T>(kind, Short);
            Assert.Equal(expected, Draws<T>(kind, Short with { Threads = 3 }));
            foreach (SimdWidth width in new[] { SimdWidth.Scalar, SimdWidth.Bits128, SimdWidth.Bits256, SimdWidth.Bits512 })
            {
                Assert.Equal(expected, Draws<T>(kind, Short with { Width = width }));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Chains_are_the_same_in_batches_of_their_own(string kind)
    {
        double[] together = Draws<double>(kind, Short);
        double[] apart = [.. Draws<double>(kind, Short with { Chains = 1 }),
            .. Draws<double>(kind, Short with { Chains = 5, FirstChain = 1 })];
        Assert.Equal(together, apart);
    }

    /// <summary>
    /// So many components that the rows are several tensors, which threads step and evaluate apart; a run of fewer chains divides them
    /// elsewhere.
    /// </summary>
    [Theory]
    [InlineData("unadjusted")]
    [InlineData("metropolis")]
    public void Blocks_of_rows_change_no_bit(string kind)
    {
        const int Dimensions = 1003;
        SamplerOptions options = Short with { Chains = 40, WarmUp = 3, Draws = 2 };
        float[] together = Draws<float>(kind, options with { Threads = 1 }, Dimensions);
        Assert.Equal(together, Draws<float>(kind, options with { Threads = 3 }, Dimensions));
        float[] apart = [.. Draws<float>(kind, options with { Chains = 3 }, Dimensions),
            .. Draws<float>(kind, options with { Chains = 37, FirstChain = 3 }, Dimensions)];
        Assert.Equal(together, apart);
    }

    [Fact]
    public void What_a_target_throws_passes_through_from_every_thread()
    {
        ITarget<double> target = Target.FromPotential<double>(1,
            static (position, gradient) => position[0] > 0.5
                ? throw new TimeoutException(position[0].ToString(System.Globalization.CultureInfo.InvariantCulture)) : 0);
        foreach (int threads in new[] { 1, 4 })
        {
            using var sampler = new MetropolisLangevin<double>(target, Short with { Chains = 64, Threads = threads }, null,
                static (chain, position) => position[0] = chain < 40 ? 0 : chain);
            Assert.Equal("40",
                Assert.Throws<TimeoutException>(() => sampler.Run(cancellation: TestContext.Current.CancellationToken)).Message);
            Assert.Null(sampler.GetResult().Samples);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Chains_differ_and_seeds_do(string kind)
    {
        double[] draws = Draws<double>(kind, Short);
        int length = draws.Length / Short.Chains;
        for (int chain = 1; chain < Short.Chains; chain++)
        {
            Assert.DoesNotContain(draws[0], draws.AsSpan(chain * length, length).ToArray());
        }

        Assert.NotEqual(draws, Draws<double>(kind, Short with { Seed = 6 }));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_run_in_parts_is_the_run_in_one_and_a_resumed_one_too(string kind)
    {
        double[] expected = Draws<double>(kind, Short);
        using var sandbox = new Sandbox();
        string file = sandbox.In("chains.safetensors");
        foreach (int stop in new[] { 0, 1, 39, 40, 41, 60, 99 })
        {
            using Sampler<double> first = Make<double>(kind, Short);
            using var cancellation = new CancellationTokenSource();
            int made = 0;
            SamplingResult<double> part = first.Run(new Immediate(_ => CancelAt(++made)), cancellation.Token);
            first.Save(file);
            Assert.False(part.IsComplete);
            Assert.Equal(stop == 0 ? 1 : stop, part.Transitions);
            Assert.Equal(Math.Max(0, part.Transitions - Short.WarmUp) / 2, part.Samples?.Draws ?? 0);
            Assert.Equal(expected, first.Run(cancellation: CancellationToken.None).Samples!.Values);

            using Sampler<double> second = Make<double>(kind, Short);
            second.Load(file);
            Assert.Equal(expected, second.Run(cancellation: CancellationToken.None).Samples!.Values);

            void CancelAt(int transitions)
            {
                if (transitions >= stop)
                {
                    cancellation.Cancel();
                }
            }
        }
    }

    [Fact]
    public void Checkpoints_are_written_on_the_way_and_at_the_end()
    {
        using var sandbox = new Sandbox();
        string file = sandbox.In("chains.safetensors");
        SamplerOptions options = Short with { CheckpointPath = file, CheckpointEvery = 7 };
        double[] expected = Draws<double>("metropolis", Short);

        // A process that ends within draw 17 leaves the checkpoint of draw 14.
        using Sampler<double> ended = Make<double>("metropolis", options);
        Assert.Throws<TimeoutException>(() =>
            ended.Run(new Immediate(report => _ = report.Transitions < Short.WarmUp + 35 ? 0 : throw new TimeoutException()),
                TestContext.Current.CancellationToken));
        using Sampler<double> resumed = Make<double>("metropolis", options);
        resumed.Load(file);
        Assert.Equal((Short.WarmUp + 28, 14), (resumed.Transitions, resumed.DrawCount));
        Assert.Equal(expected.AsSpan(0, 14 * 7).ToArray(), resumed.GetResult().Samples!.Values[..(14 * 7)].ToArray());
        Assert.Equal(expected, resumed.Run(cancellation: TestContext.Current.CancellationToken).Samples!.Values.ToArray());

        using Sampler<double> complete = Make<double>("metropolis", options);
        complete.Load(file);
        Assert.True(complete.Run(cancellation: TestContext.Current.CancellationToken).IsComplete);
        Assert.Equal(expected, complete.GetResult().Samples!.Values.ToArray());

        using Sampler<double> nowhere = Make<double>("metropolis",
            options with { CheckpointPath = sandbox.In("missing/chains.safetensors") });
        Assert.ThrowsAny<IOException>(() => nowhere.Run(cancellation: TestContext.Current.CancellationToken));
        Assert.Equal(7, nowhere.GetResult().Samples!.Draws);
    }

    [Fact]
    public void After_a_transition_that_failed_a_checkpoint_goes_on()
    {
        using var sandbox = new Sandbox();
        string file = sandbox.In("chains.safetensors");
        bool fails = false;
        ITarget<double> target = Target.FromPotential<double>(1, (position, gradient) =>
        {
            gradient[0] = fails ? throw new TimeoutException() : position[0];
            return position[0] * position[0] / 2;
        });
        using var expected = new MetropolisLangevin<double>(target, Short);
        using var sampler = new MetropolisLangevin<double>(target, Short);
        using var cancellation = new CancellationTokenSource();
        sampler.Run(new Immediate(report => { if (report.Transitions == 60) { cancellation.Cancel(); } }), cancellation.Token);
        sampler.Save(file);
        fails = true;
        Assert.Throws<TimeoutException>(() => sampler.Run(cancellation: TestContext.Current.CancellationToken));
        Assert.Equal(10, sampler.GetResult().Samples!.Draws);
        fails = false;
        Assert.Throws<InvalidOperationException>(() => sampler.Run(cancellation: TestContext.Current.CancellationToken));
        sampler.Load(file);
        Assert.Equal(expected.Run(cancellation: TestContext.Current.CancellationToken).Samples!.Values,
            sampler.Run(cancellation: TestContext.Current.CancellationToken).Samples!.Values);
    }

    [Fact]
    public void A_checkpoint_of_another_sampler_is_refused_and_changes_nothing()
    {
        using var sandbox = new Sandbox();
        string file = sandbox.In("chains.safetensors");
        using Sampler<double> saved = Make<double>("metropolis", Short);
        saved.Run(cancellation: TestContext.Current.CancellationToken);
        saved.Save(file);
        foreach ((string kind, SamplerOptions options, int dimensions, string named) in new[]
        {
            ("unadjusted", Short, 7, "rule"), ("metropolis", Short with { WarmUp = 41 }, 7, "warm-up"),
                ("metropolis", Short, 8, "position"),
            ("metropolis", Short with { Chains = 5 }, 7, "chains"), ("metropolis", Short with { Seed = 6 }, 7, "the seed"),
                ("metropolis", Short with { Thinning = 3 }, 7, "transitions per draw"),
        })
        {
            using Sampler<double> other = Make<double>(kind, options, dimensions);
            var thrown = Assert.Throws<CheckpointException>(() => other.Load(file));
            Assert.Contains(named, thrown.Message, StringComparison.Ordinal);
            Assert.Equal(0, other.Transitions);
            Assert.Equal(Draws<double>(kind, options, dimensions),
                other.Run(cancellation: TestContext.Current.CancellationToken).Samples!.Values);
        }
    }

    [Fact]
    public void What_cannot_be_run_is_refused_by_name()
    {
        Assert.Contains("Chains",
            Assert.Throws<ArgumentOutOfRangeException>(() => Make<double>("unadjusted", Short with { Chains = 0 })).Message,
                StringComparison.Ordinal);
        Assert.Contains("WarmUp",
            Assert.Throws<ArgumentOutOfRangeException>(() => Make<double>("unadjusted", Short with { WarmUp = -1 })).Message,
                StringComparison.Ordinal);
        Assert.Contains("Draws",
            Assert.Throws<ArgumentOutOfRangeException>(() => Make<double>("unadjusted", Short with { Draws = int.MaxValue })).Message,
                StringComparison.Ordinal);
        Assert.Contains("Thinning",
            Assert.Throws<ArgumentOutOfRangeException>(() => Make<double>("unadjusted", Short with { Thinning = 0 })).Message,
                StringComparison.Ordinal);
        Assert.Contains("Threads",
            Assert.Throws<ArgumentOutOfRangeException>(() => Make<double>("unadjusted", Short with { Threads = -1 })).Message,
                StringComparison.Ordinal);
        Assert.Contains("FirstChain",
            Assert.Throws<ArgumentOutOfRangeException>(() => Make<double>("unadjusted", Short with { FirstChain = int.MaxValue })).Message,
                StringComparison.Ordinal);
        Assert.Contains("would share it",
            Assert.Throws<ArgumentException>(() =>
                new UnadjustedSampler<double, SharedNoise>(Normal<double>(3), new SharedNoise(), Short)).Message, StringComparison.Ordinal);
        Assert.Contains("one value per tensor",
            Assert.Throws<ArgumentException>(() =>
                new UnadjustedSampler<double, CountedStep>(Normal<double>(3), new CountedStep(), Short)).Message, StringComparison.Ordinal);
        Assert.Contains("would mix them",
            Assert.Throws<ArgumentException>(() =>
                new UnadjustedSampler<double, GroupRmsProp>(Normal<double>(3), new GroupRmsProp(), Short)).Message,
                StringComparison.Ordinal);
        Assert.Contains("curvature",
            Assert.Throws<ArgumentException>(() =>
                new UnadjustedSampler<double, CorrectedPreconditionedLangevin>(Normal<double>(3), new CorrectedPreconditionedLangevin(),
                    Short)).Message, StringComparison.Ordinal);
        Assert.Contains("StepSize",
            Assert.Throws<ArgumentOutOfRangeException>(() =>
                new MetropolisLangevin<double>(Normal<double>(3), Short, new MetropolisSettings { StepSize = 0 })).Message,
                StringComparison.Ordinal);
        Assert.Contains("Chain 2 begins at (0, NaN)",
            Assert.Throws<ArgumentException>(() =>
                new MetropolisLangevin<double>(Normal<double>(2), Short, null,
                    (chain, position) => position[1] = chain == 2 ? double.NaN : 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_that_leaves_the_support_ends_the_run_with_its_draws()
    {
        ITarget<double> target = Target.FromPotential<double>(1, static (position, gradient) =>
        {
            gradient[0] = -1;
            return position[0] < 3 ? -position[0] : double.PositiveInfinity;
        });
        using var sampler = new UnadjustedSampler<double, Langevin>(target, new Langevin(0.01, 1e-9),
            Short with { Chains = 2, WarmUp = 0, Draws = 1000, Thinning = 1 }, (chain, position) => position[0] = chain);
        var thrown = Assert.Throws<SamplingException>(() => sampler.Run(cancellation: TestContext.Current.CancellationToken));
        Assert.Equal(1, thrown.Chain);
        Assert.Contains("the potential is Infinity at (3", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(thrown.Transition - 1, sampler.GetResult().Samples!.Draws);
        Assert.InRange(sampler.GetResult().Samples!.GetDraw(1, thrown.Transition - 2)[0], 2.98, 3);

        // The chains are where no transition ends: nothing goes on from there, nor is it saved.
        Assert.Contains($"Transition {thrown.Transition} failed",
            Assert.Throws<InvalidOperationException>(() => sampler.Run(cancellation: TestContext.Current.CancellationToken)).Message,
                StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => sampler.Save("nowhere"));
    }

    [Fact]
    public void Progress_tells_where_the_run_is()
    {
        var seen = new List<SamplingProgress>();
        using Sampler<double> sampler = Make<double>("metropolis", Short);
        sampler.Run(new Immediate(seen.Add), TestContext.Current.CancellationToken);
        Assert.All(seen, report => Assert.Equal(100, report.OfTransitions));
        Assert.Equal(Enumerable.Range(1, 100), seen.Select(report => report.Transitions));
        Assert.Equal(39, seen.Count(report => report.IsWarmUp));
    }

    private static T[] Draws<T>(string kind, SamplerOptions options, int dimensions = 7)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        using Sampler<T> sampler = Make<T>(kind, options, dimensions);
        return sampler.Run(cancellation: TestContext.Current.CancellationToken).Samples!.Values.ToArray();
    }

    private static Sampler<double> MakeDouble(string kind, SamplerOptions options, int dimensions) => kind switch
    {
        "unadjusted" => new UnadjustedSampler<double, Langevin>(Normal<double>(dimensions), new Langevin(0.1), options),
        "underdamped" =>
            new UnadjustedSampler<double, UnderdampedLangevin>(Normal<double>(dimensions), new UnderdampedLangevin(0.4), options),
        "simulated" =>
            new SimulatedTempering<double>(Normal<double>(dimensions), options,
                new SimulatedTemperingSettings { InverseTemperatures = [0.3, 0.6, 1], LogWeights = [-4, -2, 0] }),
        "parallel" => new ParallelTempering<double>(Normal<double>(dimensions), options, new ParallelTemperingSettings { Levels = 3 }),
        _ => new MetropolisLangevin<double>(Normal<double>(dimensions), options),
    };

    private static Sampler<float> MakeFloat(string kind, SamplerOptions options, int dimensions) => kind switch
    {
        "unadjusted" => new UnadjustedSampler<float, Langevin>(Normal<float>(dimensions), new Langevin(0.1), options),
        "underdamped" =>
            new UnadjustedSampler<float, UnderdampedLangevin>(Normal<float>(dimensions), new UnderdampedLangevin(0.4), options),
        "simulated" =>
            new SimulatedTempering<float>(Normal<float>(dimensions), options,
                new SimulatedTemperingSettings { InverseTemperatures = [0.3, 0.6, 1], LogWeights = [-4, -2, 0] }),
        "parallel" => new ParallelTempering<float>(Normal<float>(dimensions), options, new ParallelTemperingSettings { Levels = 3 }),
        _ => new MetropolisLangevin<float>(Normal<float>(dimensions), options),
    };

    /// <summary>Reports where it is called.</summary>
    private sealed class Immediate(Action<SamplingProgress> report) : IProgress<SamplingProgress>
    {
        public void Report(SamplingProgress value) => report(value);
    }
}
