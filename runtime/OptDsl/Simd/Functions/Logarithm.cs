using System.Runtime.CompilerServices;

namespace OptDsl.Simd;

/// <summary>Logarithms.</summary>
/// <remarks>
/// x = 2^k m with m from sqrt(1/2) to sqrt(2). With f = m - 1 and s = f / (2 + f), ln m = 2 artanh s = 2 s + s R(s^2). With h = f^2 / 2, 2
/// s = f - s f = f - h + s h, so ln m = f - (h - s (h + R)). In this form the rounding error of s matters little.
/// </remarks>
internal abstract class Logarithm<S, V, T> : Lanes<S, V, T>
    where S : struct, ISimdOps<V, T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Log(V x)
    {
        V k = Reduce(x, out V f);
        V h = S.Multiply(Number(0.5), S.Multiply(f, f));
        V small = S.Add(Correction(f, h), S.Multiply(k, Number(1.428606765330187e-06, 2.8235290563031577e-13)));
        V rest = S.Subtract(S.Subtract(h, small), f);
        V log = S.Subtract(S.Multiply(k, Number(0.693145751953125, 0.693147180559663)), rest);
        return OrSpecial(x, log);
    }

    /// <summary>The head of ln m times the head of 1 / ln 2 is exact; the remaining parts add little.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Log2(V x)
    {
        V k = Reduce(x, out V f);
        V h = S.Multiply(Number(0.5), S.Multiply(f, f));
        V head = Head(S.Subtract(f, h));
        V tail = S.Add(S.Subtract(S.Subtract(f, head), h), Correction(f, h));
        V factor = Number(1.4423828125, 1.4426950216293335), factorRest = Number(0.00031222838896340733, 1.9259629911266175e-08);
        V product = S.Multiply(head, factor);
        V rest = S.Add(S.Multiply(S.Add(tail, head), factorRest), S.Multiply(tail, factor));
        V sum = S.Add(k, product);
        return OrSpecial(x, S.Add(sum, S.Add(rest, LostBelow(k, product, sum))));
    }

    /// <summary>k and f for x = 2^k (1 + f), for a positive number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Reduce(V x, out V f)
    {
        // A subnormal number is scaled to a normal one first.
        V isSmall = S.LessThan(x, Number(1.1754943508222875e-38, 2.2250738585072014e-308));
        x = S.Select(isSmall, S.Multiply(x, Number(1 << 25, 1L << 54)), x);
        V excess = S.Select(isSmall, Number((1 << 23) + 127 + 25, (1L << 52) + 1023 + 54), Number((1 << 23) + 127, (1L << 52) + 1023));

        // Adding the distance of sqrt(1/2) from 1 gives a number below sqrt(1/2) 2^(k+1) the exponent k.
        V moved = S.AddBits(x, Pattern(0x3F80_0000 - 0x3F35_04F3, 0x3FF0_0000_0000_0000 - 0x3FE6_A09E_667F_3BCD));
        V m = S.AddBits(Fraction(moved), Pattern(0x3F35_04F3, 0x3FE6_A09E_667F_3BCD));
        f = S.Subtract(m, One);
        return S.Subtract(ExponentAbove(moved), excess);
    }

    /// <summary>ln m - (f - h).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Correction(V f, V h)
    {
        V s = S.Divide(f, S.Add(Number(2), f));
        return S.Multiply(s, S.Add(h, Series(S.Multiply(s, s))));
    }

    /// <summary>R(z) of ln m = 2 s + s R(s^2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Series(V z)
    {
        if (IsSingle)
        {
            V single = Step(Number(0.23332843), z, 0.2855072);
            single = Step(single, z, 0.40000123);
            return S.Multiply(z, Step(single, z, 0.6666667));
        }

        V sum = Step(Number(0.14618416871215997), z, 0.15331552896669207);
        sum = Step(sum, z, 0.18182894545355477);
        sum = Step(sum, z, 0.22222211054622024);
        sum = Step(sum, z, 0.28571428626510875);
        sum = Step(sum, z, 0.399999999998982);
        return S.Multiply(z, Step(sum, z, 0.666666666666667));
    }

    /// <summary>The logarithm of a positive finite number; minus infinity for zero, infinity for infinity, NaN for all others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V OrSpecial(V x, V log)
    {
        V zero = Number(0), infinity = Infinity;
        V isPositive = S.GreaterThan(x, zero);
        V special = S.Select(S.AreEqual(x, zero), Number(double.NegativeInfinity), S.Select(isPositive, infinity, Number(double.NaN)));
        return S.Select(S.And(isPositive, S.LessThan(x, infinity)), log, special);
    }
}
