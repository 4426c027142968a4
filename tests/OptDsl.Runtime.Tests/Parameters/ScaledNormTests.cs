using Xunit;

namespace OptDsl.Runtime.Tests.Parameters;

public sealed class ScaledNormTests
{
    [Fact]
    public void The_root_of_a_normal_sum_is_its_own_and_else_that_of_scaled_numbers()
    {
        // A sum that is no sum of the numbers shows which of both was taken.
        Assert.Equal(3, ScaledNorm.Root<double>(9, [1e200]));
        foreach (double sum in new[] { double.PositiveInfinity, double.NaN, 0, 1e-320, 1e-300 })
        {
            Assert.Equal(5e200, ScaledNorm.Root<double>(sum, [3e200, -4e200]), 1e186);
            Assert.Equal(1, ScaledNorm.Root<double>(sum, [3e-200, -4e-200, 0]) / 5e-200, 1e-14);
        }

        Assert.Equal(Math.ScaleB(5, -1074), ScaledNorm.Root<double>(0, [Math.ScaleB(3, -1074), Math.ScaleB(4, -1074)]));
        Assert.Equal(double.MaxValue, ScaledNorm.Root<double>(double.PositiveInfinity, [double.MaxValue]));
        Assert.Equal(double.PositiveInfinity, ScaledNorm.Root<double>(double.PositiveInfinity, [double.MaxValue, double.MaxValue]));
        Assert.Equal(double.PositiveInfinity, ScaledNorm.Root<double>(double.PositiveInfinity, [1, double.NegativeInfinity]));
        Assert.Equal(double.NaN, ScaledNorm.Root<double>(double.NaN, [1, double.NaN]));
        Assert.Equal(0, ScaledNorm.Root<double>(0, [0, 0]));
        Assert.Equal(0, ScaledNorm.Root<double>(0, []));
        Assert.Equal(5e200, ScaledNorm.Root<double>(double.PositiveInfinity, [3e200, 9e300, 4e200, 9e300], stride: 2), 1e186);
        Assert.Equal(5e25, ScaledNorm.Root<float>(double.PositiveInfinity, [3e25f, 4e25f]), 1e19);
    }

    [Fact]
    public void Observed_norms_of_tensors_are_combined_past_a_double_s_squares()
    {
        // The last two: squares times 2^-1200, and squares times 2^1200 of what is tiny.
        Observation observed = Observation.Of([([9e307, 0, 1, 2, 3, 0, 0], 4), ([1.6e308, 0, 1, 2, 3, 0, 0], 4)]);
        Assert.Equal(Math.Sqrt(2.5) * 1e154, observed.Norm, 1e140);
        Assert.Equal(5, Observation.Of([([9, 0, 1, 2, 3, 0, 0], 4), ([16, 0, 1, 2, 3, 0, 0], 4)]).Norm);
        Assert.Equal(0, Observation.Of([([0, 0, 0, 0, 0, 0, 0], 4)]).Norm);
        Assert.Equal(double.NaN, Observation.Of([([double.NaN, 0, 1, 2, 3, double.NaN, 0], 4)]).Norm);
        Assert.Equal(Math.ScaleB(5, 600),
            Observation.Of([([double.PositiveInfinity, 0, 1, 2, 3, 9, 0], 4), ([double.PositiveInfinity, 0, 1, 2, 3, 16, 0], 4)]).Norm);
        Assert.Equal(Math.ScaleB(5, -600), Observation.Of([([0, 0, 1, 2, 3, 0, 9], 4), ([0, 0, 1, 2, 3, 0, 16], 4)]).Norm);
    }
}
