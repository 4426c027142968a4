using System.Runtime.CompilerServices;
using OptDsl.Contract;
using OptDsl.Threads;

namespace OptDsl.Engine;

/// <summary>One pass of a kernel over all segments, divided into tiles that several threads can sweep.</summary>
/// <remarks>The result for an element depends on no other element, so the bits do not depend on the division.</remarks>
internal sealed class SweepWork<T> : ITiledWork
    where T : unmanaged
{
    // Large enough that taking a tile costs little compared with sweeping it, small enough that no thread waits long for the last tile.
    internal const int LargestTile = 16_384;

    // A multiple of whole vectors and cache lines: only the last tile of a segment has a tail.
    private const int SmallestTile = 64;

    private readonly Kernel<T> kernel;
    private readonly KernelBlock<T>[] blocks;

    // The first block of each tile, and the end of the last tile. With one thread there is a single tile.
    private readonly int[] tiles;
    private int faults;

    internal unsafe SweepWork(Kernel<T> kernel, ReadOnlySpan<KernelBlock<T>> segments, int threads, int uniformStart = 0)
    {
        this.kernel = kernel;
        nuint total = 0;
        foreach (KernelBlock<T> segment in segments)
        {
            total += segment.Length;
        }

        nuint share = (total + (nuint)threads - 1) / (nuint)threads;
        nuint most = threads == 1 ? Math.Max(total, SmallestTile) : LargestTile;
        nuint tile = Math.Clamp((share + SmallestTile - 1) / SmallestTile * SmallestTile, SmallestTile, most), filled = 0;
        List<KernelBlock<T>> cut = [];
        List<int> starts = [0];
        foreach (KernelBlock<T> segment in segments)
        {
            for (nuint start = 0; start < segment.Length; start += tile)
            {
                KernelBlock<T> block = segment.Slice(start, Math.Min(tile, segment.Length - start)).Shift(uniformStart);
                if (filled != 0 && filled + block.Length > tile)
                {
                    starts.Add(cut.Count);
                    filled = 0;
                }

                cut.Add(block);
                filled += block.Length;
            }
        }

        starts.Add(cut.Count);
        blocks = [.. cut];
        tiles = [.. starts];
    }

    public void Run(int tile)
    {
        bool fault = false;
        for (int i = tiles[tile]; i < tiles[tile + 1]; i++)
        {
            fault |= kernel.Sweep(in blocks[i]);
        }

        if (fault)
        {
            Volatile.Write(ref faults, 1);
        }
    }

    /// <summary>Sweeps everything.</summary>
    /// <param name="team">Divides the tiles among threads; null for the calling thread alone.</param>
    /// <param name="threads">The number of threads that may take part.</param>
    /// <param name="wake">Whether to wake sleeping threads.</param>
    /// <returns>Whether a value that was read or computed may not be finite.</returns>
    internal bool Sweep(WorkTeam? team, int threads, bool wake)
    {
        if (team is null || tiles.Length == 2)
        {
            return SweepAlone();
        }

        team.Run(this, tiles.Length - 1, threads, wake);
        bool fault = faults != 0;
        faults = 0;
        return fault;
    }

    /// <summary>Sweeps everything on the calling thread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool SweepAlone()
    {
        bool fault = false;
        foreach (ref readonly KernelBlock<T> block in blocks.AsSpan())
        {
            fault |= kernel.Sweep(in block);
        }

        return fault;
    }
}
