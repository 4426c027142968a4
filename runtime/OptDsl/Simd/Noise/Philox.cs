using System.Runtime.CompilerServices;

namespace OptDsl.Simd;

/// <summary>
/// Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011): a bijection of counters of four 32-bit words under a key of two words. After ten
/// rounds its output is statistically random. A draw is a function of key and counter, and does not depend on previous draws.
/// </summary>
internal static class Philox
{
    internal const int Lanes = 16;

    private const int Rounds = 10;
    private const ulong Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57, Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;

    /// <summary>
    /// Computes the 64 words of sixteen neighbouring counters. They are 64 numbers of 32 bits, and number 16 j + i is word j of counter i.
    /// If <paramref name="wide"/>, they are 32 numbers of 64 bits, and number 16 j + i has the words 2 j and 2 j + 1 of counter i.
    /// </summary>
    /// <param name="seed">The key, its low word first.</param>
    /// <param name="first">Words 0 and 1 of the first counter, a multiple of sixteen.</param>
    /// <param name="second">Words 2 and 3 of every counter.</param>
    /// <param name="wide">Whether the numbers have 64 bits.</param>
    /// <param name="target">Receives 32 lanes of 64 bits.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    internal static void Fill<W, B>(ulong seed, ulong first, ulong second, bool wide, ref ulong target)
        where B : struct, IWordOps<W>
    {
        // Two chains of counters at a time. A lane holds two 32-bit numbers: one chain has the even counters, the other the odd ones.
        int each = wide ? B.Count : 1, step = wide ? 1 : 2, vector = B.Count;
        for (int i = 0; i < Lanes; i += 2 * vector)
        {
            // Sixteen counters differ only in their lowest four bits, which never carry.
            W a0 = B.Sequence(first + (ulong)i, (ulong)step), b0 = B.Sequence(first + (ulong)(i + each), (ulong)step);
            W a1 = B.Broadcast(first >> 32), a2 = B.Broadcast(second), a3 = B.Broadcast(second >> 32);
            W b1 = a1, b2 = a2, b3 = a3;
            W key0 = B.Broadcast(seed), key1 = B.Broadcast(seed >> 32);
            for (int round = 0; round < Rounds; round++)
            {
                W p = B.Multiply(a0, B.Broadcast(Multiplier0)), q = B.Multiply(a2, B.Broadcast(Multiplier1));
                a0 = B.Xor(B.Xor(B.Upper(q), a1), key0);
                a2 = B.Xor(B.Xor(B.Upper(p), a3), key1);
                (a1, a3) = (q, p);

                p = B.Multiply(b0, B.Broadcast(Multiplier0));
                q = B.Multiply(b2, B.Broadcast(Multiplier1));
                b0 = B.Xor(B.Xor(B.Upper(q), b1), key0);
                b2 = B.Xor(B.Xor(B.Upper(p), b3), key1);
                (b1, b3) = (q, p);

                key0 = B.Add(key0, B.Broadcast(Weyl0));
                key1 = B.Add(key1, B.Broadcast(Weyl1));
            }

            if (wide)
            {
                B.Store(B.Join(a0, a1), ref target, (nuint)i);
                B.Store(B.Join(b0, b1), ref target, (nuint)(i + vector));
                B.Store(B.Join(a2, a3), ref target, (nuint)(Lanes + i));
                B.Store(B.Join(b2, b3), ref target, (nuint)(Lanes + i + vector));
            }
            else
            {
                nuint lane = (nuint)(i / 2);
                B.Store(B.Join(a0, b0), ref target, lane);
                B.Store(B.Join(a1, b1), ref target, lane + (Lanes / 2));
                B.Store(B.Join(a2, b2), ref target, lane + Lanes);
                B.Store(B.Join(a3, b3), ref target, lane + (Lanes / 2 * 3));
            }
        }
    }
}
