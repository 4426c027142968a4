using OptDsl.Contract;

namespace OptDsl.Engine;

/// <summary>
/// Room for the lanes of a pass's reductions and for its draws. A few kilobytes lie on the stack of the thread that sweeps; what a rule
/// of many reductions or draws needs is allocated when the optimizer is bound, once per thread, so that no rule overflows a stack.
/// </summary>
internal sealed unsafe class PassScratch<T>
    where T : unmanaged
{
    /// <summary>Bytes that are taken of a stack at most.</summary>
    internal const int LargestOnStack = 65_536;

    private const int Alignment = 64;

    // One per thread that sweeps at the same time; null while it is taken.
    private readonly Room?[] rooms;

    /// <param name="reductions">Reductions that the pass keeps 32 lanes each of.</param>
    /// <param name="noises">Draws per parameter that it reads.</param>
    /// <param name="threads">Threads that may sweep at the same time.</param>
    internal PassScratch(int reductions, int noises, int threads)
    {
        SumBytes = (long)reductions * ReductionTree.Lanes * sizeof(double);
        long bytes = SumBytes + ((long)noises * SweepMemory<T>.NoiseLength * sizeof(T)) + Alignment;
        if (bytes > AlignedMemory<byte>.MaxLength)
        {
            throw new NotSupportedException(
                $"A pass with {reductions} reductions and {noises} draws per parameter needs {bytes} bytes of scratch memory, and at most {AlignedMemory<byte>.MaxLength} can be allocated. Split the rule.");
        }

        Bytes = (int)bytes;
        rooms = new Room?[IsOnStack ? 0 : threads];
        for (int i = 0; i < rooms.Length; i++)
        {
            rooms[i] = new Room(Bytes);
        }
    }

    /// <summary>Whether the thread that sweeps has it on its stack.</summary>
    internal bool IsOnStack => Bytes <= LargestOnStack;

    /// <summary>Bytes in all, with those that align the first.</summary>
    internal int Bytes { get; }

    /// <summary>Bytes of the reductions' lanes, which come first.</summary>
    internal long SumBytes { get; }

    /// <summary>Takes room. There is some for every thread that may sweep, so that nobody waits.</summary>
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

    /// <summary>Gives it back.</summary>
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

    /// <summary>The first place in memory that is aligned to the widest vector.</summary>
    internal static byte* Align(byte* memory) => (byte*)(((nuint)memory + (Alignment - 1)) & ~(nuint)(Alignment - 1));

    /// <summary>Memory that does not move.</summary>
    internal sealed class Room(int bytes)
    {
        private readonly AlignedMemory<byte> memory = AlignedMemory<byte>.Allocate(bytes);

        internal byte* Pointer => memory.Pointer;
    }
}
