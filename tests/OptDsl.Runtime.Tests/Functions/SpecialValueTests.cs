using OptDsl.Runtime.Tests.Kernels;
using Xunit;

namespace OptDsl.Runtime.Tests.Functions;

/// <summary>Special arguments against the platform: NaN, infinities, signed zeros, subnormal numbers, every pair of them.</summary>
public sealed class SpecialValueTests
{
    public static TheoryData<string> Names => [.. Function.All.Select(function => function.Name)];

    /// <summary>A sign lost on the way, NaN where IEEE has a number, an overflow before the result: none is within an ulp or two.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Special_arguments_have_the_platforms_values(string name)
    {
        var function = Function.Named(name);
        double[] values = [.. Specials.Of<double>(), 3, -3, 5, -5, 1e300, -1e300, 9007199254740993, 709.782712893384, 709.782712893385,
            -745.133219101941, -745.2, 1024, -1074, -1075];
        foreach (double x in values)
        {
            foreach (double y in function.IsBinary ? values : [0])
            {
                Compare(x, y);
            }
        }

        void Compare(double x, double y)
        {
            double expected = function.Platform(x, y);
            var made = new double[1];
            function.Run(SimdWidth.Scalar, [x], [y], made);
            bool same = double.IsNaN(expected) ? double.IsNaN(made[0])
                : expected == 0 || double.IsInfinity(expected) ? Specials.Bits(expected) == Specials.Bits(made[0])
                : Math.Abs(made[0] - expected) <= 3 * (Math.BitIncrement(Math.Abs(expected)) - Math.Abs(expected));
            Assert.True(same, $"{name}({x:R}, {y:R}) = {made[0]:R}, not {expected:R}");

            float single = (float)function.Platform((float)x, (float)y);
            var singles = new float[1];
            function.Run(SimdWidth.Scalar, [(float)x], [(float)y], singles);
            same = float.IsNaN(single) ? float.IsNaN(singles[0])
                : single == 0 || float.IsInfinity(single) ? Specials.Bits(single) == Specials.Bits(singles[0])
                : MathF.Abs(singles[0] - single) <= 2 * (MathF.BitIncrement(MathF.Abs(single)) - MathF.Abs(single));
            Assert.True(same, $"{name}({(float)x:R}, {(float)y:R}) = {singles[0]:R}, not {single:R}");
        }
    }

    [Fact]
    public void Exact_cases_are_exact()
    {
        for (int k = -1074; k <= 1023; k++)
        {
            double power = Math.ScaleB(1, k);
            Assert.Equal(k, RuleMath.Log2(power));
            Assert.Equal(power, RuleMath.Pow(2.0, k));
            Assert.Equal(power, RuleMath.Hypot(power, 0));
        }

        for (int i = 0; i <= 1000; i++)
        {
            Assert.Equal(i, RuleMath.Cbrt((double)i * i * i));
            Assert.Equal((double)i * i * i, RuleMath.Pow(i, 3.0));
            Assert.Equal(5.0 * i, RuleMath.Hypot(3.0 * i, 4.0 * i));
        }

        Assert.Equal(1, RuleMath.Exp(0.0));
        Assert.Equal(0, RuleMath.Log(1.0));
        Assert.Equal(1, RuleMath.Cos(0.0));
    }
}
