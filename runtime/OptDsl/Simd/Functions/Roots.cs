using System.Runtime.CompilerServices;

namespace OptDsl.Simd;

/// <summary>The cube root, and the length of a two-dimensional vector.</summary>
internal abstract class Roots<S, V, T> : Lanes<S, V, T>
    where S : struct, ISimdOps<V, T>
    where T : unmanaged
{
    /// <summary>
    /// |x| = 2^(3 q) w with w from 1 to 8. A polynomial gives a first root, and a step of third order (Halley's method for t^3 - w)
    /// improves it. The last step starts from a root with half the digits, whose square is exact.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Cbrt(V x)
    {
        V size = S.Abs(x), zero = Number(0), one = One;
        V isSmall = S.LessThan(size, Number(1.1754943508222875e-38, 2.2250738585072014e-308));
        V scaled = S.Select(isSmall, S.Multiply(size, Number(1 << 24, 1L << 54)), size);
        V excess = S.Select(isSmall, Number((1 << 23) + 127 + 24, (1L << 52) + 1023 + 54), Number((1 << 23) + 127, (1L << 52) + 1023));
        V exponent = S.Subtract(ExponentAbove(scaled), excess);
        V m = S.Or(Fraction(scaled), one);

        // A third of (exponent - 1) is q minus a third, q, or q plus a third.
        V rounded = S.Add(S.Multiply(S.Subtract(exponent, one), Number(1.0 / 3)), Rounder);
        V rest = S.Subtract(exponent, S.Multiply(Number(3), S.Subtract(rounded, Rounder)));
        V isZero = S.AreEqual(rest, zero), isOne = S.AreEqual(rest, one);
        V w = S.Multiply(m, S.Select(isZero, one, S.Select(isOne, Number(2), Number(4))));
        V root = Step(Number(-0.010603848), m, 0.0860911);
        root = Step(root, m, -0.30061114);
        root = Step(root, m, 0.71815366);
        root = Step(root, m, 0.50697947);
        root = S.Multiply(root, S.Select(isZero, one, S.Select(isOne, Number(1.2599210498948732), Number(1.5874010519681996))));
        if (!IsSingle)
        {
            root = Improved(root, w);
        }

        V result = S.Multiply(Improved(Head(root), w), PowerOfTwo(rounded));
        V isOrdinary = S.And(S.GreaterThan(size, zero), S.LessThan(size, Infinity));
        return S.Select(isOrdinary, S.CopySign(result, x), x);
    }

    /// <summary>The root of x^2 + y^2, scaled so that no square overflows or underflows; the squares of the heads are exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Hypot(V x, V y)
    {
        V a = S.Abs(x), b = S.Abs(y), infinity = Infinity;
        V isInfinite = S.Or(S.AreEqual(a, infinity), S.AreEqual(b, infinity));
        V isFirst = S.GreaterThanOrEqual(a, b);
        V large = S.Select(isFirst, a, b), small = S.Select(isFirst, b, a);

        // Above 2^60 or 2^500 scaled by 2^-80 or 2^-600, below 2^-40 or 2^-400 by 2^100 or 2^700; the result is scaled back.
        V isHuge = S.GreaterThan(large, Number(1.152921504606847E+18, 3.2733906078961419E+150));
        V isTiny = S.LessThan(large, Number(9.0949470177292824E-13, 3.8725919148493183E-121));
        V down = Number(8.271806125530277E-25, 2.409919865102884E-181), up = Number(1.2676506002282294E+30, 5.2601359015483735E+210);
        V scale = S.Select(isHuge, down, S.Select(isTiny, up, One));
        V back = S.Select(isHuge, Number(1.2089258196146292E+24, 4.149515568880993E+180),
            S.Select(isTiny, Number(7.8886090522101181E-31, 1.9010915662951598E-211), One));
        large = S.Multiply(large, scale);
        small = S.Multiply(small, scale);

        V largeHead = Head(large), smallHead = Head(small);
        V largeSquare = S.Multiply(largeHead, largeHead), smallSquare = S.Multiply(smallHead, smallHead);
        V sum = S.Add(largeSquare, smallSquare);
        V rest = S.Add(
            S.Multiply(S.Subtract(large, largeHead), S.Add(large, largeHead)),
            S.Multiply(S.Subtract(small, smallHead), S.Add(small, smallHead)));
        rest = S.Add(rest, LostBelow(largeSquare, smallSquare, sum));
        V result = S.Multiply(S.Sqrt(S.Add(sum, rest)), back);
        return S.Select(isInfinite, infinity, result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Improved(V root, V w)
    {
        V quotient = S.Divide(w, S.Multiply(root, root));
        V step = S.Divide(S.Subtract(quotient, root), S.Add(S.Add(root, root), quotient));
        return S.Add(root, S.Multiply(root, step));
    }
}
