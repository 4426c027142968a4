using System.Runtime.CompilerServices;

namespace OptDsl.Simd;

/// <summary>What the approximate functions share: constants of the element's type, halves of numbers, powers of two.</summary>
/// <remarks>
/// The functions are made of operations that round correctly and of operations on bits, so that every width and machine
/// gives the same bits. None is a fused multiplication and addition: a strict rule would crawl where a processor has none.
/// Where an ordinary product is not exact enough, its factors are cut in halves whose products are exact.
/// </remarks>
internal abstract class Lanes<S, V, T>
    where S : struct, ISimdOps<V, T>
    where T : unmanaged
{
    protected static bool IsSingle
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float);
    }

    /// <summary>Places of the exponent above the lowest bit of a number.</summary>
    protected static int FractionBits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => IsSingle ? 23 : 52;
    }

    protected static V One
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Number(1);
    }

    protected static V Infinity
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Number(double.PositiveInfinity);
    }

    /// <summary>
    /// One and a half times the power of two from which on numbers are integers. Added to a number it rounds it to an
    /// integer, and leaves this integer in the lowest bits of the sum.
    /// </summary>
    protected static V Rounder
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Number(3 << 22, 3L << 51);
    }

    /// <summary>A constant, rounded to the element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static V Number(double value) => Number(value, value);

    /// <summary>A constant that is another one in float than in double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static V Number(double single, double twice) => IsSingle
        ? S.Broadcast(Unsafe.BitCast<float, T>((float)single))
        : S.Broadcast(Unsafe.BitCast<double, T>(twice));

    /// <summary>A constant by its bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static V Pattern(uint single, ulong twice) => IsSingle
        ? S.Broadcast(Unsafe.BitCast<uint, T>(single))
        : S.Broadcast(Unsafe.BitCast<ulong, T>(twice));

    /// <summary>One step of Horner's scheme: sum * x + coefficient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static V Step(V sum, V x, double coefficient) => S.Add(S.Multiply(sum, x), Number(coefficient));

    /// <summary>The leading half of the digits, 12 or 26: the product of two such halves is exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static V Head(V x) => S.And(x, Pattern(0xFFFF_F000, 0xFFFF_FFFF_F800_0000));

    /// <summary>What a + b, rounded to <paramref name="sum"/>, lost; exact where |a| is not below |b|.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static V LostBelow(V a, V b, V sum) => S.Subtract(b, S.Subtract(sum, a));

    /// <summary>What a - b, rounded to <paramref name="difference"/>, lost; exact whichever is larger.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static V Lost(V a, V b, V difference)
    {
        V taken = S.Subtract(a, difference);
        return S.Add(S.Subtract(a, S.Add(difference, taken)), S.Subtract(taken, b));
    }

    /// <summary>2^k of a <paramref name="rounded"/> number, k + <see cref="Rounder"/>; k is the exponent of an ordinary number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static V PowerOfTwo(V rounded) => S.AddBits(S.ShiftLeft(rounded, FractionBits), One);

    /// <summary>The bits of a lane below the exponent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static V Fraction(V x) => S.And(x, Pattern(0x007F_FFFF, 0x000F_FFFF_FFFF_FFFF));

    /// <summary>The exponent field of a positive number, as a number that is too large by 2^23 or 2^52.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static V ExponentAbove(V x) => S.Or(S.ShiftRight(x, FractionBits), Number(1 << 23, 1L << 52));
}
