using OptDsl;
using Xunit;

namespace MyNamespace.Tests;

public class MyRuleTests
{
    /// <summary>On double, at every vector width, length, alignment and number of threads, bit for bit.</summary>
    [Fact]
    public void The_kernel_equals_the_declaration() => RuleAssert.KernelEqualsDeclaration(new MyRule());

    /// <summary>On float, within some roundings: 7 units of 2^-24 of the parameter.</summary>
    [Fact]
    public void The_float_kernel_is_near_the_declaration() => RuleAssert.FloatDistance(new MyRule(), maxDistance: 7);

    [Fact]
    public void A_snapshot_continues_with_the_same_bits() => RuleAssert.StateRoundTrip(new MyRule());

    [Fact]
    public void The_loss_falls()
    {
        var data = Examples.Make(count: 200);
        using var parameters = new ParameterBuffer<float>();
        ParameterTensor<float> weights = parameters.Add("weights", [Examples.Features]), bias = parameters.Add("bias", [1]);
        Optimizer<float, MyRule> optimizer = parameters.Optimize(new MyRule());
        double first = 0, last = 0;
        for (int step = 0; step < 200; step++)
        {
            last = data.ComputeGradient(weights.Values, bias.Values, weights.Gradients, bias.Gradients);
            first = step == 0 ? last : first;
            optimizer.Step();
        }

        Assert.True(last < 0.9 * first, $"The loss went from {first} to {last}.");
    }
}
