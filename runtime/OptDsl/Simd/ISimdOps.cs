using System.ComponentModel;

namespace OptDsl.Simd;

/// <summary>
/// The operations a generated kernel is written in, over vectors <typeparamref name="V"/> of elements
/// <typeparamref name="T"/>. A kernel body is generic over a witness of this interface, so that one text serves every
/// vector width and the one-lane tail with the same bits.
/// </summary>
/// <typeparam name="V">The vector; <typeparamref name="T"/> itself for one lane.</typeparam>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <remarks>
/// Conditions are vectors too, with all bits of a lane set for true and none for false. Every operation rounds as its
/// scalar counterpart in <see cref="Math"/> and <see cref="MathF"/> does.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface ISimdOps<V, T>
    where T : unmanaged
{
    /// <summary>Lanes of a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Loads <see cref="Count"/> elements from element <paramref name="index"/> after <paramref name="source"/> on.</summary>
    static abstract V Load(ref readonly T source, nuint index);

    /// <summary>Stores <see cref="Count"/> elements from element <paramref name="index"/> after <paramref name="target"/> on.</summary>
    static abstract void Store(V value, ref T target, nuint index);

    /// <summary>
    /// Loads from element <paramref name="index"/> + <paramref name="offset"/> on. The offset is a constant at every call,
    /// and apart from the index so that it becomes part of the address.
    /// </summary>
    static abstract V Load(ref readonly T source, nuint index, nuint offset);

    /// <summary>
    /// Stores from element <paramref name="index"/> + <paramref name="offset"/> on, as <see cref="Load(ref readonly T, nuint, nuint)"/>
    /// loads.
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

    /// <summary>-a; the sign of zero and of NaN is flipped as well.</summary>
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

    /// <summary><see cref="Math.Min(double, double)"/>: NaN if either is, and -0 below +0.</summary>
    static abstract V Min(V a, V b);

    /// <summary><see cref="Math.Max(double, double)"/>: NaN if either is, and +0 above -0.</summary>
    static abstract V Max(V a, V b);

    /// <summary>The magnitude of <paramref name="a"/> with the sign of <paramref name="b"/>.</summary>
    static abstract V CopySign(V a, V b);

    /// <summary><see cref="RuleMath.Sign(double)"/>: 1 above zero, -1 below; zero keeps its sign and NaN stays NaN.</summary>
    static abstract V Sign(V a);

    /// <summary>The largest integer not above <paramref name="a"/>.</summary>
    static abstract V Floor(V a);

    /// <summary>The smallest integer not below <paramref name="a"/>.</summary>
    static abstract V Ceiling(V a);

    /// <summary>The integer part.</summary>
    static abstract V Truncate(V a);

    /// <summary>The nearest integer, ties to even.</summary>
    static abstract V Round(V a);

    /// <summary>a &lt; b, false where either is NaN.</summary>
    static abstract V LessThan(V a, V b);

    /// <summary>a &lt;= b, false where either is NaN.</summary>
    static abstract V LessThanOrEqual(V a, V b);

    /// <summary>a &gt; b, false where either is NaN.</summary>
    static abstract V GreaterThan(V a, V b);

    /// <summary>a &gt;= b, false where either is NaN.</summary>
    static abstract V GreaterThanOrEqual(V a, V b);

    /// <summary>a == b, false where either is NaN.</summary>
    static abstract V AreEqual(V a, V b);

    /// <summary>a != b, true where either is NaN.</summary>
    static abstract V AreNotEqual(V a, V b);

    /// <summary>Both conditions.</summary>
    static abstract V And(V a, V b);

    /// <summary>Either condition.</summary>
    static abstract V Or(V a, V b);

    /// <summary>The bits in which just one of the two has a one.</summary>
    static abstract V Xor(V a, V b);

    /// <summary>The sum of the bits of each lane as integers of its size, modulo their range.</summary>
    static abstract V AddBits(V a, V b);

    /// <summary>The bits of each lane moved up by <paramref name="count"/> places, fewer than a lane has bits.</summary>
    static abstract V ShiftLeft(V a, int count);

    /// <summary>The bits of each lane moved down by <paramref name="count"/> places, fewer than a lane has bits; zeros follow.</summary>
    static abstract V ShiftRight(V a, int count);

    /// <summary>The opposite condition.</summary>
    static abstract V Not(V a);

    /// <summary><paramref name="a"/> in the lanes where <paramref name="condition"/> holds, else <paramref name="b"/>.</summary>
    static abstract V Select(V condition, V a, V b);

    /// <summary>Whether any bit of any lane is set.</summary>
    static abstract bool AnyBit(V a);
}
