using Xunit;

namespace OptDsl.Conformance.Tests;

/// <summary>A fused rule without a sum has nothing to contract, so that it is its declaration bit for bit.</summary>
public class FusedRoundingTests
{
    [Fact]
    public void A_product_is_rounded_as_it_is()
    {
        // Products that are a half only because they were rounded to it: (n + 1/2) / 3 * 3.
        using ParameterBuffer<double> tested = Halves(), expected = Halves();
        var kernel = tested.Optimize(new RoundedProduct());
        var declaration = expected.Optimize(new RoundedProduct());
        kernel.Step(TestContext.Current.CancellationToken);
        declaration.StepReference(TestContext.Current.CancellationToken);
        Assert.Equal(expected.Values.ToArray(), tested.Values.ToArray());
    }

    private static ParameterBuffer<double> Halves()
    {
        const int Count = 200;
        var buffer = new ParameterBuffer<double>();
        buffer.Add("p", [Count]);
        for (int i = 0; i < Count; i++)
        {
            buffer.Values[i] = (i - 100 + 0.5) / 3;
            buffer.Gradients[i] = 3;
        }

        return buffer;
    }
}

/// <summary>Rounds a product away from zero.</summary>
[Optimizer(Arithmetic = Arithmetic.Fused)]
public sealed partial record RoundedProduct
{
    [Update]
    static double Update(double parameter, double gradient) => Math.Round(parameter * gradient, MidpointRounding.AwayFromZero);
}
