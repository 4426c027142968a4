using System.Numerics;
using System.Runtime.InteropServices;

namespace OptDsl;

/// <summary>
/// A buffer over memory that is not aligned to any vector, between guard elements. The guards show whether a kernel writes outside its
/// parameters.
/// </summary>
internal sealed unsafe class GuardedBuffer<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // More elements than the widest vector has, so that one store past the end hits the guards.
    private const int Guard = 19;

    private readonly T* memory;
    private readonly int total, first, second;

    internal GuardedBuffer(int length)
    {
        // Odd distances from the alignment, different for gradients and parameters.
        first = Guard + 1 + (length % 5);
        second = first + length + Guard + 1;
        total = second + length + Guard;
        memory = (T*)NativeMemory.AlignedAlloc((nuint)total * (nuint)sizeof(T), 64);
        new Span<T>(memory, total).Fill(GuardValue);
        Buffer = ParameterBuffer<T>.Adopt(memory + first, memory + second, length);
        int half = length / 2, rows = half < 12 ? 1 : 3;
        if (length > 1)
        {
            // A matrix whose rows are not whole vectors, and vectors beside it.
            Buffer.Add("first", rows == 1 ? [half] : [rows, half / rows]);
        }

        if (half % rows != 0)
        {
            Buffer.Add("between", [half % rows]);
        }

        if (length > 0)
        {
            Buffer.Add("second", [length - half]);
        }
    }

    internal ParameterBuffer<T> Buffer { get; }

    internal static T GuardValue => T.CreateTruncating(12345);

    /// <summary>The first guard that was overwritten, by its distance from the first parameter; null if there is none.</summary>
    internal (int Place, T Value)? WrittenGuard()
    {
        for (int i = 0; i < total; i++)
        {
            bool inside = (i >= first && i < first + Buffer.Count) || (i >= second && i < second + Buffer.Count);
            if (!inside && memory[i] != GuardValue)
            {
                return (i - first, memory[i]);
            }
        }

        return null;
    }

    public void Dispose()
    {
        Buffer.Dispose();
        NativeMemory.AlignedFree(memory);
    }
}
