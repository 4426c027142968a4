using System.Runtime.CompilerServices;

namespace OptDsl.Simd;

/// <summary>The angle of a point in the plane.</summary>
/// <remarks>
/// In the half quadrant between the axis and the diagonal the angle is arctan t with t = small / large, the two sizes in order. Up to t =
/// 1/2 the polynomial takes t itself. Above it, the polynomial takes (small - large) / (small + large), the tangent of the angle from the
/// diagonal, whose size is at most 1/3. The angle is then a multiple of pi / 4 plus or minus an arctangent. The multiple and the quotient
/// each have a second part.
/// </remarks>
internal abstract class Arctangent<S, V, T> : Lanes<S, V, T>
    where S : struct, ISimdOps<V, T>
    where T : unmanaged
{
    /// <summary>The angle of the point (1, x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Atan(V x) => Atan2(x, One);

    /// <summary>The angle of the point (x, y) from the first axis, from -pi to pi.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Atan2(V y, V x)
    {
        // Both comparisons are false for NaN, so NaN remains in one of the two numbers.
        V zero = Number(0), one = One, minus = Number(-0.0);
        V up = S.Abs(y), along = S.Abs(x);
        V isSteep = S.GreaterThan(up, along);
        V small = S.Select(isSteep, along, up), large = S.Select(isSteep, up, along);

        // Scaled so that the sum does not overflow and no part of a product underflows: by 2^-20 and 2^80 in float, 2^-100 and 2^200 in
        // double.
        V isHuge = S.GreaterThan(large, Number(1.329227995784916E+36, 1.0715086071862673E+301));
        V isTiny = S.LessThan(large, Number(1.0842021724855044E-19, 1.1830521861667747E-271));
        V scale = S.Select(isHuge, Number(9.5367431640625E-07, 7.888609052210118E-31),
            S.Select(isTiny, Number(1.2089258196146292E+24, 1.6069380442589903E+60), one));
        small = S.Multiply(small, scale);
        large = S.Multiply(large, scale);

        // Two numbers of the same size, including infinities, are replaced by ones; two zeros by a point on the axis.
        V areEqual = S.AreEqual(small, large);
        large = S.Select(areEqual, one, large);
        small = S.Select(S.And(areEqual, S.GreaterThan(small, zero)), one, small);

        // The angle from the axis or from the diagonal. Above one half the difference is exact.
        V isBeyond = S.GreaterThan(S.Add(small, small), large);
        V sum = S.Add(large, small);
        V numerator = S.Select(isBeyond, S.Subtract(small, large), small);
        V denominator = S.Select(isBeyond, sum, large);
        V quotient = S.Divide(numerator, denominator);
        V square = S.Multiply(quotient, quotient);

        // The rounding error of the quotient, times the slope. The product of two heads is exact, and so is its difference to the
        // numerator.
        V head = Head(quotient), denominatorHead = Head(denominator);
        V tail = S.Add(S.Subtract(denominator, denominatorHead), S.And(isBeyond, LostBelow(large, small, sum)));
        V left = S.Subtract(S.Subtract(numerator, S.Multiply(head, denominatorHead)), S.Multiply(head, tail));
        left = S.Subtract(left, S.Multiply(S.Subtract(quotient, head), denominator));
        V lost = S.Divide(left, S.Add(denominator, S.Multiply(denominator, square)));

        // If the quotient is so small that the polynomial adds nothing, the rounded quotient is best, and parts of products would
        // underflow.
        V isSmall = S.LessThan(S.Abs(quotient), Number(3.0517578125E-05, 9.313225746154785E-10));
        lost = S.Select(isSmall, zero, lost);
        V rest = S.Add(lost, S.Multiply(S.Multiply(quotient, square), Polynomial(square)));

        // Seen from the other axis, or from its other side, the angle is a right angle, or two right angles, minus this angle. So the
        // multiple of pi / 4 is subtracted from 2 or 4, and the sign of the arctangent changes.
        V turns = S.And(isBeyond, one);
        turns = S.Select(isSteep, S.Subtract(Number(2), turns), turns);
        V isBehind = S.LessThan(S.CopySign(one, x), zero);
        turns = S.Select(isBehind, S.Subtract(Number(4), turns), turns);
        V sign = S.And(S.Xor(isSteep, isBehind), minus);
        quotient = S.Xor(quotient, sign);
        rest = S.Xor(rest, sign);

        // The first part of pi / 4 is so short that its multiples are exact, and no multiple except zero is less than the quotient.
        V high = S.Multiply(turns, Number(0.785398006439209, 0.7853981633974483)),
            low = S.Multiply(turns, Number(1.5695824e-07, 3.061616997868383e-17));
        V angle = S.Add(high, quotient);
        rest = S.Add(rest, S.Add(low, LostBelow(high, quotient, angle)));
        return S.CopySign(S.Add(angle, rest), y);
    }

    /// <summary>P(z) of arctan q = q + q z P(z) with z = q^2 up to 1/4; the polynomial with the smallest maximum error.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Polynomial(V z)
    {
        if (IsSingle)
        {
            V single = Step(Number(0.039042152), z, -0.08009076);
            single = Step(single, z, 0.109484106);
            single = Step(single, z, -0.14273107);
            single = Step(single, z, 0.19999555);
            return Step(single, z, -0.33333328);
        }

        V sum = Step(Number(0.01011648275302181), z, -0.027434450021896067);
        sum = Step(sum, z, 0.041864748053917406);
        sum = Step(sum, z, -0.05121995961216722);
        sum = Step(sum, z, 0.05858296891369495);
        sum = Step(sum, z, -0.06663810351296842);
        sum = Step(sum, z, 0.07692073890530451);
        sum = Step(sum, z, -0.09090896243636495);
        sum = Step(sum, z, 0.11111110659606666);
        sum = Step(sum, z, -0.14285714276385547);
        sum = Step(sum, z, 0.1999999999990311);
        return Step(sum, z, -0.3333333333333298);
    }
}
