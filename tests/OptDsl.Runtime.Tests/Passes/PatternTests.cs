using Xunit;

namespace OptDsl.Runtime.Tests.Passes;

/// <summary>Patterns match what C# says they match: what the compiler makes of the author's methods is the oracle.</summary>
public sealed class PatternTests
{
    private static readonly double[] Special = [double.NaN, -double.NaN, 0, -0.0, 0.1, 0.5, 1, 1.5, 2, 3, -1, -7, 1e301, double.MaxValue,
        double.PositiveInfinity, double.NegativeInfinity, double.Epsilon];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2)]
    [InlineData(9)]
    public void A_pattern_matches_what_it_matches_in_the_declaration(double limit)
    {
        using ParameterBuffer<double> buffer = Sample.Buffer<double>([.. Special.Select((_, i) => ($"t{i}", new nint[] { 2 }, "g"))]);
        buffer.Values.Clear();
        var rule = new Patterns(limit);
        Optimizer<double, Patterns> optimizer = buffer.Optimize(rule);
        for (int i = 0; i < Special.Length; i++)
        {
            optimizer.SetTensorInput("x", buffer.Tensors[i], Special[i]);
        }

        buffer.Gradients.Fill(1);
        optimizer.Step(Token);
        OptimizerSnapshot<double> snapshot = optimizer.Snapshot();
        for (int i = 0; i < Special.Length; i++)
        {
            double x = Special[i];
            (string Name, double Value)[] expected =
            [
                ("BadFirst", Patterns.BadFirst(x)), ("BadLast", Patterns.BadLast(x)), ("BadNamed", Patterns.BadNamed(x)),
                    ("Zero", Patterns.Zero(x)),
                ("NegativeZero", Patterns.NegativeZero(x)), ("Infinite", Patterns.Infinite(x)), ("Guarded", rule.Guarded(x)),
                    ("Computed", Patterns.Computed(x)),
                ("Single", Patterns.Single(x)), ("Whole", Patterns.Whole(x, 1)), ("Truth", Patterns.Truth(x)),
                    ("Itself", Patterns.Itself(x)),
            ];
            Assert.All(expected,
                pair => Assert.True(pair.Value == snapshot.GetTensorState($"t{i}", pair.Name)[0],
                    $"{pair.Name} of {x} is {snapshot.GetTensorState($"t{i}", pair.Name)[0]} and not {pair.Value}"));
            Assert.Equal(-Patterns.BadFirst(x), buffer.Tensors[i].Values[0]);
        }
    }

    /// <summary>That the oracle means what is to be shown.</summary>
    [Fact]
    public void In_the_declaration_NaN_matches_itself_and_zeros_match_each_other()
    {
        Assert.Equal((1, 2), (Patterns.BadFirst(double.NaN), Patterns.BadFirst(0)));
        Assert.Equal((3, 2), (Patterns.BadLast(double.NaN), Patterns.BadLast(-0.0)));
        Assert.Equal((1, 1, 0), (Patterns.Zero(-0.0), Patterns.NegativeZero(0), Patterns.Computed(1)));
        Assert.Equal((5, 1), (new Patterns().Guarded(double.NaN), new Patterns(9).Guarded(double.NaN)));
    }
}
