using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptDsl.Models;

/// <summary>
/// Memory for packed operands, and the packing: panels of a fixed number of rows (of the left operand) or columns (of the
/// right one), stored k after k, padded with zeros to whole panels so that no kernel needs an edge.
/// </summary>
internal static unsafe class PackedBlocks
{
    private const int Alignment = 64;

    /// <summary>A pinned array with room for <paramref name="length"/> elements from its first aligned one on.</summary>
    internal static T[] Allocate<T>(long length)
        where T : unmanaged
        => GC.AllocateUninitializedArray<T>(checked((int)(length + (Alignment / sizeof(T)))), pinned: true);

    internal static T* Align<T>(T[] pinned)
        where T : unmanaged
    {
        nuint address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));
        return (T*)((address + Alignment - 1) & ~(nuint)(Alignment - 1));
    }

    /// <summary>
    /// Packs one panel. The operand is seen as lines (rows of the left matrix, columns of the right one) along which k runs.
    /// </summary>
    /// <param name="source">The first line's first element.</param>
    /// <param name="lineStride">Elements from one line to the next.</param>
    /// <param name="depthStride">Elements from one k to the next.</param>
    /// <param name="lines">Lines there are; at least 1, at most <paramref name="width"/>.</param>
    /// <param name="width">Lines of the panel.</param>
    /// <param name="depth">How far k runs.</param>
    /// <param name="target">Receives <paramref name="depth"/> times <paramref name="width"/> elements.</param>
    internal static void PackPanel<T>(T* source, nint lineStride, nint depthStride, int lines, int width, int depth, T* target)
        where T : unmanaged, INumberBase<T>
    {
        if (lines < width)
        {
            new Span<T>(target, depth * width).Clear();
        }

        if (lineStride == 1)
        {
            for (nint k = 0; k < depth; k++)
            {
                new ReadOnlySpan<T>(source + (k * depthStride), lines).CopyTo(new Span<T>(target + (k * width), lines));
            }

            return;
        }

        // Four lines at a time: the writes of one k fall together.
        nint line = 0;
        for (; line + 4 <= lines; line += 4)
        {
            T* s0 = source + (line * lineStride), s1 = s0 + lineStride, s2 = s1 + lineStride, s3 = s2 + lineStride;
            T* to = target + line;
            nint at = 0;
            for (nint k = 0; k < depth; k++)
            {
                to[0] = s0[at];
                to[1] = s1[at];
                to[2] = s2[at];
                to[3] = s3[at];
                to += width;
                at += depthStride;
            }
        }

        for (; line < lines; line++)
        {
            T* from = source + (line * lineStride);
            T* to = target + line;
            for (nint k = 0; k < depth; k++)
            {
                *to = *from;
                to += width;
                from += depthStride;
            }
        }
    }
}
