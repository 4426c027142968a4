using OptDsl.Rules;
using Xunit;

namespace OptDsl.Runtime.Tests.Optimizers;

public sealed class OptimizerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Adam_is_the_published_algorithm()
    {
        using var buffer = new ParameterBuffer<double>();
        buffer.Add("a", [7]);
        buffer.Add("b", [3, 10]);
        double[] p = new double[37], m = new double[37], v = new double[37];
        for (int i = 0; i < p.Length; i++)
        {
            p[i] = buffer.Values[i] = Math.Sin(i);
        }

        Optimizer<double, Adam> adam = buffer.Optimize(new Adam(LearningRate: .01));
        for (int t = 1; t <= 20; t++)
        {
            for (int i = 0; i < p.Length; i++)
            {
                double g = buffer.Gradients[i] = Math.Cos((3 * i) + t);
                m[i] = (.9 * m[i]) + (.1 * g);
                v[i] = (.999 * v[i]) + (.001 * g * g);
                p[i] -= .01 * (m[i] / (1 - Math.Pow(.9, t))) / (Math.Sqrt(v[i] / (1 - Math.Pow(.999, t))) + 1e-8);
            }

            Assert.True(adam.Step(Token));
            Assert.Equal(t, adam.StepCount);
        }

        Near(p, buffer.Values, 1e-14);
        Near(m, adam.State["Mean"], 1e-15);
        Near(v, adam.State["MeanSquare"], 1e-15);
        Near(m.AsSpan(7), adam.State["Mean", buffer["b"]], 1e-15);
    }

    [Fact]
    public void Groups_step_by_their_own_rule_and_the_rest_by_the_optimizers()
    {
        using var buffer = new ParameterBuffer<float>();
        ParameterTensor<float>[] tensors = [buffer.Add("a", [5]), buffer.Add("b", [6], "other"), buffer.Add("c", [7]),
            buffer.Add("d", [8], "other")];
        buffer.Gradients.Fill(1);
        Optimizer<float, Sgd> sgd = buffer.Optimize(new Sgd(1));
        Assert.Equal([ParameterGroup.Default, "other"], sgd.Groups.Keys.Order());
        Assert.Equal("other", sgd.Groups["other"].Name);
        Assert.Same(sgd.Rule, sgd.Groups["other"].Rule);

        sgd.Step(Token);
        sgd.Groups["other"].Rule = new Sgd(10);
        sgd.Step(Token);
        Expect(-2, -11, -2, -11);

        // A new rule for all leaves a group's own alone, until the group gives it back.
        sgd.Rule = new Sgd(100);
        sgd.Step(Token);
        Expect(-102, -21, -102, -21);
        sgd.Groups["other"].Rule = null;
        Assert.Same(sgd.Rule, sgd.Groups["other"].Rule);
        sgd.Step(Token);
        Expect(-202, -121, -202, -121);

        void Expect(params float[] values)
        {
            for (int i = 0; i < tensors.Length; i++)
            {
                Assert.True(tensors[i].Values.IndexOfAnyExcept(values[i]) < 0,
                    $"{tensors[i].Name} is {tensors[i].Values[0]}, not {values[i]}");
            }
        }
    }

    [Fact]
    public void A_new_rule_keeps_the_state_and_the_step()
    {
        using var buffer = new ParameterBuffer<double>();
        buffer.Add("a", [3]);
        buffer.Gradients.Fill(1);
        Optimizer<double, Momentum> momentum = buffer.Optimize(new Momentum(LearningRate: 1, Decay: .5));
        momentum.Step(Token);
        Momentum old = momentum.Rule;
        momentum.Rule = old with { LearningRate = 10 };
        momentum.Step(Token);
        Assert.Equal(1, old.LearningRate);
        Assert.Equal(2, momentum.StepCount);
        Assert.Equal(1.5, momentum.State["Velocity"][2]);
        Assert.Equal(-1 - 15, buffer.Values[2]);
    }

    [Fact]
    public void A_rule_out_of_range_is_refused_and_the_old_one_stays()
    {
        using var buffer = new ParameterBuffer<float>();
        buffer.Add("a", [3]);
        Assert.Equal("Beta1", Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Optimize(new Adam(Beta1: 1))).ParamName);
        Assert.Equal("LearningRate",
            Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Optimize(new Adam(LearningRate: double.NaN))).ParamName);
        Assert.Throws<ArgumentNullException>(() => buffer.Optimize<Adam>(null!));
        Optimizer<float, Adam> adam = buffer.Optimize(new Adam());
        Adam rule = adam.Rule;
        Assert.Throws<ArgumentOutOfRangeException>(() => adam.Rule = rule with { Epsilon = 1e-60 });
        Assert.Throws<ArgumentOutOfRangeException>(() => adam.Groups[ParameterGroup.Default].Rule = rule with { Beta2 = -.1 });
        Assert.Throws<ArgumentNullException>(() => adam.Rule = null!);
        Assert.Same(rule, adam.Rule);
        Assert.Same(rule, adam.Groups[ParameterGroup.Default].Rule);
    }

    [Fact]
    public void Options_are_checked()
    {
        using var buffer = new ParameterBuffer<float>();
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Optimize(new Adam(), new OptimizerOptions { RefusalLimit = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            buffer.Optimize(new Adam(), new OptimizerOptions { OnNonFinite = (OnNonFinite)7 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Optimize(new Adam(), new OptimizerOptions { Width = (SimdWidth)7 }));
    }

    [Fact]
    public void Every_group_has_its_own_uniform_state_and_initial()
    {
        using var buffer = new ParameterBuffer<double>();
        ParameterTensor<double> a = buffer.Add("a", [2]), b = buffer.Add("b", [2], "g"), c = buffer.Add("c", [2]);
        Optimizer<double, CountingRule> counting = buffer.Optimize(new CountingRule(High: 100));
        counting.Groups["g"].Rule = counting.Rule with { Start = 5 };
        buffer.Gradients.Fill(1);

        // Weights are often loaded after construction.
        buffer.Values.Fill(1000);
        for (int i = 0; i < 3; i++)
        {
            counting.Step(Token);
        }

        Assert.Equal([5, 5, 8, 8, 5, 5], counting.State["Total"].ToArray());
        Assert.Equal(1000 - (3 * 1) - (4 * 2) - (5 * 3), a.Values[1]);
        Assert.Equal(1000 - (6 * 1) - (7 * 2) - (8 * 3), b.Values[1]);
        Assert.Equal(a.Values.ToArray(), c.Values.ToArray());
    }

    [Fact]
    public void A_failing_condition_of_any_group_leaves_everything_untouched()
    {
        using var buffer = new ParameterBuffer<double>();
        buffer.Add("a", [40]);
        buffer.Add("b", [3], "g");
        Optimizer<double, CountingRule> counting = buffer.Optimize(new CountingRule());
        buffer.Gradients.Fill(.25);
        counting.Step(Token);
        double[] values = buffer.Values.ToArray(), totals = counting.State["Total"].ToArray();
        counting.Groups["g"].Rule = counting.Rule with { Low = 3, High = 2 };
        Assert.Throws<ArgumentException>(() => counting.Step(Token));
        Assert.Throws<ArgumentException>(() => counting.StepReference(Token));
        Assert.Equal(1, counting.StepCount);
        Assert.Equal(values, buffer.Values.ToArray());
        Assert.Equal(totals, counting.State["Total"].ToArray());

        // The failed attempts did not count as steps of the uniform state either.
        counting.Groups["g"].Rule = null;
        counting.Step(Token);
        Assert.Equal(values[0] - (1 * 2), buffer.Values[0]);
    }

    [Fact]
    public void Cancellation_is_observed_before_anything_is_written()
    {
        using var buffer = new ParameterBuffer<float>();
        buffer.Add("a", [100]);
        buffer.Gradients.Fill(1);
        Optimizer<float, Momentum> momentum = buffer.Optimize(new Momentum());
        momentum.Step(Token);
        float[] values = buffer.Values.ToArray(), velocity = momentum.State["Velocity"].ToArray();
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => momentum.Step(source.Token));
        Assert.Throws<OperationCanceledException>(() => momentum.StepReference(source.Token));
        Assert.Equal(values, buffer.Values.ToArray());
        Assert.Equal(velocity, momentum.State["Velocity"].ToArray());
        Assert.Equal(1, momentum.StepCount);
    }

    [Theory]
    [InlineData(OnNonFinite.Ignore)]
    [InlineData(OnNonFinite.Throw)]
    [InlineData(OnNonFinite.Refuse)]
    public void A_step_allocates_nothing(OnNonFinite onNonFinite)
    {
        using var buffer = new ParameterBuffer<float>();
        for (int i = 0; i < 20; i++)
        {
            buffer.Add($"t{i}", [37], $"g{i % 3}");
        }

        buffer.Gradients.Fill(1);
        var options = new OptimizerOptions { OnNonFinite = onNonFinite };
        Optimizer<float, Adam> adam = buffer.Optimize(new Adam(), options);
        Optimizer<float, CountingRule> counting = buffer.Optimize(new CountingRule(), options);
        Sgd[] rates = [new(.1), new(.2)];
        Optimizer<float, Sgd> sgd = buffer.Optimize(rates[0], options);
        CancellationToken token = Token;
        Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run()
        {
            for (int i = 0; i < 10; i++)
            {
                adam.Step(token);
                adam.StepReference(token);
                counting.Step(token);
                sgd.Rule = rates[i & 1];
                sgd.Step(token);
            }
        }
    }

    [Fact]
    public void State_is_found_by_name_and_belongs_to_its_buffer()
    {
        using var buffer = new ParameterBuffer<float>();
        ParameterTensor<float> a = buffer.Add("a", [3]);
        using var stranger = new ParameterBuffer<float>();
        ParameterTensor<float> other = stranger.Add("a", [3]);
        Optimizer<float, Adam> adam = buffer.Optimize(new Adam());
        Assert.Equal(["Mean", "MeanSquare"], adam.State.Names);
        Assert.Equal(3, adam.State["Mean", a].Length);
        Assert.Contains("'MeanSquare'", Assert.Throws<KeyNotFoundException>(() => adam.State["meanSquare"].Length).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => adam.State["Mean", other].Length);
        Assert.Throws<KeyNotFoundException>(() => buffer.Optimize(new Sgd()).State["Mean"].Length);

        // A uniform state is one of the schema, but not one value a parameter.
        Optimizer<float, CountingRule> counting = buffer.Optimize(new CountingRule());
        Assert.Equal(["Total"], counting.State.Names);
        Assert.Throws<KeyNotFoundException>(() => counting.State["Steps"].Length);
    }

    [Fact]
    public void Optimizers_of_one_buffer_have_states_of_their_own()
    {
        using var buffer = new ParameterBuffer<double>();
        buffer.Add("a", [3]);
        buffer.Gradients.Fill(1);
        Optimizer<double, Momentum> first = buffer.Optimize(new Momentum(1, .5)), second = buffer.Optimize(new Momentum(1, .5));
        first.Step(Token);
        first.Step(Token);
        second.Step(Token);
        Assert.Equal(1.5, first.State["Velocity"][0]);
        Assert.Equal(1, second.State["Velocity"][0]);
        Assert.Equal(-1 - 1.5 - 1, buffer.Values[0]);
    }

    [Fact]
    public void The_widest_width_is_one_of_the_processors()
    {
        using var buffer = new ParameterBuffer<float>();
        SimdWidth adam = buffer.Optimize(new Adam()).Width, streaming = buffer.Optimize(new Momentum()).Width;
        Assert.NotEqual(SimdWidth.Widest, adam);
        Assert.Equal(System.Runtime.Intrinsics.Vector512.IsHardwareAccelerated, adam == SimdWidth.Bits512);
        Assert.Equal(adam == SimdWidth.Bits512 ? SimdWidth.Bits256 : adam, streaming);
        Assert.Equal(SimdWidth.Bits128, buffer.Optimize(new Adam(), new OptimizerOptions { Width = SimdWidth.Bits128 }).Width);
    }

    private static void Near(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], tolerance);
        }
    }
}
