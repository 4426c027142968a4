using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptDsl.Simd;

/// <summary>Sine and cosine.</summary>
/// <remarks>
/// x = k pi / 2 + r with |r| at most pi / 4. Up to a bound, three parts of pi / 2 are so short that their products with k are exact, and
/// the rounding errors of the differences are kept. Above the bound, <see cref="LargeAngle"/> finds r, one lane at a time.
/// </remarks>
internal abstract class Circle<S, V, T> : Lanes<S, V, T>
    where S : struct, ISimdOps<V, T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Sin(V x) => S.Select(S.AreEqual(x, Number(0)), x, Turned(x, Number(0)));

    /// <summary>The cosine is the sine of an angle that is a quarter turn larger.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Cos(V x) => Turned(x, Pattern(1, 1));

    /// <summary>The sine of x plus as many quarter turns as the integer <paramref name="quarters"/> says.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Turned(V x, V quarters)
    {
        V rounded = Reduce(x, out V r, out V lost);
        V size = S.Abs(x);
        V isLarge = S.And(S.GreaterThan(size, Number(1600, 1e6)), S.LessThan(size, Infinity));
        if (S.AnyBit(isLarge))
        {
            ReduceLarge(x, isLarge, ref rounded, ref r, ref lost);
        }

        rounded = S.AddBits(rounded, quarters);
        V z = S.Multiply(r, r), half = S.Multiply(Number(0.5), z);
        V one = One;
        V most = S.Subtract(one, half);
        V sine = S.Add(r, S.Add(S.Multiply(S.Multiply(r, z), SinePolynomial(z)), S.Multiply(lost, most)));
        V rest = S.Subtract(S.Multiply(S.Multiply(z, z), CosinePolynomial(z)), S.Multiply(r, lost));
        V cosine = S.Add(most, S.Add(S.Subtract(S.Subtract(one, most), half), rest));

        // The lowest bit of the quarters chooses sine or cosine; the next bit is the sign.
        V isOdd = S.LessThan(S.Or(S.ShiftLeft(rounded, IsSingle ? 31 : 63), one), Number(0));
        V sign = S.And(S.ShiftLeft(rounded, IsSingle ? 30 : 62), Number(-0.0));
        return S.Xor(S.Select(isOdd, cosine, sine), sign);
    }

    /// <summary>k + <see cref="Lanes{S, V, T}.Rounder"/> for x = k pi / 2 + r + lost.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Reduce(V x, out V r, out V lost)
    {
        V rounder = Rounder;
        V rounded = S.Add(S.Multiply(x, Number(0.6366197723675814)), rounder);
        V k = S.Subtract(rounded, rounder);
        V first = S.Subtract(x, S.Multiply(k, Number(1.5706787109375, 1.5707963267341256)));
        V part = S.Multiply(k, Number(0.00011761486530303955, 6.077100506303966e-11));
        V second = S.Subtract(first, part);
        V rest = Lost(first, part, second);
        part = S.Multiply(k, Number(9.920313459588215e-10, 2.0222662487111665e-21));
        V third = S.Subtract(second, part);
        rest = S.Add(rest, Lost(second, part, third));
        rest = S.Subtract(rest, S.Multiply(k, Number(6.223372171896613e-14, 8.4784276603689e-32)));
        r = S.Add(third, rest);
        lost = LostBelow(third, rest, r);
        return rounded;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ReduceLarge(V x, V isLarge, ref V rounded, ref V r, ref V lost)
    {
        // Four vectors of lanes, at most 64 bytes each.
        Span<T> lanes = MemoryMarshal.Cast<ulong, T>(stackalloc ulong[32]);
        int each = lanes.Length / 4;
        Span<T> arguments = lanes[..each], quarters = lanes[each..(2 * each)], angles = lanes[(2 * each)..(3 * each)],
            rests = lanes[(3 * each)..];
        S.Store(S.And(x, isLarge), ref arguments[0], 0);
        S.Store(rounded, ref quarters[0], 0);
        S.Store(r, ref angles[0], 0);
        S.Store(lost, ref rests[0], 0);
        for (int i = 0; i < S.Count; i++)
        {
            double argument = IsSingle ? Unsafe.BitCast<T, float>(arguments[i]) : Unsafe.BitCast<T, double>(arguments[i]);
            if (argument == 0)
            {
                continue;
            }

            int quarter = LargeAngle.Reduce(argument, out double high, out double low);
            double angle = high + low;
            if (IsSingle)
            {
                float single = (float)angle;
                quarters[i] = Unsafe.BitCast<int, T>(quarter);
                angles[i] = Unsafe.BitCast<float, T>(single);
                rests[i] = Unsafe.BitCast<float, T>((float)(angle - single));
            }
            else
            {
                quarters[i] = Unsafe.BitCast<long, T>(quarter);
                angles[i] = Unsafe.BitCast<double, T>(angle);
                rests[i] = Unsafe.BitCast<double, T>(low - (angle - high));
            }
        }

        rounded = S.Load(in quarters[0], 0);
        r = S.Load(in angles[0], 0);
        lost = S.Load(in rests[0], 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V SinePolynomial(V z)
    {
        if (IsSingle)
        {
            return Step(Step(Step(Number(2.7249696e-06), z, -0.00019840086), z, 0.008333332), z, -0.16666667);
        }

        V sum = Step(Number(1.5918002281873061e-10), z, -2.5051130101805494e-08);
        sum = Step(sum, z, 2.755731609430797e-06);
        sum = Step(sum, z, -0.0001984126983674298);
        sum = Step(sum, z, 0.00833333333333094);
        return Step(sum, z, -0.16666666666666666);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V CosinePolynomial(V z)
    {
        if (IsSingle)
        {
            return Step(Step(Number(2.4547788e-05), z, -0.0013888302), z, 0.041666664);
        }

        V sum = Step(Number(-1.138255204095506e-11), z, 2.0876145163581403e-09);
        sum = Step(sum, z, -2.7557317266494944e-07);
        sum = Step(sum, z, 2.4801587298755762e-05);
        sum = Step(sum, z, -0.001388888888888739);
        return Step(sum, z, 0.041666666666666664);
    }
}
