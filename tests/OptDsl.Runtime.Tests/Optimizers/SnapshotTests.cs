using OptDsl.Rules;
using Xunit;

namespace OptDsl.Runtime.Tests.Optimizers;

public sealed class SnapshotTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_snapshot_holds_steps_states_and_uniform_states_and_does_not_change()
    {
        using ParameterBuffer<double> buffer = Create(2);
        Optimizer<double, CountingRule> optimizer = buffer.Optimize(new CountingRule());
        optimizer.Step(Token);
        optimizer.Step(Token);
        OptimizerSnapshot<double> snapshot = optimizer.Snapshot();
        double[] total = snapshot["Total"].ToArray();
        optimizer.Step(Token);
        Assert.Equal(2, snapshot.StepCount);
        Assert.Equal(total, snapshot["Total"]);
        Assert.NotEqual(total, optimizer.State["Total"].ToArray());
        Assert.Equal(2, snapshot.GetUniformState("a", "Steps"));
        Assert.Equal(3, optimizer.Snapshot().GetUniformState("b", "Steps"));
    }

    [Fact]
    public void Restoring_continues_with_the_same_bits()
    {
        using ParameterBuffer<double> buffer = Create(2), other = Create(2);
        Optimizer<double, CountingRule> one = buffer.Optimize(new CountingRule()), two = other.Optimize(new CountingRule());
        one.Step(Token);
        two.Restore(one.Snapshot());
        buffer.Values.CopyTo(other.Values);
        one.Step(Token);
        two.Step(Token);
        Assert.Equal(2, two.StepCount);
        Assert.Equal(buffer.Values, other.Values);
        Assert.Equal(one.State["Total"], two.State["Total"]);
    }

    [Fact]
    public void A_snapshot_before_the_first_step_starts_anew()
    {
        using ParameterBuffer<double> buffer = Create(2);
        Optimizer<double, CountingRule> optimizer = buffer.Optimize(new CountingRule());
        OptimizerSnapshot<double> fresh = optimizer.Snapshot();
        optimizer.Step(Token);
        double[] values = buffer.Values.ToArray();
        optimizer.Step(Token);
        optimizer.Restore(fresh);
        Create(2).Values.CopyTo(buffer.Values);
        optimizer.Step(Token);
        Assert.Equal(values, buffer.Values);
        Assert.Equal(1, optimizer.StepCount);
    }

    [Fact]
    public void A_snapshot_in_float_continues_in_double_and_back()
    {
        using ParameterBuffer<float> single = new();
        using ParameterBuffer<double> twice = new();
        single.Add("x", [3]).Gradients.Fill(0.1f);
        twice.Add("x", [3]).Gradients.Fill(0.1);
        Optimizer<float, Adam> narrow = single.Optimize(new Adam());
        Optimizer<double, Adam> wide = twice.Optimize(new Adam());
        narrow.Step(Token);
        wide.Restore(narrow.Snapshot().ConvertTo<double>());
        Assert.Equal(1, wide.StepCount);
        Assert.Equal((double)narrow.State["Mean"][2], wide.State["Mean"][2]);
        Assert.Equal(narrow.State["Mean"], wide.Snapshot().ConvertTo<float>()["Mean"]);
    }

    [Fact]
    public void What_does_not_match_is_refused_and_nothing_is_changed()
    {
        using ParameterBuffer<double> buffer = Create(2), longer = Create(3);
        using var renamed = new ParameterBuffer<double>();
        renamed.Add("first", [2], "a");
        Optimizer<double, CountingRule> optimizer = buffer.Optimize(new CountingRule());
        optimizer.Step(Token);
        double[] before = optimizer.State["Total"].ToArray();
        ArgumentException rule = Assert.Throws<ArgumentException>(() => optimizer.Restore(buffer.Optimize(new Adam()).Snapshot()));
        Assert.Contains("of Adam with the states 'Mean', 'MeanSquare'", rule.Message, StringComparison.Ordinal);
        ArgumentException length = Assert.Throws<ArgumentException>(() =>
            optimizer.Restore(longer.Optimize(new CountingRule()).Snapshot()));
        Assert.Contains("tensor 0 is 'first' of 3 in group 'a', the buffer's is 'first' of 2 in group 'a'", length.Message,
            StringComparison.Ordinal);
        ArgumentException missing = Assert.Throws<ArgumentException>(() =>
            optimizer.Restore(renamed.Optimize(new CountingRule()).Snapshot()));
        Assert.Contains("tensor 1 is missing", missing.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => optimizer.Restore(null!));
        Assert.Equal(before, optimizer.State["Total"]);
        Assert.Equal(1, optimizer.StepCount);
    }

    [Fact]
    public void Unknown_names_are_refused_with_the_known_ones()
    {
        using ParameterBuffer<double> buffer = Create(2);
        OptimizerSnapshot<double> snapshot = buffer.Optimize(new CountingRule()).Snapshot();
        Assert.Contains("no per-parameter state 'Steps'; it has 'Total'",
            Assert.Throws<KeyNotFoundException>(() => snapshot["Steps"].Length).Message, StringComparison.Ordinal);
        Assert.Contains("no uniform state 'Total'; it has 'Steps'",
            Assert.Throws<KeyNotFoundException>(() => snapshot.GetUniformState("a", "Total")).Message, StringComparison.Ordinal);
        Assert.Contains("no group 'c'; the groups are 'a', 'b'",
            Assert.Throws<KeyNotFoundException>(() => snapshot.GetUniformState("c", "Steps")).Message, StringComparison.Ordinal);
    }

    private static ParameterBuffer<double> Create(int length)
    {
        var buffer = new ParameterBuffer<double>();
        buffer.Add("first", [length], "a");
        buffer.Add("second", [length], "b");
        for (int i = 0; i < buffer.Count; i++)
        {
            buffer.Values[i] = i;
            buffer.Gradients[i] = 0.1 * (i - 1);
        }

        return buffer;
    }
}
