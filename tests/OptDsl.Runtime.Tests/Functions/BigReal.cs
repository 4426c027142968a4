using System.Globalization;
using System.Numerics;

namespace OptDsl.Runtime.Tests.Functions;

/// <summary>A number of 192 binary digits, and the functions by their series: slow, and made like nothing in the library.</summary>
internal readonly struct BigReal
{
    private const int Digits = 192;

    /// <summary>Digits of pi, as many as the remainder of the largest double takes.</summary>
    private const int PiDigits = 1400;

    private static readonly BigInteger PiFixed = MachinPi();
    private static readonly BigReal Ln2 = ArtanhSeries(new BigReal(1) / new BigReal(3)).Times(2);

    private readonly BigInteger significand;
    private readonly int exponent;

    private BigReal(BigInteger significand, int exponent)
    {
        int excess = (int)BigInteger.Abs(significand).GetBitLength() - Digits;
        if (excess > 0)
        {
            significand >>= excess;
            exponent += excess;
        }

        (this.significand, this.exponent) = (significand, significand.IsZero ? 0 : exponent);
    }

    internal BigReal(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int field = (int)(bits >> 52 & 0x7FF);
        long fraction = bits & 0xF_FFFF_FFFF_FFFF;
        this = new BigReal((field == 0 ? fraction : fraction | 1L << 52) * (value < 0 ? -1 : 1), Math.Max(field, 1) - 1075);
    }

    /// <summary>The place of the leading digit: the number is below 2 to it, and not below half of that, in magnitude.</summary>
    internal int Top => (int)BigInteger.Abs(significand).GetBitLength() + exponent;

    internal bool IsZero => significand.IsZero;

    internal int Sign => significand.Sign;

    public static BigReal operator +(BigReal a, BigReal b)
    {
        if (a.IsZero || b.IsZero)
        {
            return a.IsZero ? b : a;
        }

        (a, b) = a.Top >= b.Top ? (a, b) : (b, a);
        if (a.Top - b.Top > 2 * Digits)
        {
            return a;
        }

        int low = Math.Min(a.exponent, b.exponent);
        return new((a.significand << (a.exponent - low)) + (b.significand << (b.exponent - low)), low);
    }

    public static BigReal operator -(BigReal a) => new(-a.significand, a.exponent);

    public static BigReal operator -(BigReal a, BigReal b) => a + -b;

    public static BigReal operator *(BigReal a, BigReal b) => new(a.significand * b.significand, a.exponent + b.exponent);

    public static BigReal operator /(BigReal a, BigReal b)
    {
        int up = 2 * Digits;
        return new((a.significand << up) / b.significand, a.exponent - up - b.exponent);
    }

    internal BigReal Times(int powerOfTwo) => new(significand, exponent + BitOperations.Log2((uint)powerOfTwo));

    /// <summary>Rounded to a double, roughly: for what is compared with a bound.</summary>
    internal double ToDouble() => (double)significand * Math.Pow(2, exponent);

    /// <summary>How far a computed value is from this exact one, in units of the exact value's last place.</summary>
    internal double ErrorOf(double computed, int significandBits, int leastExponent)
    {
        int place = Math.Max(Top, leastExponent) - significandBits;
        BigReal error = new BigReal(computed) - this;
        return Math.Abs(new BigReal(error.significand, error.exponent - place).ToDouble());
    }

    internal static BigReal Exp(BigReal x)
    {
        int k = (int)Math.Round((x / Ln2).ToDouble());
        BigReal sum = new BigReal(1)
            + ExpLessOne(new BigReal((x - (new BigReal(k) * Ln2)).significand, (x - (new BigReal(k) * Ln2)).exponent - 8));
        for (int i = 0; i < 8; i++)
        {
            sum *= sum;
        }

        return new(sum.significand, sum.exponent + k);
    }

    internal static BigReal Log(BigReal x)
    {
        // x = 2^k m with m from 3/4 to 3/2.
        int k = x.Top;
        var m = new BigReal(x.significand, x.exponent - k);
        if (m.ToDouble() < .75)
        {
            m = m.Times(2);
            k--;
        }

        BigReal one = new(1);
        return (new BigReal(k) * Ln2) + ArtanhSeries((m - one) / (m + one)).Times(2);
    }

    internal static BigReal Log2(BigReal x) => Log(x) / Ln2;

    internal static BigReal Pow(BigReal x, BigReal y) => Exp(y * Log(x));

    internal static BigReal Tanh(BigReal x)
    {
        // One to more digits than a number here has.
        if (x.Top > 8)
        {
            return new(x.Sign);
        }

        BigReal twice = x.Times(2);
        BigReal less = twice.Top <= 0 ? ExpLessOne(twice) : Exp(twice) - new BigReal(1);
        return less / (less + new BigReal(2));
    }

    internal static BigReal Cbrt(BigReal x) => x.Sign < 0 ? -Cbrt(-x) : Exp(Log(x) / new BigReal(3));

    internal static BigReal Hypot(BigReal x, BigReal y) => Exp(Log((x * x) + (y * y)) / new BigReal(2));

    internal static BigReal Sin(BigReal x) => Turned(x, 0);

    internal static BigReal Cos(BigReal x) => Turned(x, 1);

    /// <summary>
    /// The angle of a point that is not zero, by Euler's series: with w = y^2 / (x^2 + y^2), at most 1/2, arctan y/x is
    /// x y / (x^2 + y^2) (1 + 2/3 w (1 + 4/5 w (1 + ...))). All terms have one sign, so no digit is lost.
    /// </summary>
    internal static BigReal Atan2(BigReal y, BigReal x)
    {
        var pi = new BigReal(PiFixed, -PiDigits);
        if (y.Sign < 0)
        {
            return -Atan2(-y, x);
        }

        if (x.Sign < 0)
        {
            return pi - Atan2(y, -x);
        }

        if ((y - x).Sign > 0)
        {
            return new BigReal(pi.significand, pi.exponent - 1) - Atan2(x, y);
        }

        BigReal square = (x * x) + (y * y), w = y * y / square, term = x * y / square, sum = term;
        for (int n = 1; !term.IsZero && sum.Top - term.Top < Digits; n++)
        {
            term = term * w * new BigReal(2 * n) / new BigReal((2 * n) + 1);
            sum += term;
        }

        return sum;
    }

    public override string ToString() => ToDouble().ToString("R", CultureInfo.InvariantCulture);

    private static BigReal Turned(BigReal x, int quarters)
    {
        // As integers of units of 2^-1400.
        int shift = PiDigits + x.exponent;
        BigInteger units = shift >= 0 ? x.significand << shift : x.significand >> -shift;
        BigInteger k = BigInteger.Divide((4 * units) + (PiFixed * (units.Sign < 0 ? -1 : 1)), 2 * PiFixed);
        var r = k.IsZero ? x : new BigReal((2 * units) - (k * PiFixed), -PiDigits - 1);
        int quarter = (int)(((k + quarters) % 4 + 4) % 4);
        BigReal square = r * r, term = quarter % 2 == 0 ? r : new BigReal(1), sum = term;
        for (int n = quarter % 2 == 0 ? 2 : 1; sum.Top - term.Top < Digits && !term.IsZero; n += 2)
        {
            term = -(term * square) / new BigReal(n * (n + 1));
            sum += term;
        }

        return quarter >= 2 ? -sum : sum;
    }

    private static BigReal ExpLessOne(BigReal x)
    {
        BigReal term = x, sum = x;
        for (int n = 2; !term.IsZero && sum.Top - term.Top < Digits; n++)
        {
            term = term * x / new BigReal(n);
            sum += term;
        }

        return sum;
    }

    private static BigReal ArtanhSeries(BigReal s)
    {
        BigReal square = s * s, power = s, sum = s;
        for (int n = 3; !power.IsZero && sum.Top - power.Top < Digits; n += 2)
        {
            power *= square;
            sum += power / new BigReal(n);
        }

        return sum;
    }

    /// <summary>pi = 16 arctan 1/5 - 4 arctan 1/239.</summary>
    private static BigInteger MachinPi()
    {
        const int Guard = 64;
        BigInteger Arctan(int inverse)
        {
            BigInteger power = (BigInteger.One << (PiDigits + Guard)) / inverse, sum = power;
            for (int n = 3; !power.IsZero; n += 2)
            {
                power /= -inverse * inverse;
                sum += power / n;
            }

            return sum;
        }

        return ((16 * Arctan(5)) - (4 * Arctan(239))) >> Guard;
    }
}
