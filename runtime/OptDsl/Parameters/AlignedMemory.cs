using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptDsl;

/// <summary>
/// Memory that starts on a 64-byte boundary and does not move: a pinned managed array of our own, or memory adopted from
/// elsewhere. A span of it stays valid memory whatever becomes of the owner.
/// </summary>
internal readonly unsafe struct AlignedMemory<T>
    where T : unmanaged
{
    internal const int Alignment = 64;

    private readonly T[]? array;
    private readonly int start;
    private readonly T* external;

    private AlignedMemory(T[]? array, int start, T* external, int length)
    {
        this.array = array;
        this.start = start;
        this.external = external;
        Length = length;
    }

    internal int Length { get; }

    internal Span<T> Span => array is null ? new Span<T>(external, Length) : array.AsSpan(start, Length);

    /// <summary>The first element; also of empty memory, where it may only be compared.</summary>
    internal ref T Reference => ref array is null ? ref Unsafe.AsRef<T>(external) : ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(array), start);

    internal nuint Address => (nuint)Unsafe.AsPointer(ref Reference);

    /// <summary>Allocates zeroed elements.</summary>
    internal static AlignedMemory<T> Allocate(int length)
    {
        int spare = Alignment / sizeof(T);
        T[] array = GC.AllocateArray<T>(checked(length + spare), pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
        nuint misalignment = address % Alignment;
        int start = misalignment == 0 ? 0 : (int)((Alignment - misalignment) / (nuint)sizeof(T));
        return new(array, start, null, length);
    }

    internal static AlignedMemory<T> Adopt(T* memory, int length) => new(null, 0, memory, length);
}
