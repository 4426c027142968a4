using OptDsl.Contract;

namespace OptDsl.Engine;

/// <summary>
/// Memory for the lanes of a pass's reductions and for its draws. A few kilobytes lie on the stack of the thread that sweeps. A rule with
/// many reductions or draws needs more. That memory is allocated when the optimizer is bound, once per thread, so no rule overflows a
/// stack.
/// </summary>
internal sealed unsafe class PassScratch<T>
    where T : unmanaged
{
    /// <summary>The largest number of bytes taken from a stack.</summary>
    internal const int LargestOnStack = 65_536;

    private const int Alignment = 64;

    // One per thread that sweeps at the same time. An entry is null while it is taken.
    private readonly Room?[] rooms;

    /// <param name="reductions">The number of the pass's reductions. Each has 32 lanes.</param>
    /// <param name="noises">The number of draws per parameter that the pass reads.</param>
    /// <param name="threads">The number of threads that may sweep at the same time.</param>
    internal PassScratch(int reductions, int noises, int threads)
    {
        SumBytes = (long)reductions * ReductionTree.Lanes * sizeof(double);
        long bytes = SumBytes + ((long)noises * SweepMemory<T>.NoiseLength * sizeof(T)) + Alignment;
        if (bytes > AlignedMemory<byte>.MaxLength)
        {
            throw new NotSupportedException(
                $"A pass with {reductions} reductions and {noises} draws per parameter needs {bytes} bytes of scratch memory, but at most {AlignedMemory<byte>.MaxLength} can be allocated. Split the rule.");
        }

        Bytes = (int)bytes;
        rooms = new Room?[IsOnStack ? 0 : threads];
        for (int i = 0; i < rooms.Length; i++)
        {
            rooms[i] = new Room(Bytes);
        }
    }

    /// <summary>Whether the memory lies on the stack of the thread that sweeps.</summary>
    internal bool IsOnStack => Bytes <= LargestOnStack;

    /// <summary>The total number of bytes, including those for alignment.</summary>
    internal int Bytes { get; }

    /// <summary>The number of bytes of the reductions' lanes, which come first.</summary>
    internal long SumBytes { get; }

    /// <summary>Takes memory. Every thread that may sweep has some, so no thread waits.</summary>
    internal Room Take()
    {
        while (true)
        {
            for (int i = 0; i < rooms.Length; i++)
            {
                if (Interlocked.Exchange(ref rooms[i], null) is { } room)
                {
                    return room;
                }
            }
        }
    }

    /// <summary>Gives the memory back.</summary>
    internal void Return(Room room)
    {
        for (int i = 0; ; i = (i + 1) % rooms.Length)
        {
            if (Interlocked.CompareExchange(ref rooms[i], room, null) is null)
            {
                return;
            }
        }
    }

    /// <summary>The first address that is aligned to the widest vector.</summary>
    internal static byte* Align(byte* memory) => (byte*)(((nuint)memory + (Alignment - 1)) & ~(nuint)(Alignment - 1));

    /// <summary>A block of memory that does not move.</summary>
    internal sealed class Room(int bytes)
    {
        private readonly AlignedMemory<byte> memory = AlignedMemory<byte>.Allocate(bytes);

        internal byte* Pointer => memory.Pointer;
    }
}
