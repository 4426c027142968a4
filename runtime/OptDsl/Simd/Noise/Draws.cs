using System.Runtime.CompilerServices;

namespace OptDsl.Simd;

/// <summary>Turns random numbers of 32 or 64 bits, in lanes of the element's size, into draws from a distribution.</summary>
internal abstract class Draws<S, V, T> : Lanes<S, V, T>
    where S : struct, ISimdOps<V, T>
    where T : unmanaged
{
    private const MethodImplOptions OneCall = MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization;

    /// <summary>The number of bits of a random number.</summary>
    internal static int Bits => IsSingle ? 32 : 64;

    /// <summary>The leading bits become the fraction of a number from 1 to 2; 1 is subtracted and half a unit is added.</summary>
    [MethodImpl(OneCall)]
    internal static void Uniform(ref readonly T numbers, ref T target, int count)
    {
        V offset = Number(1 - (1.0 / (1 << 24)), 1 - (1.0 / (1L << 53)));
        for (nuint i = 0; i < (nuint)count; i += (nuint)S.Count)
        {
            V fraction = S.ShiftRight(S.Load(in numbers, i), IsSingle ? 9 : 12);
            S.Store(S.Subtract(S.Or(fraction, One), offset), ref target, i);
        }
    }

    /// <summary>The bit <paramref name="place"/> below the highest becomes the sign of 1.</summary>
    [MethodImpl(OneCall)]
    internal static void Rademacher(ref readonly T numbers, ref T target, int count, int place)
    {
        for (nuint i = 0; i < (nuint)count; i += (nuint)S.Count)
        {
            V sign = S.And(S.ShiftLeft(S.Load(in numbers, i), place), Number(-0.0));
            S.Store(S.Or(sign, One), ref target, i);
        }
    }

    /// <summary>
    /// The method of Box and Muller: the radius is sqrt(-2 ln u) and the angle is uniform. Radius times cosine and radius times sine are
    /// two independent normal numbers. Sixteen numbers for radii are followed by sixteen for angles, and sixteen cosines by their sines.
    /// </summary>
    [MethodImpl(OneCall)]
    internal static void Gaussian(ref readonly T numbers, ref T target, int count)
    {
        for (nuint group = 0; group < (nuint)count; group += 2 * Philox.Lanes)
        {
            for (nuint i = group; i < group + Philox.Lanes; i += (nuint)S.Count)
            {
                V angle = S.Load(in numbers, i + Philox.Lanes);
                V radius = Radius(S.Load(in numbers, i));
                Turn(angle, out V cosine, out V sine);
                S.Store(S.Multiply(radius, cosine), ref target, i);
                S.Store(S.Multiply(radius, sine), ref target, i + Philox.Lanes);
            }
        }
    }

    /// <summary>
    /// sqrt(-2 ln u) with u = (n + 1/2) / 2^32 or 2^64 from all bits n. Small u keep their digits, so the tails are correct.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Radius(V number)
    {
        // The lower half of n plus one half goes under the exponent of 2^22 or 2^51, the upper half under that of 2^39 or 2^84. The
        // first power of two is subtracted and the second added, so n + 1/2 is rounded once.
        V low = S.And(S.ShiftLeft(number, 1), Pattern(0x0001_FFFE, 0x0000_0001_FFFF_FFFE));
        low = S.Or(low, Pattern(0x4A80_0001, 0x4320_0000_0000_0001));
        V high = S.Or(S.ShiftRight(number, IsSingle ? 16 : 32), Pattern(0x5300_0000, 0x4530_0000_0000_0000));
        V n = S.Add(S.Subtract(high, Pattern(0x5300_0040, 0x4530_0000_0008_0000)), low);

        // ln u = k ln 2 + ln m. If u is next to 1, k is 0 and nothing cancels.
        V moved = S.AddBits(n, Pattern(0x3F80_0000 - 0x3F35_04F3, 0x3FF0_0000_0000_0000 - 0x3FE6_A09E_667F_3BCD));
        V m = S.AddBits(Fraction(moved), Pattern(0x3F35_04F3, 0x3FE6_A09E_667F_3BCD));
        V k = S.Subtract(ExponentAbove(moved), Number((1 << 23) + 127 + 32, (1L << 52) + 1023 + 64));
        V f = S.Subtract(m, One);
        V s = S.Divide(f, S.Add(Number(2), f));
        V h = S.Multiply(Number(0.5), S.Multiply(f, f));
        V small = S.Multiply(s, S.Add(h, Logarithm<S, V, T>.Series(S.Multiply(s, s))));
        V log = S.Add(S.Multiply(k, Number(0.6931471805599453)), S.Subtract(f, S.Subtract(h, small)));
        return S.Sqrt(S.Multiply(Number(-2), log));
    }

    /// <summary>
    /// Two bits choose the quadrant. The other bits are v from -1/2 to 1/2, a fraction of a quarter turn. With a = v pi / 2, the cosine and
    /// sine of pi / 4 + a are (cos a - sin a) / sqrt 2 and (cos a + sin a) / sqrt 2.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn(V number, out V cosine, out V sine)
    {
        V fraction = S.ShiftRight(S.ShiftLeft(number, 2), IsSingle ? 9 : 12);
        V v = S.Subtract(S.Or(fraction, One), Number(1.5));
        V z = S.Multiply(v, v), along = Along(z), across = S.Multiply(v, Across(z));
        V sign = Number(-0.0);
        cosine = S.Xor(S.Subtract(along, across), S.And(number, sign));
        sine = S.Xor(S.Add(along, across), S.And(S.ShiftLeft(number, 1), sign));
    }

    /// <summary>cos(v pi / 2) / sqrt 2, given z = v^2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Along(V z)
    {
        if (IsSingle)
        {
            V single = Step(Number(-0.014430884), z, 0.17932132);
            return Step(Step(single, z, -0.8723555), z, 0.70710677);
        }

        V sum = Step(Number(-4.469806499259497e-09), z, 3.3309041066993295e-07);
        sum = Step(sum, z, -1.7820531100977825e-05);
        sum = Step(sum, z, 0.0006500151735504632);
        sum = Step(sum, z, -0.014752708726892456);
        sum = Step(sum, z, 0.17937142921708463);
        sum = Step(sum, z, -0.8723580249548599);
        return Step(sum, z, 0.7071067811865476);
    }

    /// <summary>sin(v pi / 2) / (v sqrt 2), given z = v^2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Across(V z)
    {
        if (IsSingle)
        {
            V single = Step(Number(-0.0032542306), z, 0.05634243);
            return Step(Step(single, z, -0.45676515), z, 1.1107208);
        }

        V sum = Step(Number(3.983796106124097e-08), z, -2.544625142899944e-06);
        sum = Step(sum, z, 0.00011344902567818936);
        sum = Step(sum, z, -0.0033105000948273544);
        sum = Step(sum, z, 0.056351196429142096);
        sum = Step(sum, z, -0.45676559374971354);
        return Step(sum, z, 1.1107207345395915);
    }
}
