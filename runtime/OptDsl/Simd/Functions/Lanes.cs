using System.Runtime.CompilerServices;

namespace OptDsl.Simd;

/// <summary>What the approximate functions share: constants of the element type, halves of numbers, powers of two.</summary>
/// <remarks>
/// The functions use only operations that round correctly and operations on bits, so every width and machine gives the same bits. They use
/// no fused multiply-add, because a strict rule would be very slow on a processor without it. Where an ordinary product is not exact
/// enough, its factors are split into halves whose products are exact.
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

    /// <summary>The number of bits below the exponent.</summary>
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
    /// 1.5 times the power of two above which every number is an integer. Adding it to a number rounds the number to an integer and leaves
    /// this integer in the lowest bits of the sum.
    /// </summary>
    protected static V Rounder
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Number(3 << 22, 3L << 51);
    }

    /// <summary>A constant, rounded to the element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static V Number(double value) => Number(value, value);

    /// <summary>A constant that differs between float and double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static V Number(double single, double twice) => IsSingle
        ? S.Broadcast(Unsafe.BitCast<float, T>((float)single))
        : S.Broadcast(Unsafe.BitCast<double, T>(twice));

    /// <summary>A constant given by its bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static V Pattern(uint single, ulong twice) => IsSingle
        ? S.Broadcast(Unsafe.BitCast<uint, T>(single))
        : S.Broadcast(Unsafe.BitCast<ulong, T>(twice));

    /// <summary>One step of Horner's scheme: sum * x + coefficient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static V Step(V sum, V x, double coefficient) => S.Add(S.Multiply(sum, x), Number(coefficient));

    /// <summary>The leading half of the significant bits, 12 or 26. The product of two such halves is exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static V Head(V x) => S.And(x, Pattern(0xFFFF_F000, 0xFFFF_FFFF_F800_0000));

    /// <summary>The rounding error of a + b, which was rounded to <paramref name="sum"/>; exact if |a| is at least |b|.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static V LostBelow(V a, V b, V sum) => S.Subtract(b, S.Subtract(sum, a));

    /// <summary>The rounding error of a - b, which was rounded to <paramref name="difference"/>; exact whichever is larger.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static V Lost(V a, V b, V difference)
    {
        V taken = S.Subtract(a, difference);
        return S.Add(S.Subtract(a, S.Add(difference, taken)), S.Subtract(taken, b));
    }

    /// <summary>2^k for a <paramref name="rounded"/> number, k + <see cref="Rounder"/>; k is the exponent of a normal number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static V PowerOfTwo(V rounded) => S.AddBits(S.ShiftLeft(rounded, FractionBits), One);

    /// <summary>The bits of a lane below the exponent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static V Fraction(V x) => S.And(x, Pattern(0x007F_FFFF, 0x000F_FFFF_FFFF_FFFF));

    /// <summary>The exponent field of a positive number, as a number that is too large by 2^23 or 2^52.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static V ExponentAbove(V x) => S.Or(S.ShiftRight(x, FractionBits), Number(1 << 23, 1L << 52));
}
