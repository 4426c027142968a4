using OptDsl.Runtime.Tests.Kernels;
using Xunit;

namespace OptDsl.Runtime.Tests.Functions;

/// <summary>What the angle of a point must be exactly: on the axes and diagonals, mirrored, and at the ends of its range.</summary>
public sealed class AngleTests
{
    /// <summary>
    /// Of any size: where sizes are scaled by different factors, or one is infinite and not the other, another angle comes out.
    /// </summary>
    [Fact]
    public void The_diagonals_have_the_rounded_multiples_of_a_quarter_of_pi()
    {
        foreach (double size in Specials.Of<double>().Where(value => value > 0)
            .Concat(Enumerable.Range(-1074, 2098).Select(k => Math.ScaleB(1, k))))
        {
            Assert.Equal(0.78539816339744831, RuleMath.Atan2(size, size));
            Assert.Equal(2.3561944901923449, RuleMath.Atan2(size, -size));
            Assert.Equal(-0.78539816339744831, RuleMath.Atan2(-size, size));
            Assert.Equal(-2.3561944901923449, RuleMath.Atan2(-size, -size));
        }

        foreach (float size in Specials.Of<float>().Where(value => value > 0)
            .Concat(Enumerable.Range(-149, 277).Select(k => MathF.ScaleB(1, k))))
        {
            Assert.Equal(0.78539816339744831f, RuleMath.Atan2(size, size));
            Assert.Equal(2.3561944901923449f, RuleMath.Atan2(size, -size));
            Assert.Equal(-0.78539816339744831f, RuleMath.Atan2(-size, size));
            Assert.Equal(-2.3561944901923449f, RuleMath.Atan2(-size, -size));
        }
    }

    /// <summary>The bits, for zero and -0 are equal: a sign that is taken by a comparison is lost on the axes.</summary>
    [Fact]
    public void The_axes_have_the_rounded_right_angles_and_keep_the_sign_of_zero()
    {
        foreach (double size in (double[])[0, double.Epsilon, 1e-300, 1, 1e300, double.MaxValue, double.PositiveInfinity])
        {
            AssertBits(0.0, RuleMath.Atan2(0.0, size));
            AssertBits(-0.0, RuleMath.Atan2(-0.0, size));
            AssertBits(Math.PI, RuleMath.Atan2(0.0, -size));
            AssertBits(-Math.PI, RuleMath.Atan2(-0.0, -size));
            if (size > 0)
            {
                AssertBits(Math.PI / 2, RuleMath.Atan2(size, 0.0));
                AssertBits(Math.PI / 2, RuleMath.Atan2(size, -0.0));
                AssertBits(-Math.PI / 2, RuleMath.Atan2(-size, 0.0));
                AssertBits(-Math.PI / 2, RuleMath.Atan2(-size, -0.0));
                AssertBits(MathF.PI / 2, RuleMath.Atan2((float)size + float.Epsilon, -0.0f));
                AssertBits(-MathF.PI, RuleMath.Atan2(-0.0f, -(float)size));
            }
        }

        void AssertBits<T>(T expected, T made)
            where T : unmanaged
            => Assert.Equal(Specials.Bits(expected), Specials.Bits(made));
    }

    /// <summary>A range that ends at pi is told to a rule's author: no error may leave it.</summary>
    [Fact]
    public void No_angle_leaves_its_range()
    {
        for (int k = -1074; k <= 1000; k++)
        {
            double small = Math.ScaleB(1.7, k);
            Assert.InRange(RuleMath.Atan2(small, -1.3), 0, Math.PI);
            Assert.InRange(RuleMath.Atan2(small, 1.3), 0, Math.PI / 2);
            Assert.InRange(RuleMath.Atan(small), 0, Math.PI / 2);
            Assert.InRange(RuleMath.Atan2((float)small, -1.3f), 0, MathF.PI);
            Assert.InRange(RuleMath.Atan2((float)small, 1.3f), 0, MathF.PI / 2);
            Assert.InRange(RuleMath.Atan((float)small), 0, MathF.PI / 2);
        }
    }

    /// <summary>A path that one quadrant takes and its mirror image does not rounds otherwise.</summary>
    [Fact]
    public void Mirrored_points_have_mirrored_angles_and_the_one_of_a_number_is_the_one_beside_1()
    {
        var random = new Random(12);
        for (int i = 0; i < 2000; i++)
        {
            foreach ((double y, double x) in PlanePoints.Some(random))
            {
                Assert.Equal(RuleMath.Atan2(y, x), -RuleMath.Atan2(-y, x));
                Assert.Equal(RuleMath.Atan2((float)y, (float)x), -RuleMath.Atan2(-(float)y, (float)x));
                Assert.Equal(RuleMath.Atan2(y, 1.0), RuleMath.Atan(y));
                Assert.Equal(RuleMath.Atan2((float)y, 1f), RuleMath.Atan((float)y));
            }
        }
    }

    /// <summary>
    /// The oracle, by the series of the sine and cosine, which know nothing of it: x sin a = y cos a to 180 digits, on the right side.
    /// </summary>
    [Fact]
    public void The_exact_angle_has_the_tangent_of_its_point()
    {
        var random = new Random(13);
        for (int i = 0; i < 40; i++)
        {
            foreach ((double y, double x) in PlanePoints.Some(random))
            {
                BigReal exactY = new(y), exactX = new(x), angle = BigReal.Atan2(exactY, exactX);
                BigReal sine = BigReal.Sin(angle), cosine = BigReal.Cos(angle);
                BigReal difference = (exactX * sine) - (exactY * cosine);
                int size = Math.Max(exactX.Top, exactY.Top);
                Assert.True(difference.IsZero || difference.Top < size - 180, $"({x:R}, {y:R}): {difference.Top - size}");
                Assert.True(((exactX * cosine) + (exactY * sine)).Sign > 0, $"({x:R}, {y:R})");
            }
        }
    }
}
