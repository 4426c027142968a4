using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptDsl;

/// <summary>
/// Memory that starts on a 64-byte boundary and does not move: a pinned managed array, or memory adopted from elsewhere. A span of it stays
/// valid even if the owner is collected. A pointer is valid only as long as the owner lives.
/// </summary>
internal readonly unsafe struct AlignedMemory<T>
    where T : unmanaged
{
    /// <summary>
    /// The largest number of elements of one allocation. It leaves room for alignment, and the number stays an int when rounded up to whole
    /// blocks, tiles or pages.
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

    /// <summary>Checks the number of elements of an allocation, which is a product of the sizes of a rule and its tensors.</summary>
    /// <param name="elements">The number of elements.</param>
    /// <param name="name">The argument that makes it so large.</param>
    /// <param name="actual">The value of the argument.</param>
    /// <param name="what">What is allocated, for the message.</param>
    /// <param name="advice">What to do, for the message.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are too many elements.</exception>
    internal static int Require(long elements, string name, object actual, string what, string advice)
        => elements is >= 0 and <= MaxLength ? (int)elements
        : throw new ArgumentOutOfRangeException(name, actual,
            string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"{what} take {elements} numbers, but one block of an optimizer's memory holds at most {MaxLength} numbers. {advice}"));

    /// <summary>Allocates zeroed elements. A length of zero, which can occur very often, allocates nothing.</summary>
    internal static AlignedMemory<T> Allocate(int length) => length == 0 ? default : Allocate(length, Alignment, 0);

    /// <summary>
    /// Allocates zeroed elements of a buffer that a kernel streams through together with others; <paramref name="lane"/> numbers these
    /// buffers. Each buffer starts at another place within its memory page. The processor first compares addresses by their place in the
    /// page. If the places agree, it takes a load from one buffer for a load of what was just stored in another.
    /// </summary>
    internal static AlignedMemory<T> AllocateStream(int length, int lane) => Allocate(length, Page, lane * Lane % Page);

    /// <summary>The smallest distance, in elements, between buffers of one allocation that puts them into neighbouring lanes.</summary>
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
