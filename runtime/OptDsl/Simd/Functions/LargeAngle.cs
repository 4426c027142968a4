namespace OptDsl.Simd;

/// <summary>Computes the remainder of a large angle modulo a quarter turn, in integers.</summary>
/// <remarks>
/// A number is M 2^e with an integer M. Only those bits of 2 / pi matter whose products with M 2^e lie below 4. The first 192 of them give
/// the remainder with more digits than the closest distance of any double to a multiple of pi / 2 needs.
/// </remarks>
internal static class LargeAngle
{
    /// <summary>The binary digits of 2 / pi, after a word of zeros for numbers of small exponents.</summary>
    private static ReadOnlySpan<ulong> TwoOverPi =>
    [
        0,
        0xA2F9836E4E441529, 0xFC2757D1F534DDC0, 0xDB6295993C439041, 0xFE5163ABDEBBC561,
        0xB7246E3A424DD2E0, 0x06492EEA09D1921C, 0xFE1DEB1CB129A73E, 0xE88235F52EBB4484,
        0xE99C7026B45F7E41, 0x3991D639835339F4, 0x9C845F8BBDF9283B, 0x1FF897FFDE05980F,
        0xEF2F118B5A0A6D1F, 0x6D367ECF27CB09B7, 0x4F463F669E5FEA2D, 0x7527BAC7EBE5F17B,
        0x3D0739F78A5292EA, 0x6BFB5FB11F8D5D08, 0x56033046FC7B6BAB, 0xF0CFBC209AF4361D,
    ];

    /// <summary>pi / 2 times 2^127.</summary>
    private const ulong HalfPiHigh = 0xC90FDAA22168C234, HalfPiLow = 0xC4C6628B80DC1CD1;

    /// <summary>The quotient, rounded and modulo 4, of a number above 2^8 in magnitude by pi / 2; the remainder is high + low.</summary>
    internal static int Reduce(double x, out double high, out double low)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(x);
        int exponent = (int)(bits >> 52 & 0x7FF) - 1075;
        ulong significand = (bits & 0x000F_FFFF_FFFF_FFFF) | 0x0010_0000_0000_0000;

        // The first bit that matters is the one whose product with 2^e is 2.
        int first = exponent - 2 + 64, word = first >> 6, shift = first & 63;
        ulong b0 = Window(word, shift), b1 = Window(word + 1, shift), b2 = Window(word + 2, shift);
        UInt128 below = (UInt128)significand * b2;
        UInt128 middle = (UInt128)significand * b1 + (ulong)(below >> 64);
        ulong top = unchecked(significand * b0 + (ulong)(middle >> 64));
        var turns = new UInt128(top, (ulong)middle);

        // The leading two bits are whole quarter turns. A remainder of half a quarter turn or more is taken as negative.
        int quarter = (int)(unchecked(turns + (UInt128.One << 125)) >> 126);
        var rest = unchecked((Int128)(turns << 2));
        bool isNegative = Int128.IsNegative(rest);
        UInt128 size = unchecked((UInt128)(isNegative ? -rest : rest));
        int zeros = (int)UInt128.LeadingZeroCount(size);
        size <<= zeros;

        // The upper half of the product with pi / 2.
        ulong sizeHigh = (ulong)(size >> 64), sizeLow = (ulong)size;
        UInt128 angle = (UInt128)sizeHigh * HalfPiHigh + Math.BigMul(sizeHigh, HalfPiLow, out _) + Math.BigMul(sizeLow, HalfPiHigh, out _);
        ulong leading = (ulong)(angle >> 75), following = (ulong)(angle >> 22) & ((1UL << 53) - 1);
        bool flips = isNegative != x < 0;
        double unit = BitConverter.UInt64BitsToDouble((ulong)(1023 - 52 - zeros) << 52);
        high = leading * (flips ? -unit : unit);
        low = following * (flips ? -unit : unit) * (1.0 / (1UL << 53));
        return x < 0 ? -quarter & 3 : quarter;
    }

    private static ulong Window(int word, int shift)
        => shift == 0 ? TwoOverPi[word] : TwoOverPi[word] << shift | TwoOverPi[word + 1] >> (64 - shift);
}
