using System.Runtime.CompilerServices;

namespace OptDsl.Simd;

/// <summary>x^y = 2^(y log2 x).</summary>
/// <remarks>
/// The exponent y log2 x can be about a thousand and must be accurate to 2^-54. So log2 x has two parts; the first is short enough for an
/// exact product with the head of y. With x = 2^k m, s = (m - 1) / (m + 1) and z = s^2, log2 m = s u 2 / (3 ln 2), u = 3 + z + z^2 Q(z).
/// Here s and u have two parts each, and Q is an ordinary polynomial.
/// </remarks>
internal abstract class Power<S, V, T> : Lanes<S, V, T>
    where S : struct, ISimdOps<V, T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Pow(V x, V y)
    {
        V zero = Number(0), one = One, infinity = Infinity;
        V size = S.Abs(x);

        // No nonzero logarithm is so small that an exponent beyond this bound gives anything but zero or infinity.
        V bound = Number(1L << 36, 0x1_0000_0000 * (double)0x1_0000_0000);
        V bounded = S.Select(S.GreaterThan(y, bound), bound, y);
        bounded = S.Select(S.LessThan(bounded, S.Negate(bound)), S.Negate(bound), bounded);
        V power = Raise(size, bounded);

        V isZero = S.AreEqual(size, zero), isInfinite = S.AreEqual(size, infinity);
        V grows = S.AreEqual(S.Select(isZero, S.Negate(y), y), S.Abs(y));
        power = S.Select(S.Or(isZero, isInfinite), S.Select(grows, infinity, zero), power);

        // A negative number has powers only for whole exponents; they are negative for odd exponents.
        V half = S.Multiply(y, Number(0.5));
        V isWhole = S.AreEqual(S.Truncate(y), y);
        V isOdd = S.And(isWhole, S.AreNotEqual(S.Truncate(half), half));
        power = S.CopySign(power, S.Select(isOdd, x, zero));
        V isUndefined = S.And(S.And(S.LessThan(x, zero), S.Not(isInfinite)), S.Not(isWhole));
        isUndefined = S.Or(isUndefined, S.Or(S.AreNotEqual(x, x), S.AreNotEqual(y, y)));
        power = S.Select(isUndefined, Number(double.NaN), power);
        return S.Select(S.Or(S.AreEqual(y, zero), S.AreEqual(x, one)), one, power);
    }

    /// <summary>x^y of a positive finite number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Raise(V x, V y)
    {
        Log2(x, out V head, out V tail);
        V yHead = Head(y);
        V product = S.Multiply(yHead, head);
        V rest = S.Add(S.Multiply(S.Subtract(y, yHead), head), S.Multiply(y, tail));

        V most = Number(130, 1026), least = Number(-152, -1080);
        V exponent = S.Add(product, rest);
        V isBeyond = S.Or(S.GreaterThan(exponent, most), S.LessThan(exponent, least));
        rest = S.Select(isBeyond, Number(0), rest);
        product = S.Select(isBeyond, S.Select(S.GreaterThan(exponent, most), most, least), product);

        // 2^(k + g) = 2^k e^(g ln 2).
        V rounder = Rounder;
        V k = S.Subtract(S.Add(S.Add(product, rest), rounder), rounder);
        V whole = S.Subtract(product, k);
        V g = S.Add(whole, rest);
        V gHead = Head(g);
        V gTail = S.Add(S.Subtract(whole, gHead), rest);
        V high = S.Multiply(gHead, Number(0.693115234375, 0.6931471675634384));
        V low = S.Add(S.Multiply(gHead, Number(3.1946184945309415e-05, 1.2996506893889889e-08)),
            S.Multiply(gTail, Number(0.6931471805599453)));
        V r = S.Add(high, low);
        return Exponential<S, V, T>.Scale(Exponential<S, V, T>.Sum(r, LostBelow(high, low, r)), k);
    }

    /// <summary>The base-two logarithm in two parts; the first has half the digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Log2(V x, out V head, out V tail)
    {
        V k = Logarithm<S, V, T>.Reduce(x, out V f);

        // s = f / (2 + f). The product of its head and the denominator's head is exact, and so is its difference to f.
        V two = Number(2);
        V denominator = S.Add(two, f);
        V denominatorHead = Head(denominator);
        V denominatorTail = S.Add(S.Subtract(denominator, denominatorHead), LostBelow(two, f, denominator));
        V inverse = S.Divide(One, denominator);
        V s = Head(S.Multiply(f, inverse));
        V sTail = S.Multiply(S.Subtract(S.Subtract(f, S.Multiply(s, denominatorHead)), S.Multiply(s, denominatorTail)), inverse);

        // z = s^2, and u.
        V z = S.Multiply(s, s);
        V zTail = S.Multiply(sTail, S.Add(S.Add(s, s), sTail));
        V full = S.Add(z, zTail);
        V rest = S.Add(zTail, S.Multiply(S.Multiply(full, full), Polynomial(full)));
        V three = Number(3);
        V u = Head(S.Add(three, S.Add(z, rest)));
        V uTail = S.Add(S.Subtract(z, S.Subtract(u, three)), rest);

        // v = s u, and its product with 2 / (3 ln 2).
        V product = S.Multiply(s, u);
        V productTail = S.Add(S.Multiply(s, uTail), S.Multiply(sTail, S.Add(u, uTail)));
        V v = Head(S.Add(product, productTail));
        V vTail = S.Add(S.Subtract(product, v), productTail);
        V log = S.Multiply(v, Number(0.961669921875, 0.9617966860532761));
        V logTail = S.Add(S.Multiply(v, Number(0.0001267720509756049, 7.872699542894897e-09)),
            S.Multiply(vTail, Number(0.9617966939259756)));

        V sum = S.Add(k, log);
        V sumTail = S.Add(LostBelow(k, log, sum), logTail);
        head = Head(S.Add(sum, sumTail));
        tail = S.Add(S.Subtract(sum, head), sumTail);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Polynomial(V z)
    {
        if (IsSingle)
        {
            return Step(Step(Number(0.34575537), z, 0.42843264), z, 0.6000002);
        }

        V sum = Step(Number(0.1937290674150679), z, 0.19928722518003533);
        sum = Step(sum, z, 0.23078369090069656);
        sum = Step(sum, z, 0.27272712268823107);
        sum = Step(sum, z, 0.3333333340734149);
        sum = Step(sum, z, 0.4285714285700607);
        return Step(sum, z, 0.6000000000000004);
    }
}
