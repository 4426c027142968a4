using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using OptDsl.Simd;
using Xunit;

namespace OptDsl.Runtime.Tests.Noise;

/// <summary>
/// The generator against the known answers of D. E. Shaw Research's random123 (the philox4x32 rows of ten rounds in kat_vectors)
/// and against its definition, written out for one counter: a round too few, a swapped multiplier or a key that is not bumped
/// changes every word.
/// </summary>
public sealed class PhiloxTests
{
    public static TheoryData<uint[], uint[], uint[]> Known => new()
    {
        { [0, 0, 0, 0], [0, 0], [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
        { [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd] },
        { [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0], [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1] },
    };

    /// <summary>A counter that is no multiple of sixteen is the lane of one that is.</summary>
    [Theory]
    [MemberData(nameof(Known))]
    public void Known_answers_come_out_at_every_width(uint[] counter, uint[] key, uint[] answer)
    {
        ulong seed = Join(key[0], key[1]), second = Join(counter[2], counter[3]);
        ulong first = Join(counter[0] & ~15u, counter[1]);
        int lane = (int)(counter[0] & 15);
        Assert.Equal(answer, Definition(counter, key));
        foreach (ulong[] made in Widths(seed, first, second, wide: false))
        {
            ReadOnlySpan<uint> words = MemoryMarshal.Cast<ulong, uint>(made);
            Assert.Equal(answer, new[] { words[lane], words[16 + lane], words[32 + lane], words[48 + lane] });
        }

        foreach (ulong[] made in Widths(seed, first, second, wide: true))
        {
            Assert.Equal((Join(answer[0], answer[1]), Join(answer[2], answer[3])), (made[lane], made[16 + lane]));
        }
    }

    [Fact]
    public void Every_lane_is_the_definition_at_every_width()
    {
        var random = new Random(1);
        for (int repeat = 0; repeat < 50; repeat++)
        {
            ulong seed = (ulong)random.NextInt64(long.MinValue, long.MaxValue),
                second = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
            ulong first = (ulong)random.NextInt64(long.MinValue, long.MaxValue) & ~15ul;
            foreach (ulong[] made in Widths(seed, first, second, wide: false))
            {
                for (uint lane = 0; lane < 16; lane++)
                {
                    uint[] expected = Definition(
                        [(uint)first + lane, (uint)(first >> 32), (uint)second, (uint)(second >> 32)], [(uint)seed, (uint)(seed >> 32)]);
                    for (int j = 0; j < 4; j++)
                    {
                        Assert.Equal(expected[j], MemoryMarshal.Cast<ulong, uint>(made)[(16 * j) + (int)lane]);
                    }
                }
            }
        }
    }

    private static ulong Join(uint low, uint high) => low | (ulong)high << 32;

    private static IEnumerable<ulong[]> Widths(ulong seed, ulong first, ulong second, bool wide)
    {
        ulong[] a = new ulong[32], b = new ulong[32], c = new ulong[32], d = new ulong[32];
        Philox.Fill<Vector512<ulong>, Words512>(seed, first, second, wide, ref a[0]);
        Philox.Fill<Vector256<ulong>, Words256>(seed, first, second, wide, ref b[0]);
        Philox.Fill<Vector128<ulong>, Words128>(seed, first, second, wide, ref c[0]);
        Philox.Fill<ulong, Words1>(seed, first, second, wide, ref d[0]);
        return [a, b, c, d];
    }

    private static uint[] Definition(uint[] counter, uint[] key)
    {
        uint[] c = [.. counter];
        for (uint round = 0; round < 10; round++)
        {
            ulong p = 0xD2511F53ul * c[0], q = 0xCD9E8D57ul * c[2];
            unchecked
            {
                c = [(uint)(q >> 32) ^ c[1] ^ (key[0] + (round * 0x9E3779B9u)), (uint)q,
                    (uint)(p >> 32) ^ c[3] ^ (key[1] + (round * 0xBB67AE85u)), (uint)p];
            }
        }

        return c;
    }
}
