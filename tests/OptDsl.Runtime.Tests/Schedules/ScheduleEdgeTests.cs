using System.Collections.Immutable;
using System.Reflection;
using OptDsl.Schedules;
using Xunit;

namespace OptDsl.Runtime.Tests.Schedules;

/// <summary>Schedules of few steps, phases without width, and values that only <c>with</c> sets.</summary>
public sealed class ScheduleEdgeTests
{
    private const double Start = .01, Peak = .1, End = .001;

    public static TheoryData<int, double> Cycles
    {
        get
        {
            var data = new TheoryData<int, double>();
            foreach (int steps in new[] { 2, 3, 4, 5, 10, 20, 1000, int.MaxValue })
            {
                foreach (double rise in new[] { 1e-300, .01, .05, .1, .2, .25, .3, 1 / 3.0, .5, .6, .9, 1 - (1 / 1024.0),
                    Math.BitDecrement(1) })
                {
                    data.Add(steps, rise);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cycles))]
    public void One_cycle_begins_and_ends_exactly_and_stays_between_its_values(int steps, double rise)
    {
        foreach (bool straight in new[] { false, true })
        {
            foreach (bool symmetric in rise <= .5 ? new[] { false, true } : [false])
            {
                var schedule = new OneCycleSchedule(Start, Peak, End, steps, rise, straight, symmetric);
                Assert.Equal((Start, End, End), (schedule.At(1), schedule.At(steps), schedule.At(int.MaxValue)));
                int[] tried = [.. Enumerable.Range(1, Math.Min(steps, 1000)),
                    Math.Max(1, steps - 1), (int)Math.Clamp(rise * steps, 1, steps)];
                Assert.All(tried, step => Assert.InRange(schedule.At(step), End, Peak));
            }
        }
    }

    [Fact]
    public void A_rise_of_one_step_has_no_width_and_the_fall_is_that_of_the_rest()
    {
        // The issue's: the rise would end at step 1, where it begins. From there nine steps down, by half a cosine.
        var schedule = new OneCycleSchedule(Start, Peak, End, 10, Rise: .1);
        Assert.Equal(Start, schedule.At(1));
        for (int step = 2; step <= 10; step++)
        {
            Assert.Equal(End + ((Peak - End) / 2 * (1 + Math.Cos(Math.PI * (step - 1) / 9))), schedule.At(step), 1e-15);
        }

        // With three parts neither the rise nor the way back has a width: a line from the start to the end.
        var symmetric = new OneCycleSchedule(.01, .1, .001, 10, Rise: .1, Straight: true, Symmetric: true);
        Assert.All(Enumerable.Range(1, 10), step => Assert.Equal(.01 - (.001 * (step - 1)), symmetric.At(step), 1e-15));

        // A rise of two steps reaches the peak at the second; of three parts the third begins at the third.
        Assert.Equal(Peak, new OneCycleSchedule(Start, Peak, End, 10, Rise: .2).At(2), 1e-15);
        Assert.Equal([Start, Peak, Start, End],
            Enumerable.Range(1, 4).Select(step => Math.Round(new OneCycleSchedule(Start, Peak, End, 4, .5, true, true).At(step), 15)));
        Assert.Equal("Rise", Assert.Throws<ArgumentOutOfRangeException>(() =>
            new OneCycleSchedule(Start, Peak, End, 10, .6) with { Symmetric = true }).ParamName);
        Assert.Equal(End, (new OneCycleSchedule(Start, Peak, End, 10, .6) with { Rise = .4, Symmetric = true }).At(10));
    }

    public static TheoryData<ISchedule> Shortest =>
    [
        new StepDecaySchedule(.2, 1), new CosineSchedule(.2, 1), new CosineSchedule(.2, 1, .1),
        new CosineSchedule(.2, 1, Swings: true), new CosineSchedule(.2, 2), new CosineRestartsSchedule(.2, 1),
        new CosineRestartsSchedule(.2, 1, 2), new CosineRestartsSchedule(.2, 1, int.MaxValue),
        new CosineRestartsSchedule(.2, int.MaxValue, int.MaxValue), new LogarithmicSchedule(.2, 2),
        new LogarithmicSchedule(.2, 2, Restarts: true), new MultiStepSchedule(.2, [1]),
        new MultiStepSchedule(.2, [1, 2, int.MaxValue]), new PolynomialSchedule(.2, 1), new PolynomialSchedule(.2, 1, 1e-300),
        new CyclicSchedule(.2, .1, 1), new CyclicSchedule(.2, .1, 1, 1, CycleScale.Halving),
        new CyclicSchedule(.2, .1, 1, 2, CycleScale.Exponential, .5), new CyclicSchedule(.2, .1, int.MaxValue, int.MaxValue),
        new OneCycleSchedule(.2, .1, .05, 2), new OneCycleSchedule(.2, .1, .05, 2, .5, true, true), new ExponentialSchedule(.2, 1),
        new InverseTimeSchedule(.2, double.MaxValue), new PowerSchedule(.2, double.MaxValue),
        new LinearWarmUpSchedule(new ConstantSchedule(.2), 1, 1),
        new LinearWarmUpSchedule(new CosineSchedule(.2, 1), int.MaxValue, 1), new ProductSchedule(new CosineSchedule(1, 1),
        new PolynomialSchedule(.2, 1)),
        new GrowthSchedule(.2, 0, 0), CosineRestartsSchedule.ForCycles(.2, 1, 1),
    ];

    [Theory]
    [MemberData(nameof(Shortest), DisableDiscoveryEnumeration = true)]
    public void The_shortest_schedules_have_a_number_at_every_step(ISchedule schedule)
    {
        Assert.Equal(.2, schedule.At(1));
        Assert.All(new[] { 1, 2, 3, 4, 5, 1000, int.MaxValue - 1, int.MaxValue }, step => Assert.InRange(schedule.At(step), 0, .2));
        Assert.All(new[] { 0, -1, int.MinValue }, step =>
            Assert.Equal("step", Assert.Throws<ArgumentOutOfRangeException>(() => schedule.At(step)).ParamName));
    }

    [Fact]
    public void A_rate_that_has_grown_past_a_double_is_no_silent_infinity()
    {
        Assert.Contains("GrowthSchedule is Infinity at step 2000", Assert.Throws<OverflowException>(() =>
            new GrowthSchedule(.1, 0, 9).At(2000)).Message, StringComparison.Ordinal);
        Assert.Throws<OverflowException>(() => new MultiStepSchedule(1, [1, 2], 1e300).At(3));
        Assert.Equal(0, new MultiStepSchedule(0, [1, 2], 1e300).At(3));
        Assert.Throws<OverflowException>(() => new ProductSchedule(new ConstantSchedule(1e300), new ConstantSchedule(1e300)).At(1));
        Assert.Equal("WeightDecay", Assert.Throws<ArgumentOutOfRangeException>(() => new GrowthSchedule(.1, 0, 10)).ParamName);
        Assert.Equal("WeightDecay", Assert.Throws<ArgumentOutOfRangeException>(() =>
            new GrowthSchedule(1e-320, 0, double.PositiveInfinity)).ParamName);
    }

    /// <summary>
    /// Every value of every schedule that the constructor refuses beside the others, <c>with</c> refuses, and by the same name.
    /// </summary>
    [Fact]
    public void What_the_constructor_refuses_with_refuses()
    {
        ISchedule[] from =
        [
            new ConstantSchedule(.2), new InverseTimeSchedule(.2), new PowerSchedule(.2), new StepDecaySchedule(.2, 30),
            new ExponentialSchedule(.2, .99), new CosineSchedule(.2, 100), new CosineRestartsSchedule(.2, 40),
            new LogarithmicSchedule(.2, 1000), new MultiStepSchedule(.2, [3, 40]), new PolynomialSchedule(.2, 90, 2),
            new ProductSchedule(new ConstantSchedule(.5), new ConstantSchedule(.4)),
            new CyclicSchedule(.2, .1, 7, 4), new OneCycleSchedule(.2, .1, .05, 300, .6),
            new OneCycleSchedule(.2, .1, .05, 300, .3, Symmetric: true), new LinearWarmUpSchedule(new ConstantSchedule(1), 3, .1),
            new GrowthSchedule(.1, .9, 1e-3),
        ];
        Assert.Equal([], typeof(ISchedule).Assembly.GetExportedTypes()
            .Where(type => type.IsClass && typeof(ISchedule).IsAssignableFrom(type)).Except(from.Select(schedule => schedule.GetType())));
        int refused = 0;
        foreach (ISchedule schedule in from)
        {
            ConstructorInfo constructor = schedule.GetType().GetConstructors().Single();
            MethodInfo clone = schedule.GetType().GetMethod("<Clone>$")!;
            foreach (PropertyInfo property in constructor.GetParameters().
            Select(parameter => schedule.GetType().GetProperty(parameter.Name!)!).Where(property => property.CanWrite))
            {
                foreach (object? value in Tried(property.PropertyType))
                {
                    object?[] arguments = [.. constructor.GetParameters().
                        Select(parameter => parameter.Name == property.Name ? value :
                             schedule.GetType().GetProperty(parameter.Name!)!.GetValue(schedule))];
                    Exception? expected = Thrown(() => constructor.Invoke(arguments));
                    Exception? found = Thrown(() => property.SetValue(clone.Invoke(schedule, null), value));
                    Assert.Equal((expected?.GetType(), (expected as ArgumentException)?.ParamName), (
                        found?.GetType(), (found as ArgumentException)?.ParamName));
                    refused += found is null ? 0 : 1;
                }
            }
        }

        Assert.InRange(refused, 100, int.MaxValue);

        static object?[] Tried(Type type)
            => type == typeof(double) ?
             [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -1.0, -1e-300, 0.0, .4, .5, .7, 1.0, 1.1]
                : type == typeof(int) ? [int.MinValue, -1, 0, 1, 2, int.MaxValue]
                : type == typeof(bool) ? [false, true]
                : type.IsEnum ? [Enum.ToObject(type, -1), Enum.ToObject(type, 0), Enum.ToObject(type, 99)]
                : type == typeof(ImmutableArray<int>) ?
                 [default(ImmutableArray<int>), ImmutableArray<int>.Empty, ImmutableArray.Create(0),
                  ImmutableArray.Create(2, 2), ImmutableArray.Create(2, 3)]
                : type == typeof(ISchedule) ? [null, new ConstantSchedule(1)]
                : throw new NotSupportedException($"No values of {type} are known; add some.");

        static Exception? Thrown(Action action)
        {
            try
            {
                action();
                return null;
            }
            catch (TargetInvocationException exception)
            {
                return exception.InnerException;
            }
        }
    }
}
