using System.ComponentModel;

namespace OptDsl.Simd;

/// <summary>
/// The operations of a generated kernel, over vectors <typeparamref name="V"/> of elements <typeparamref name="T"/>. A kernel body is
/// generic over a witness: a type that implements this interface. So one text serves every vector width and the one-lane tail, with the
/// same bits.
/// </summary>
/// <typeparam name="V">The vector; <typeparamref name="T"/> itself for one lane.</typeparam>
/// <typeparam name="T">The element type, float or double.</typeparam>
/// <remarks>
/// Conditions are vectors, too: all bits of a lane are set for true, none for false. Every operation rounds like its scalar counterpart in
/// <see cref="Math"/> and <see cref="MathF"/>.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface ISimdOps<V, T>
    where T : unmanaged
{
    /// <summary>The number of lanes of a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Loads <see cref="Count"/> elements, starting <paramref name="index"/> elements after <paramref name="source"/>.</summary>
    static abstract V Load(ref readonly T source, nuint index);

    /// <summary>Stores <see cref="Count"/> elements, starting <paramref name="index"/> elements after <paramref name="target"/>.</summary>
    static abstract void Store(V value, ref T target, nuint index);

    /// <summary>
    /// Loads from element <paramref name="index"/> + <paramref name="offset"/> on. The offset is a constant at every call. It is separate
    /// from the index so that it becomes part of the address.
    /// </summary>
    static abstract V Load(ref readonly T source, nuint index, nuint offset);

    /// <summary>
    /// Stores from element <paramref name="index"/> + <paramref name="offset"/> on. See <see cref="Load(ref readonly T, nuint, nuint)"/>.
    /// </summary>
    static abstract void Store(V value, ref T target, nuint index, nuint offset);

    /// <summary>Sets every lane to <paramref name="value"/>.</summary>
    static abstract V Broadcast(T value);

    /// <summary>a + b.</summary>
    static abstract V Add(V a, V b);

    /// <summary>a - b.</summary>
    static abstract V Subtract(V a, V b);

    /// <summary>a * b.</summary>
    static abstract V Multiply(V a, V b);

    /// <summary>a / b.</summary>
    static abstract V Divide(V a, V b);

    /// <summary>-a; the sign of zero and of NaN is flipped, too.</summary>
    static abstract V Negate(V a);

    /// <summary>a * b + c, rounded once.</summary>
    static abstract V MultiplyAdd(V a, V b, V c);

    /// <summary>a * b - c, rounded once.</summary>
    static abstract V MultiplySubtract(V a, V b, V c);

    /// <summary>c - a * b, rounded once.</summary>
    static abstract V NegateMultiplyAdd(V a, V b, V c);

    /// <summary>The correctly rounded square root.</summary>
    static abstract V Sqrt(V a);

    /// <summary>The absolute value.</summary>
    static abstract V Abs(V a);

    /// <summary>As <see cref="Math.Min(double, double)"/>: NaN if either is NaN, and -0 is below +0.</summary>
    static abstract V Min(V a, V b);

    /// <summary>As <see cref="Math.Max(double, double)"/>: NaN if either is NaN, and +0 is above -0.</summary>
    static abstract V Max(V a, V b);

    /// <summary>
    /// The magnitude of <paramref name="a"/> with the sign of <paramref name="b"/>. The result is unspecified if <paramref name="b"/> is
    /// NaN.
    /// </summary>
    static abstract V CopySign(V a, V b);

    /// <summary>As <see cref="RuleMath.Sign(double)"/>: 1 above zero and -1 below zero; zero keeps its sign and NaN stays NaN.</summary>
    static abstract V Sign(V a);

    /// <summary>The largest integer that is at most <paramref name="a"/>.</summary>
    static abstract V Floor(V a);

    /// <summary>The smallest integer that is at least <paramref name="a"/>.</summary>
    static abstract V Ceiling(V a);

    /// <summary>The integer part.</summary>
    static abstract V Truncate(V a);

    /// <summary>The nearest integer, ties to even.</summary>
    static abstract V Round(V a);

    /// <summary>a &lt; b; false if either is NaN.</summary>
    static abstract V LessThan(V a, V b);

    /// <summary>a &lt;= b; false if either is NaN.</summary>
    static abstract V LessThanOrEqual(V a, V b);

    /// <summary>a &gt; b; false if either is NaN.</summary>
    static abstract V GreaterThan(V a, V b);

    /// <summary>a &gt;= b; false if either is NaN.</summary>
    static abstract V GreaterThanOrEqual(V a, V b);

    /// <summary>a == b; false if either is NaN.</summary>
    static abstract V AreEqual(V a, V b);

    /// <summary>a != b; true if either is NaN.</summary>
    static abstract V AreNotEqual(V a, V b);

    /// <summary>Whether both conditions hold.</summary>
    static abstract V And(V a, V b);

    /// <summary>Whether at least one condition holds.</summary>
    static abstract V Or(V a, V b);

    /// <summary>The bits that are set in exactly one of the two.</summary>
    static abstract V Xor(V a, V b);

    /// <summary>The sum of the bits of each lane as unsigned integers of the lane's size, with wrap-around.</summary>
    static abstract V AddBits(V a, V b);

    /// <summary>
    /// The bits of each lane shifted to higher places by <paramref name="count"/>, which is less than the number of bits of a lane.
    /// </summary>
    static abstract V ShiftLeft(V a, int count);

    /// <summary>
    /// The bits of each lane shifted to lower places by <paramref name="count"/>, which is less than the number of bits of a lane; zeros
    /// are shifted in.
    /// </summary>
    static abstract V ShiftRight(V a, int count);

    /// <summary>The opposite condition.</summary>
    static abstract V Not(V a);

    /// <summary><paramref name="a"/> in the lanes where <paramref name="condition"/> holds, else <paramref name="b"/>.</summary>
    static abstract V Select(V condition, V a, V b);

    /// <summary>Whether any bit of any lane is set.</summary>
    static abstract bool AnyBit(V a);
}
