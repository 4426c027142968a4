using OptDsl.Contract;
using Xunit;

namespace OptDsl.Runtime.Tests.Kernels;

public sealed class RuleFunctionTests
{
    [Theory]
    [InlineData(3.5, 1)]
    [InlineData(double.Epsilon, 1)]
    [InlineData(double.PositiveInfinity, 1)]
    [InlineData(-1e-300, -1)]
    [InlineData(double.NegativeInfinity, -1)]
    [InlineData(-0.0, -0.0)]
    [InlineData(double.NaN, double.NaN)]
    public void Sign_keeps_zero_and_NaN(double x, double expected)
    {
        Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(RuleMath.Sign(x)));
        float single = (float)x == 0 && x != 0 ? float.Epsilon * Math.Sign(x) : (float)x;
        Assert.Equal(BitConverter.SingleToInt32Bits((float)expected), BitConverter.SingleToInt32Bits(RuleMath.Sign(single)));
    }

    [Fact]
    public void Sign_of_positive_zero_is_positive_zero()
        => Assert.Equal((0L, 0), (BitConverter.DoubleToInt64Bits(RuleMath.Sign(0.0)), BitConverter.SingleToInt32Bits(RuleMath.Sign(0f))));

    [Theory]
    [InlineData(5, -1, 2, 2)]
    [InlineData(-5, -1, 2, -1)]
    [InlineData(.5, -1, 2, .5)]
    [InlineData(-0.0, 0.0, 2, -0.0)]
    [InlineData(double.NaN, -1, 2, double.NaN)]
    [InlineData(double.PositiveInfinity, -1, 2, 2)]
    [InlineData(0, 3, 1, 3)]
    [InlineData(2, 3, 1, 3)]
    [InlineData(4, 3, 1, 1)]
    [InlineData(7, double.NaN, 3, 3)]
    [InlineData(7, 3, double.NaN, 7)]
    public void Clamp_is_total(double x, double min, double max, double expected)
    {
        Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(RuleMath.Clamp(x, min, max)));
        Assert.Equal(BitConverter.SingleToInt32Bits((float)expected),
            BitConverter.SingleToInt32Bits(RuleMath.Clamp((float)x, (float)min, (float)max)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(.5)]
    [InlineData(1 - 1e-16)]
    public void Decays_lie_below_one(double decay) => RuleChecks.Decay(decay, "Beta");

    [Theory]
    [InlineData(1)]
    [InlineData(-1e-300)]
    [InlineData(double.NaN)]
    [InlineData(2)]
    public void Other_decays_are_named(double decay)
    {
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => RuleChecks.Decay(decay, "Beta"));
        Assert.Equal(("Beta", (object)decay), (error.ParamName, error.ActualValue));
    }

    [Theory]
    [InlineData(.99)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Windows_are_finite_and_at_least_one(double window)
    {
        RuleChecks.Window(1, "N");
        RuleChecks.Window(1e300, "N");
        Assert.Equal("N", Assert.Throws<ArgumentOutOfRangeException>(() => RuleChecks.Window(window, "N")).ParamName);
    }

    [Theory]
    [InlineData(1e-46)]
    [InlineData(-1e-46)]
    [InlineData(1e39)]
    [InlineData(-1e300)]
    public void Numbers_are_such_as_the_element_can_hold(double value)
    {
        RuleChecks.Number<double>(value, "Rate");
        Assert.Contains("Single", Assert.Throws<ArgumentOutOfRangeException>("Rate", () => RuleChecks.Number<float>(value, "Rate")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Zero_and_infinity_are_numbers_and_NaN_is_not()
    {
        Assert.All(new[] { 0, -0.0, double.PositiveInfinity, double.NegativeInfinity, 1e-45, 3.4e38 },
            value => RuleChecks.Number<float>(value, "Rate"));
        Assert.Throws<ArgumentOutOfRangeException>("Rate", () => RuleChecks.Number<float>(double.NaN, "Rate"));
        Assert.Throws<ArgumentOutOfRangeException>("Rate", () => RuleChecks.Number<double>(double.NaN, "Rate"));
    }

    [Fact]
    public void Bounds_of_a_clamp_must_be_in_order()
    {
        RuleChecks.ClampBounds(1, 1, "x");
        RuleChecks.ClampBounds(double.NaN, 1, "x");
        Assert.Contains("'Low..High'", Assert.Throws<ArgumentException>(() => RuleChecks.ClampBounds(2, 1, "Low..High")).Message,
            StringComparison.Ordinal);
    }
}
