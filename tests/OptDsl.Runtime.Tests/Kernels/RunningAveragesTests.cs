using System.Numerics;
using OptDsl.Contract;
using Xunit;

namespace OptDsl.Runtime.Tests.Kernels;

public sealed class RunningAveragesTests
{
    public static TheoryData<double> Decays => [.9, .999, .99, .95, .5, .1, 1e-3, .9999, 1 - 1e-7, .98, 1e-300, Math.BitDecrement(1.0)];

    [Theory]
    [MemberData(nameof(Decays))]
    public void Correction_is_right_to_the_last_place(double decay)
    {
        int[] steps = [1, 2, 3, 4, 5, 7, 8, 10, 31, 64, 100, 127, 399, 401, 1000, 4095, 10_000, 35_000];
        foreach (int step in steps)
        {
            double exact = ExactCorrection(decay, step), ours = RunningAverages.Correction(decay, step);
            Assert.True(ours == exact, $"decay {decay:R}, step {step}: exact {exact:R}, ours {ours:R}");
        }
    }

    [Fact]
    public void Without_memory_there_is_nothing_to_correct()
    => Assert.All(new[] { 1, 2, 1000, int.MaxValue }, step => Assert.Equal(1, RunningAverages.Correction(0, step)));

    [Theory]
    [InlineData(.9)]
    [InlineData(.999)]
    [InlineData(.5)]
    public void What_is_forgotten_is_not_corrected(double decay) => Assert.Equal(1, RunningAverages.Correction(decay, int.MaxValue));

    [Fact]
    public void The_longest_memory_is_right_at_the_last_step()
    {
        // decay = 1 - u, u = 2^-53: 1 - decay^t = y - y^2 / 2 + y^3 / 6 with y = -t ln(1 - u) = t (u + u^2 / 2 + ...).
        double y = int.MaxValue * Math.Pow(2, -53), exact = 1 / (y - (y * y / 2) + (y * y * y / 6));
        Assert.Equal(exact, RunningAverages.Correction(Math.BitDecrement(1.0), int.MaxValue), exact * 4e-16);
    }

    [Theory]
    [InlineData(10, 1, 1)]
    [InlineData(10, 4, .25)]
    [InlineData(10, 10, .1)]
    [InlineData(10, 11, .1)]
    [InlineData(2.5, 3, .4)]
    [InlineData(1, 7, 1)]
    [InlineData(1e300, int.MaxValue, 1 / 2147483647d)]
    public void The_weight_of_a_window(double window, int step, double expected)
    => Assert.Equal(expected, RunningAverages.Weight(window, step));

    // 2^(kt) / (2^(kt) - m^t) for decay = m / 2^k, rounded once.
    private static double ExactCorrection(double decay, int step)
    {
        long bits = BitConverter.DoubleToInt64Bits(decay);
        int exponent = (int)(bits >> 52) - 1075;
        BigInteger mantissa = (bits & 0xFFFFFFFFFFFFF) | 0x10000000000000;
        if (decay < 1e-100 && step > 1)
        {
            return 1;
        }

        BigInteger whole = BigInteger.One << (-exponent * step), rest = whole - BigInteger.Pow(mantissa, step);
        const int Digits = 120;
        BigInteger quotient = (whole << Digits) / rest;
        int spare = (int)quotient.GetBitLength() - 53;
        return Math.ScaleB((double)((quotient + (BigInteger.One << (spare - 1))) >> spare), spare - Digits);
    }
}
