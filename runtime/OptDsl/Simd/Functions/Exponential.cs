using System.Runtime.CompilerServices;

namespace OptDsl.Simd;

/// <summary>The exponential function, and the functions computed from it.</summary>
/// <remarks>
/// x = k ln 2 + r with |r| at most ln 2 / 2, so that e^x = 2^k e^r. Here e^r = 1 + r + r^2 P(r) with the polynomial P of smallest maximum
/// error. The rounding error of r is carried beside it.
/// </remarks>
internal abstract class Exponential<S, V, T> : Lanes<S, V, T>
    where S : struct, ISimdOps<V, T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Exp(V x)
    {
        // Beyond these bounds the result is infinite or zero. Both comparisons are false for NaN.
        V most = Number(89, 710), least = Number(-104.5, -746);
        x = S.Select(S.GreaterThan(x, most), most, x);
        x = S.Select(S.LessThan(x, least), least, x);
        V k = Reduce(x, out V r, out V lost);
        return Scale(Sum(r, lost), k);
    }

    /// <summary>
    /// tanh |x| = E / (E + 2) with E = e^(2 |x|) - 1. The sum of e^r is not formed, because its digits would be lost when one is
    /// subtracted. Numerator, denominator and quotient each have a second part.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Tanh(V x)
    {
        // Above this bound the result rounds to one.
        V size = S.Abs(x), bound = Number(10, 22);
        size = S.Select(S.GreaterThan(size, bound), bound, size);
        V k = Reduce(S.Add(size, size), out V r, out V lost);
        V power = PowerOfTwo(S.Add(k, Rounder));
        V rest = Rest(r, lost);
        V sum = S.Add(r, rest);
        V scaled = S.Multiply(power, sum), scaledRest = S.Multiply(power, LostBelow(r, rest, sum));

        V whole = S.Subtract(power, One);
        V numerator = S.Add(whole, scaled);
        V numeratorRest = S.Add(LostBelow(whole, scaled, numerator), scaledRest);
        V two = Number(2);
        V denominator = S.Add(numerator, two);
        V denominatorRest = S.Add(Lost(numerator, Number(-2), denominator), numeratorRest);

        // The product of the heads of quotient and denominator is exact, and so is its difference to the numerator.
        V inverse = S.Divide(One, denominator);
        V head = Head(S.Multiply(numerator, inverse)), denominatorHead = Head(denominator);
        V tail = S.Add(S.Subtract(denominator, denominatorHead), denominatorRest);
        V left = S.Subtract(numerator, S.Multiply(head, denominatorHead));
        left = S.Add(S.Subtract(left, S.Multiply(head, tail)), numeratorRest);
        return S.CopySign(S.Add(head, S.Multiply(left, inverse)), x);
    }

    /// <summary>k for x = k ln 2 + r + lost.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Reduce(V x, out V r, out V lost)
    {
        V rounder = Rounder;
        V k = S.Subtract(S.Add(S.Multiply(x, Number(1.4426950408889634)), rounder), rounder);

        // The first part of ln 2 is so short that its product with k is exact.
        V high = S.Subtract(x, S.Multiply(k, Number(0.693145751953125, 0.693147180559663)));
        V low = S.Multiply(k, Number(1.428606765330187e-06, 2.8235290563031577e-13));
        r = S.Subtract(high, low);
        lost = S.Subtract(S.Subtract(high, r), low);
        return k;
    }

    /// <summary>e^(r + lost), where |lost| is a rounding error of r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Sum(V r, V lost)
    {
        V sum = S.Add(One, r);
        return S.Add(sum, S.Add(LostBelow(One, r, sum), Rest(r, lost)));
    }

    /// <summary>e^(r + lost) - 1 - r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Rest(V r, V lost) => S.Add(lost, S.Multiply(S.Multiply(r, r), Polynomial(r)));

    /// <summary>value * 2^k in two steps. The first step is exact, so a subnormal result is rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Scale(V value, V k)
    {
        V rounder = Rounder;
        V half = S.Add(S.Multiply(k, Number(0.5)), rounder);
        V other = S.Add(S.Subtract(k, S.Subtract(half, rounder)), rounder);
        return S.Multiply(S.Multiply(value, PowerOfTwo(half)), PowerOfTwo(other));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Polynomial(V r)
    {
        if (IsSingle)
        {
            V single = Step(Number(0.00019907638), r, 0.001393369);
            single = Step(single, r, 0.008333286);
            single = Step(single, r, 0.041666463);
            single = Step(single, r, 0.16666667);
            return Step(single, r, 0.5);
        }

        V sum = Step(Number(2.0921625276615325e-09), r, 2.5105260922590062e-08);
        sum = Step(sum, r, 2.755725280625021e-07);
        sum = Step(sum, r, 2.755725529422524e-06);
        sum = Step(sum, r, 2.480158734744942e-05);
        sum = Step(sum, r, 0.00019841269874904636);
        sum = Step(sum, r, 0.0013888888888874352);
        sum = Step(sum, r, 0.008333333333326112);
        sum = Step(sum, r, 0.041666666666666685);
        sum = Step(sum, r, 0.1666666666666667);
        return Step(sum, r, 0.5);
    }
}
