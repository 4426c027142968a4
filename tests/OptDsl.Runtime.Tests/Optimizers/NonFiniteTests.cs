using System.Numerics.Tensors;
using OptDsl.Rules;
using Xunit;

namespace OptDsl.Runtime.Tests.Optimizers;

public sealed class NonFiniteTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<SimdWidth> Widths => [SimdWidth.Scalar, SimdWidth.Bits128, SimdWidth.Bits256, SimdWidth.Bits512];

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_gradient_that_is_not_finite_is_noticed_wherever_it_lies(SimdWidth width)
    {
        // 83 is unrolled rounds, single vectors and a tail at every width.
        foreach (float bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            for (int place = 0; place < 83; place++)
            {
                using var buffer = new ParameterBuffer<float>();
                buffer.Add("a", [50]);
                buffer.Add("b", [3, 11]);
                buffer.Gradients[place] = bad;
                Optimizer<float, Adam> adam = buffer.Optimize(new Adam(), new OptimizerOptions { Width = width });
                NonFiniteException error = Assert.Throws<NonFiniteException>(() => adam.Step(Token));
                Assert.Equal(("gradient", place < 50 ? "a" : "b", place % 50, 1), (error.Quantity, error.Tensor, error.Index, error.Step));
                Assert.Equal(bad, error.Value);
                Assert.Contains($"'{error.Tensor}' at index {error.Index}", error.Message, StringComparison.Ordinal);
                Assert.Equal(1, adam.StepCount);
            }
        }
    }

    public static TheoryData<string, Func<SimdWidth, bool>> RulesAndOutcomes => new()
    {
        { "Sgd", width => Outcome(new Sgd(1e3), width) },
        { "Momentum", width => Outcome(new Momentum(1e3), width) },
        { "NesterovMomentum", width => Outcome(new NesterovMomentum(1e3), width) },
        { "VelocityMomentum", width => Outcome(new VelocityMomentum(1e3), width) },
        { "MeanMomentum", width => Outcome(new MeanMomentum(1e3), width) },
        { "AdaGrad", width => Outcome(new AdaGrad(1e3), width) },
        { "RmsProp", width => Outcome(new RmsProp(1e3), width) },
        { "RmsPropRootEpsilon", width => Outcome(new RmsPropRootEpsilon(1e3), width) },
        { "RmsPropVariance", width => Outcome(new RmsPropVariance(1e3), width) },
        { "Adam", width => Outcome(new Adam(1e3), width) },
        { "AdamW", width => Outcome(new AdamW(1e3), width) },
        { "GrowingWindowAdam", width => Outcome(new GrowingWindowAdam(1e3), width) },
        { "Lion", width => Outcome(new Lion(1e3), width) },
        { "CountingRule", width => Outcome(new CountingRule(1e3), width) },
        { "HidingRule", width => Outcome(new HidingRule(1e3), width) },
        { "DeafRule", width => Outcome(new DeafRule(1e3), width) },
    };

    [Theory]
    [MemberData(nameof(RulesAndOutcomes), DisableDiscoveryEnumeration = true)]
    public void A_step_throws_exactly_if_something_is_not_finite(string rule, Func<SimdWidth, bool> outcome)
    {
        bool thrown = outcome(SimdWidth.Scalar) & outcome(SimdWidth.Bits128) & outcome(SimdWidth.Bits256) & outcome(SimdWidth.Bits512);
        Assert.True(thrown, $"{rule} never met a value that is not finite");
    }

    [Fact]
    public void Finite_values_whose_sum_overflows_are_no_fault()
    {
        using var buffer = new ParameterBuffer<float>();
        buffer.Add("a", [1000]);
        buffer.Values.Fill(float.MaxValue);
        Optimizer<float, Momentum> momentum = buffer.Optimize(new Momentum());
        Assert.True(momentum.Step(Token));
        Assert.Equal(1, momentum.StepCount);
    }

    [Fact]
    public void What_the_step_makes_is_named()
    {
        using var buffer = new ParameterBuffer<float>();
        buffer.Add("a", [20]);
        buffer.Values[7] = -3e38f;
        buffer.Gradients[7] = 1e38f;
        Optimizer<float, Sgd> sgd = buffer.Optimize(new Sgd(10));
        NonFiniteException error = Assert.Throws<NonFiniteException>(() => sgd.Step(Token));
        Assert.Equal(("parameter", 7, double.NegativeInfinity), (error.Quantity, error.Index, error.Value));

        using var hidden = new ParameterBuffer<float>();
        hidden.Add("a", [20]);
        hidden.Gradients[19] = 1e30f;
        Optimizer<float, HidingRule> hiding = hidden.Optimize(new HidingRule());
        error = Assert.Throws<NonFiniteException>(() => hiding.Step(Token));
        Assert.Equal(("Energy", "a", 19, double.PositiveInfinity), (error.Quantity, error.Tensor, error.Index, error.Value));
        Assert.Equal(-1, hidden.Values[19]);
    }

    [Fact]
    public void Ignore_does_not_look()
    {
        using var buffer = new ParameterBuffer<float>();
        buffer.Add("a", [20]);
        buffer.Gradients[3] = float.NaN;
        Optimizer<float, Momentum> momentum = buffer.Optimize(new Momentum(), new OptimizerOptions { OnNonFinite = OnNonFinite.Ignore });
        Assert.True(momentum.Step(Token));
        Assert.True(float.IsNaN(buffer.Values[3]));
        Assert.True(momentum.StepReference(Token));
    }

    [Fact]
    public void The_reference_throws_as_the_kernel_does()
    {
        using var buffer = new ParameterBuffer<float>();
        buffer.Add("a", [20]);
        buffer.Gradients[3] = float.NaN;
        Optimizer<float, Momentum> momentum = buffer.Optimize(new Momentum());
        Assert.Throws<NonFiniteException>(() => momentum.StepReference(Token));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_refused_step_leaves_every_bit_where_it_was(float bad)
    {
        using var buffer = new ParameterBuffer<float>();
        buffer.Add("a", [50]);
        buffer.Add("b", [7], "g");
        Optimizer<float, Adam> adam = buffer.Optimize(new Adam(),
            new OptimizerOptions { OnNonFinite = OnNonFinite.Refuse, RefusalLimit = 2 });
        buffer.Gradients.Fill(.5f);
        Assert.True(adam.Step(Token));
        float[] values = buffer.Values.ToArray(), means = adam.State["Mean"].ToArray(), squares = adam.State["MeanSquare"].ToArray();

        buffer.Gradients[56] = bad;
        Assert.False(adam.Step(Token));
        Assert.False(adam.StepReference(Token));
        Untouched();

        // Past the limit it throws, and still nothing has moved.
        for (int i = 0; i < 2; i++)
        {
            NonFiniteException error = Assert.Throws<NonFiniteException>(() => adam.Step(Token));
            Assert.Equal(("gradient", "b", 6, 2), (error.Quantity, error.Tensor, error.Index, error.Step));
            Untouched();
        }

        Assert.Equal(4, adam.RefusedCount);

        // A step that is made starts the count of refusals in a row anew.
        buffer.Gradients[56] = .5f;
        Assert.True(adam.Step(Token));
        Assert.Equal(2, adam.StepCount);
        buffer.Gradients[56] = bad;
        Assert.False(adam.Step(Token));
        Assert.False(adam.Step(Token));
        Assert.Throws<NonFiniteException>(() => adam.Step(Token));

        void Untouched()
        {
            Assert.Equal(1, adam.StepCount);
            Assert.Equal(values, buffer.Values.ToArray());
            Assert.Equal(means, adam.State["Mean"].ToArray());
            Assert.Equal(squares, adam.State["MeanSquare"].ToArray());
        }
    }

    [Fact]
    public void A_refused_first_step_is_not_the_first()
    {
        using var buffer = new ParameterBuffer<double>();
        buffer.Add("a", [3]);
        Optimizer<double, CountingRule> counting = buffer.Optimize(new CountingRule(),
            new OptimizerOptions { OnNonFinite = OnNonFinite.Refuse });
        buffer.Gradients.Fill(double.NaN);
        Assert.False(counting.Step(Token));
        Assert.Equal(0, counting.StepCount);
        buffer.Gradients.Fill(.25);
        counting.Rule = counting.Rule with { Start = .5 };
        Assert.True(counting.Step(Token));
        Assert.Equal(.75, counting.State["Total"][0]);
        Assert.Equal(-.75, buffer.Values[0]);
    }

    [Fact]
    public void Refuse_throws_for_what_a_finite_gradient_makes()
    {
        using var buffer = new ParameterBuffer<float>();
        buffer.Add("a", [3]);
        buffer.Gradients.Fill(1e30f);
        Optimizer<float, HidingRule> hiding = buffer.Optimize(new HidingRule(), new OptimizerOptions { OnNonFinite = OnNonFinite.Refuse });
        Assert.Equal("Energy", Assert.Throws<NonFiniteException>(() => hiding.Step(Token)).Quantity);
        Assert.Equal(0, hiding.RefusedCount);
    }

    // Wild gradients; returns whether any step threw, having required that it throws exactly if it must.
    private static bool Outcome<TRule>(TRule rule, SimdWidth width)
        where TRule : class, IUpdateRule<float>
    {
        var random = new Random(3);
        bool any = false;
        for (int round = 0; round < 60; round++)
        {
            using var buffer = new ParameterBuffer<float>();
            buffer.Add("a", [67]);
            Optimizer<float, TRule> optimizer = buffer.Optimize(rule, new OptimizerOptions { Width = width });
            foreach (ref float value in buffer.Values)
            {
                value = Small();
            }

            for (int step = 1; step <= 4; step++)
            {
                foreach (ref float value in buffer.Gradients)
                {
                    value = Small();
                }

                buffer.Gradients[random.Next(67)] = (round % 4) switch
                {
                    0 => (float)(random.NextDouble() * 3e38),
                    1 => -1e25f,
                    2 => float.NegativeInfinity,
                    _ => float.NaN,
                };

                bool thrown = false;
                try
                {
                    optimizer.Step(Token);
                }
                catch (NonFiniteException)
                {
                    thrown = true;
                }

                bool finite = Finite(buffer.Gradients) && Finite(buffer.Values)
                    && optimizer.State.Names.All(name => Finite(optimizer.State[name]));
                Assert.True(thrown != finite,
                    $"{typeof(TRule).Name} at {width}, round {round}, step {step}: thrown {thrown}, finite {finite}");
                any |= thrown;
            }
        }

        return any;

        float Small() => (float)random.NextDouble() - .5f;

        static bool Finite(ReadOnlySpan<float> values) => TensorPrimitives.IsFiniteAll(values);
    }
}
