using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OptDsl.Simd;

/// <summary>Operations on vectors of 64-bit lanes that hold a 32-bit word. The upper bits of a lane may be anything.</summary>
internal interface IWordOps<W>
{
    static abstract int Count { get; }

    /// <summary>first, first + step, first + 2 step and so on, as 64-bit numbers.</summary>
    static abstract W Sequence(ulong first, ulong step);

    static abstract W Broadcast(ulong value);

    static abstract W Add(W a, W b);

    /// <summary>The product of the words, as a 64-bit number.</summary>
    static abstract W Multiply(W a, W b);

    static abstract W Xor(W a, W b);

    /// <summary>The upper half of each lane, as a word.</summary>
    static abstract W Upper(W a);

    /// <summary>
    /// A lane with the word of <paramref name="low"/> in its lower half and the word of <paramref name="high"/> in its upper half.
    /// </summary>
    static abstract W Join(W low, W high);

    static abstract void Store(W value, ref ulong target, nuint index);
}

internal readonly struct Words512 : IWordOps<Vector512<ulong>>
{
    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Sequence(ulong first, ulong step) => Vector512.CreateSequence(first, step);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Broadcast(ulong value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Add(Vector512<ulong> a, Vector512<ulong> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Multiply(Vector512<ulong> a, Vector512<ulong> b) => Avx512F.IsSupported
        ? Avx512F.Multiply(a.AsUInt32(), b.AsUInt32())
        : Vector512.Create(Words256.Multiply(a.GetLower(), b.GetLower()), Words256.Multiply(a.GetUpper(), b.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Xor(Vector512<ulong> a, Vector512<ulong> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Upper(Vector512<ulong> a) => a >>> 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Join(Vector512<ulong> low, Vector512<ulong> high)
        => Vector512.ConditionalSelect(Vector512.Create((ulong)uint.MaxValue), low, high << 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<ulong> value, ref ulong target, nuint index) => value.StoreUnsafe(ref target, index);
}

internal readonly struct Words256 : IWordOps<Vector256<ulong>>
{
    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Sequence(ulong first, ulong step) => Vector256.CreateSequence(first, step);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Broadcast(ulong value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Add(Vector256<ulong> a, Vector256<ulong> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Multiply(Vector256<ulong> a, Vector256<ulong> b) => Avx2.IsSupported
        ? Avx2.Multiply(a.AsUInt32(), b.AsUInt32())
        : Vector256.Create(Words128.Multiply(a.GetLower(), b.GetLower()), Words128.Multiply(a.GetUpper(), b.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Xor(Vector256<ulong> a, Vector256<ulong> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Upper(Vector256<ulong> a) => a >>> 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Join(Vector256<ulong> low, Vector256<ulong> high)
        => Vector256.ConditionalSelect(Vector256.Create((ulong)uint.MaxValue), low, high << 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<ulong> value, ref ulong target, nuint index) => value.StoreUnsafe(ref target, index);
}

internal readonly struct Words128 : IWordOps<Vector128<ulong>>
{
    public static int Count => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Sequence(ulong first, ulong step) => Vector128.CreateSequence(first, step);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Broadcast(ulong value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Add(Vector128<ulong> a, Vector128<ulong> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Multiply(Vector128<ulong> a, Vector128<ulong> b) => Sse2.IsSupported
        ? Sse2.Multiply(a.AsUInt32(), b.AsUInt32())
        : Vector128.Create(Words1.Multiply(a[0], b[0]), Words1.Multiply(a[1], b[1]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Xor(Vector128<ulong> a, Vector128<ulong> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Upper(Vector128<ulong> a) => a >>> 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Join(Vector128<ulong> low, Vector128<ulong> high)
        => Vector128.ConditionalSelect(Vector128.Create((ulong)uint.MaxValue), low, high << 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<ulong> value, ref ulong target, nuint index) => value.StoreUnsafe(ref target, index);
}

internal readonly struct Words1 : IWordOps<ulong>
{
    public static int Count => 1;

    public static ulong Sequence(ulong first, ulong step) => first;

    public static ulong Broadcast(ulong value) => value;

    public static ulong Add(ulong a, ulong b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Multiply(ulong a, ulong b) => (ulong)(uint)a * (uint)b;

    public static ulong Xor(ulong a, ulong b) => a ^ b;

    public static ulong Upper(ulong a) => a >>> 32;

    public static ulong Join(ulong low, ulong high) => (uint)low | high << 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ulong value, ref ulong target, nuint index) => Unsafe.Add(ref target, index) = value;
}
