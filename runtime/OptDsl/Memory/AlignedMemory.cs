using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptDsl;

/// <summary>
/// Memory that starts on a 64-byte boundary and does not move: a pinned managed array of our own, or memory adopted from
/// elsewhere. A span of it stays valid memory whatever becomes of the owner; a pointer only as long as the owner lives.
/// </summary>
internal readonly unsafe struct AlignedMemory<T>
    where T : unmanaged
{
    /// <summary>
    /// Elements of one allocation at most. An array has room for what aligns them, and a number of them rounded up to whole blocks, tiles
    /// or pages is still an int.
    /// </summary>
    internal const int MaxLength = int.MaxValue - (1 << 20);

    private const int Alignment = 64, Page = 4096, Lane = 512;

    private readonly T[]? array;
    private readonly int start;

    private AlignedMemory(T[]? array, int start, T* pointer, int length)
    {
        this.array = array;
        this.start = start;
        Pointer = pointer;
        Length = length;
    }

    /// <summary>The first element.</summary>
    internal T* Pointer { get; }

    internal int Length { get; }

    internal Span<T> Span => array is null ? new Span<T>(Pointer, Length) : array.AsSpan(start, Length);

    /// <summary>The elements of one allocation, which are a product of what a rule and its tensors are.</summary>
    /// <param name="elements">What it comes to.</param>
    /// <param name="name">The argument that has that size.</param>
    /// <param name="actual">Its size.</param>
    /// <param name="what">What is allocated.</param>
    /// <param name="advice">What to do.</param>
    /// <exception cref="ArgumentOutOfRangeException">They are too many.</exception>
    internal static int Require(long elements, string name, object actual, string what, string advice)
        => elements is >= 0 and <= MaxLength ? (int)elements
        : throw new ArgumentOutOfRangeException(name, actual,
            string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"{what} take {elements} numbers, and one optimizer's memory holds at most {MaxLength} of them in one piece. {advice}"));

    /// <summary>Allocates zeroed elements; nothing for none, of which there may be many.</summary>
    internal static AlignedMemory<T> Allocate(int length) => length == 0 ? default : Allocate(length, Alignment, 0);

    /// <summary>
    /// Allocates zeroed elements of a buffer that a kernel streams through beside others, number <paramref name="lane"/>
    /// of them. Each starts elsewhere in its page: the processor tells addresses apart by their place in the page first,
    /// and takes a load from one buffer for a load of what was just stored in another if the two places agree.
    /// </summary>
    internal static AlignedMemory<T> AllocateStream(int length, int lane) => Allocate(length, Page, lane * Lane % Page);

    /// <summary>The least distance, in elements, between buffers of one allocation that puts them in neighbouring lanes.</summary>
    internal static int StreamStride(int length)
    {
        long bytes = (long)length * sizeof(T), beyondLane = ((bytes - Lane) % Page + Page) % Page;
        return checked((int)((bytes + (beyondLane == 0 ? 0 : Page - beyondLane)) / sizeof(T)));
    }

    internal static AlignedMemory<T> Adopt(T* memory, int length) => new(null, 0, memory, length);

    private static AlignedMemory<T> Allocate(int length, int boundary, int offset)
    {
        T[] array = GC.AllocateArray<T>(checked(length + ((boundary + offset) / sizeof(T))), pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array)), mask = (nuint)boundary - 1;
        nuint first = ((address + mask) & ~mask) + (nuint)offset;
        return new(array, (int)(first - address) / sizeof(T), (T*)first, length);
    }
}
