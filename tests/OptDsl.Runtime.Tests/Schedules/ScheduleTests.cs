using OptDsl.Schedules;
using Xunit;

namespace OptDsl.Runtime.Tests.Schedules;

public sealed class ScheduleTests
{
    public static TheoryData<ISchedule> All =>
    [
        new ConstantSchedule(.2), new InverseTimeSchedule(.2), new PowerSchedule(.2), new StepDecaySchedule(.2, 30),
            new ExponentialSchedule(.2, .99),
        new CosineSchedule(.2, 100), new CosineRestartsSchedule(.2, 40), new CosineRestartsSchedule(.2, 40, 3),
            new LogarithmicSchedule(.2, 1000),
        new LogarithmicSchedule(.2, 50, Restarts: true), new CosineSchedule(.2, 100, Swings: true), new MultiStepSchedule(.2, [3, 40]),
            new PolynomialSchedule(.2, 90, 2),
        new ProductSchedule(new ConstantSchedule(.5), new ExponentialSchedule(.4, .9)), new CyclicSchedule(.2, .1, 7, 4),
            new OneCycleSchedule(.2, .1, .05, 300),
    ];

    [Theory]
    [MemberData(nameof(All), DisableDiscoveryEnumeration = true)]
    public void Every_schedule_starts_at_its_rate(ISchedule schedule) => Assert.Equal(.2, schedule.At(1));

    [Theory]
    [MemberData(nameof(All), DisableDiscoveryEnumeration = true)]
    public void Steps_count_from_one_and_have_no_end(ISchedule schedule)
    {
        Assert.Equal("step", Assert.Throws<ArgumentOutOfRangeException>(() => schedule.At(0)).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => schedule.At(-7));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinearWarmUpSchedule(schedule, 3, .1).At(0));
        Assert.InRange(schedule.At(int.MaxValue), 0, .2);
        Assert.InRange(new LinearWarmUpSchedule(schedule, 3, .1).At(int.MaxValue), 0, .2);
    }

    [Theory]
    [MemberData(nameof(All), DisableDiscoveryEnumeration = true)]
    public void Nothing_is_allocated(ISchedule schedule)
    {
        var warm = new LinearWarmUpSchedule(schedule, 3, .1);
        double sum = warm.At(1) + warm.At(4);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int step = 1; step < 500; step++)
        {
            sum += warm.At(step);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(sum > 0);
    }

    [Theory]
    [InlineData(1, .2)]
    [InlineData(1000, .2)]
    public void Constant(int step, double expected) => Assert.Equal(expected, new ConstantSchedule(.2).At(step));

    [Theory]
    [InlineData(2, 1, .1)]
    [InlineData(5, 1, .04)]
    [InlineData(5, .25, .1)]
    [InlineData(99, 0, .2)]
    public void Inverse_time(int step, double decay, double expected)
    => Assert.Equal(expected, new InverseTimeSchedule(.2, decay).At(step), 1e-16);

    [Theory]
    [InlineData(4, .5, .1)]
    [InlineData(100, .5, .02)]
    [InlineData(8, 1 / 3d, .1)]
    [InlineData(7, 0, .2)]
    public void Power(int step, double exponent, double expected)
    => Assert.Equal(expected, new PowerSchedule(.2, exponent).At(step), 1e-15);

    [Theory]
    [InlineData(30, .2)]
    [InlineData(31, .02)]
    [InlineData(60, .02)]
    [InlineData(61, .002)]
    public void Step_decay_by_ten(int step, double expected) => Assert.Equal(expected, new StepDecaySchedule(.2, 30).At(step), 1e-16);

    [Theory]
    [InlineData(2, .1)]
    [InlineData(4, .025)]
    public void Exponential(int step, double expected) => Assert.Equal(expected, new ExponentialSchedule(.2, .5).At(step));

    [Theory]
    [InlineData(26, .17071067811865475)]
    [InlineData(51, .1)]
    [InlineData(101, 0)]
    [InlineData(102, 0)]
    public void Cosine(int step, double expected) => Assert.Equal(expected, new CosineSchedule(.2, 100).At(step), 1e-16);

    [Fact]
    public void Cosine_ends_at_its_floor_exactly() => Assert.Equal(.003, new CosineSchedule(.2, 100, .003).At(101));

    [Fact]
    public void Cosine_cycles_of_snapshot_ensembles()
    {
        // T = 200 steps in M = 5 cycles; ceil(T / M) = 40.
        var schedule = CosineRestartsSchedule.ForCycles(.2, 200, 5);
        Assert.Equal(40, schedule.Period);
        for (int t = 1; t <= 200; t++)
        {
            Assert.Equal(.2 / 2 * (Math.Cos(Math.PI * ((t - 1) % 40) / 40) + 1), schedule.At(t), 1e-16);
        }

        Assert.Equal(.2, schedule.At(1));
        Assert.Equal(.2, schedule.At(41));
        Assert.Equal(.000308, schedule.At(40), 5e-7);
    }

    [Theory]
    [InlineData(200, 3, 67)]
    [InlineData(9, 9, 1)]
    [InlineData(int.MaxValue, 2, 1_073_741_824)]
    public void Cycles_are_rounded_up(int steps, int cycles, int period)
    => Assert.Equal(period, CosineRestartsSchedule.ForCycles(.2, steps, cycles).Period);

    [Fact]
    public void Growing_cycles_start_where_the_last_one_ended()
    {
        var schedule = new CosineRestartsSchedule(.2, 4, 3);
        Assert.All(new[] { 1, 5, 17, 53 }, step => Assert.Equal(.2, schedule.At(step)));
        Assert.All(new[] { 4, 16, 52 }, step => Assert.True(schedule.At(step) < schedule.At(step - 1)));
        Assert.Equal(.1, schedule.At(5 + 6), 1e-16);
    }

    [Fact]
    public void Logarithmic_falls_to_zero_with_the_published_sum()
    {
        // The sum over T = 1000 steps, over the rate, is T - ln T! / ln T.
        var schedule = new LogarithmicSchedule(.5, 1000);
        double sum = 0, logarithmOfFactorial = 0;
        for (int t = 1; t <= 1000; t++)
        {
            sum += schedule.At(t) / .5;
            logarithmOfFactorial += Math.Log(t);
        }

        Assert.Equal(0, schedule.At(1000));
        Assert.Equal(0, schedule.At(1001));
        Assert.Equal(.25, new LogarithmicSchedule(.5, 10_000).At(100), 1e-15);
        Assert.Equal(1000 - (logarithmOfFactorial / Math.Log(1000)), sum, 1e-9);
        Assert.Equal(144.13, sum, .005);
    }

    [Fact]
    public void Logarithmic_restarts()
    {
        var schedule = new LogarithmicSchedule(.5, 50, Restarts: true);
        Assert.Equal(0, schedule.At(50));
        Assert.Equal(.5, schedule.At(51));
        Assert.Equal(schedule.At(17), schedule.At(117));
    }

    [Fact]
    public void Warm_up_leads_straight_to_the_first_value()
    {
        var schedule = new LinearWarmUpSchedule(new ExponentialSchedule(.2, .5), 4, .2);
        double[] expected = [.04, .08, .12, .16, .2, .1, .05];
        for (int t = 1; t <= expected.Length; t++)
        {
            Assert.Equal(expected[t - 1], schedule.At(t), 1e-16);
        }
    }

    [Fact]
    public void Warm_up_may_start_at_zero_and_be_nested()
    {
        var schedule = new LinearWarmUpSchedule(new LinearWarmUpSchedule(new ConstantSchedule(.2), 2, .5), 2, 0);
        double[] expected = [0, .05, .1, .15, .2, .2];
        for (int t = 1; t <= expected.Length; t++)
        {
            Assert.Equal(expected[t - 1], schedule.At(t), 1e-16);
        }
    }

    [Fact]
    public void Growth_is_the_larger_root()
    {
        // The root of x^2 - (1 + g - l r) x + g, by hand for g = 0: 1 - l r.
        var without = new GrowthSchedule(.1, 0, 5e-3);
        Assert.Equal(.9995, without.Shrinkage, 1e-15);
        Assert.Equal(.1 / .9995, without.At(1), 1e-15);
        Assert.Equal(.1 / Math.Pow(.9995, 7), without.At(4), 1e-15);
        var with = new GrowthSchedule(.1, .9, 5e-4);
        Assert.Equal(0, (with.Shrinkage * with.Shrinkage) - ((1 + .9 - 5e-5) * with.Shrinkage) + .9, 1e-15);
        Assert.True(with.Shrinkage > Math.Sqrt(.9));
        Assert.Equal(1.0010053, with.At(2) / with.At(1), 5e-8);
        Assert.Equal(.2, new GrowthSchedule(.2, .9, 0).At(50), 1e-15);
    }

    [Fact]
    public void A_plateau_is_borne_and_then_cut_down_to_the_least()
    {
        var plateau = new PlateauRate(1, .5, patience: 1, cooldown: 2, least: .3);
        double[] losses = [4, 4, 4, 9, 9, 4, 4, double.NaN, 1, 1, 1], expected = [1, 1, .5, .5, .5, .5, .3, .3, .3, .3, .3];
        for (int i = 0; i < losses.Length; i++)
        {
            Assert.Equal(expected[i], plateau.Observe(losses[i]));
        }

        Assert.Equal(1, plateau.Best);
        Assert.Equal(.1, new PlateauRate(.1, least: .3).Observe(5));
    }

    public static TheoryData<string, Action> Refused => new()
    {
        { "Rate", () => _ = new ConstantSchedule(-1) },
        { "Rate", () => _ = new ConstantSchedule(double.NaN) },
        { "Rate", () => _ = new ConstantSchedule(double.PositiveInfinity) },
        { "Rate", () => _ = new ConstantSchedule(1) with { Rate = -1 } },
        { "Rate", () => _ = new InverseTimeSchedule(-1) },
        { "Decay", () => _ = new InverseTimeSchedule(1, -.1) },
        { "Rate", () => _ = new PowerSchedule(-1) },
        { "Exponent", () => _ = new PowerSchedule(1, -.5) },
        { "Rate", () => _ = new StepDecaySchedule(-1, 1) },
        { "Period", () => _ = new StepDecaySchedule(1, 0) },
        { "Period", () => _ = new StepDecaySchedule(1, 1) with { Period = 0 } },
        { "Factor", () => _ = new StepDecaySchedule(1, 1, 0) },
        { "Factor", () => _ = new StepDecaySchedule(1, 1, 1.1) },
        { "Rate", () => _ = new ExponentialSchedule(-1, .5) },
        { "Factor", () => _ = new ExponentialSchedule(1, double.NaN) },
        { "Rate", () => _ = new CosineSchedule(-1, 5) },
        { "Steps", () => _ = new CosineSchedule(1, 0) },
        { "Floor", () => _ = new CosineSchedule(1, 5, -1) },
        { "Rate", () => _ = new CosineRestartsSchedule(-1, 5) },
        { "Period", () => _ = new CosineRestartsSchedule(1, 0) },
        { "Growth", () => _ = new CosineRestartsSchedule(1, 5, 0) },
        { "Floor", () => _ = new CosineRestartsSchedule(1, 5, 1, double.NaN) },
        { "steps", () => _ = CosineRestartsSchedule.ForCycles(1, 0, 1) },
        { "cycles", () => _ = CosineRestartsSchedule.ForCycles(1, 10, 0) },
        { "cycles", () => _ = CosineRestartsSchedule.ForCycles(1, 10, 11) },
        { "Rate", () => _ = new LogarithmicSchedule(-1, 5) },
        { "Steps", () => _ = new LogarithmicSchedule(1, 1) },
        { "Steps", () => _ = new LinearWarmUpSchedule(new ConstantSchedule(1), 0, .5) },
        { "StartFactor", () => _ = new LinearWarmUpSchedule(new ConstantSchedule(1), 1, 1.5) },
        { "StartFactor", () => _ = new LinearWarmUpSchedule(new ConstantSchedule(1), 1, double.NaN) },
        { "Milestones", () => _ = new MultiStepSchedule(1, [5, 5]) },
        { "Milestones", () => _ = new MultiStepSchedule(1, [0]) },
        { "Factor", () => _ = new MultiStepSchedule(1, [5], 0) },
        { "Steps", () => _ = new PolynomialSchedule(1, 0) },
        { "Power", () => _ = new PolynomialSchedule(1, 5, 0) },
        { "Low", () => _ = new CyclicSchedule(-1, 1, 5) },
        { "High", () => _ = new CyclicSchedule(0, double.NaN, 5) },
        { "Up", () => _ = new CyclicSchedule(0, 1, 0) },
        { "Down", () => _ = new CyclicSchedule(0, 1, 5, -1) },
        { "Scale", () => _ = new CyclicSchedule(0, 1, 5, 5, (CycleScale)7) },
        { "Factor", () => _ = new CyclicSchedule(0, 1, 5, 5, CycleScale.Exponential, 1.5) },
        { "Start", () => _ = new OneCycleSchedule(-1, 1, 0, 9) },
        { "Steps", () => _ = new OneCycleSchedule(0, 1, 0, 1) },
        { "Rise", () => _ = new OneCycleSchedule(0, 1, 0, 9, 1) },
        { "Rise", () => _ = new OneCycleSchedule(0, 1, 0, 9, .6, Symmetric: true) },
        { "Rate", () => _ = new GrowthSchedule(0, .9, 0) },
        { "Momentum", () => _ = new GrowthSchedule(.1, 1, 0) },
        { "WeightDecay", () => _ = new GrowthSchedule(.1, .9, .0264) },
        { "rate", () => _ = new PlateauRate(-1) },
        { "factor", () => _ = new PlateauRate(1, 1) },
        { "patience", () => _ = new PlateauRate(1, patience: -1) },
        { "threshold", () => _ = new PlateauRate(1, threshold: 1) },
        { "cooldown", () => _ = new PlateauRate(1, cooldown: -1) },
        { "least", () => _ = new PlateauRate(1, least: -1) },
        { "loss", () => new PlateauRate(1).Observe(-1) },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void Values_out_of_range_are_named(string name, Action make)
    => Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(make).ParamName);

    [Fact]
    public void A_warm_up_needs_something_to_follow()
    {
        Assert.Throws<ArgumentNullException>(() => new LinearWarmUpSchedule(null!, 1, .5));
        Assert.Throws<ArgumentNullException>(() => new LinearWarmUpSchedule(new ConstantSchedule(1), 1, .5) with { Then = null! });
    }
}
