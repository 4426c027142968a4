using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OptDsl.Linear;

/// <summary>
/// Memory for packed operands, and the packing. A panel has a fixed number of rows of the left operand or columns of the right one. It is
/// stored k after k, and padded with zeros to a whole panel, so that no kernel needs to handle an edge.
/// </summary>
internal static unsafe class PackedBlocks
{
    private const int Alignment = 64;

    /// <summary>A pinned array with room for <paramref name="length"/> elements after its first aligned element.</summary>
    internal static T[] Allocate<T>(long length)
        where T : unmanaged
        => GC.AllocateUninitializedArray<T>(checked((int)Length<T>(length)), pinned: true);

    /// <summary>The number of elements to allocate so that <paramref name="length"/> remain after the first aligned one.</summary>
    internal static long Length<T>(long length)
        where T : unmanaged
        => length + (Alignment / sizeof(T));

    internal static T* Align<T>(T[] pinned)
        where T : unmanaged
    {
        nuint address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));
        return (T*)((address + Alignment - 1) & ~(nuint)(Alignment - 1));
    }

    /// <summary>
    /// Packs panels. The operand is a sequence of lines along which k runs: rows of the left matrix, or columns of the right one.
    /// </summary>
    /// <param name="source">The first element of the first line.</param>
    /// <param name="lineStride">The distance from one line to the next, in elements.</param>
    /// <param name="depthStride">The distance from one k to the next, in elements.</param>
    /// <param name="lines">The number of lines; at least 1.</param>
    /// <param name="width">The number of lines of a panel.</param>
    /// <param name="lastWidth">The number of lines of the last panel; the remaining lines must fit into it.</param>
    /// <param name="depth">The number of values of k.</param>
    /// <param name="target">Receives the panels, one after the other.</param>
    internal static void Pack<T>(T* source, nint lineStride, nint depthStride, int lines, int width, int lastWidth, int depth, T* target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int whole = lines / width, rest = lines - (whole * width);
        nint panel = (nint)width * depth;
        if (lineStride == 1)
        {
            // One k of all panels at once, because the lines of one k lie together in memory.
            for (nint k = 0; k < depth; k++)
            {
                T* from = source + (k * depthStride), to = target + (k * width);
                for (int i = 0; i < whole; i++, from += width, to += panel)
                {
                    CopyLines(from, to, width);
                }
            }
        }
        else
        {
            for (nint i = 0; i < whole; i++)
            {
                PackAlong(source + (i * width * lineStride), lineStride, depthStride, width, width, depth, target + (i * panel));
            }
        }

        if (rest > 0)
        {
            T* last = target + (whole * panel);
            new Span<T>(last, depth * lastWidth).Clear();
            PackAlong(source + ((nint)whole * width * lineStride), lineStride, depthStride, rest, lastWidth, depth, last);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyLines<T>(T* from, T* to, int count)
        where T : unmanaged
    {
        int i = 0;
        for (; i <= count - Vector256<T>.Count; i += Vector256<T>.Count)
        {
            Vector256.Load(from + i).Store(to + i);
        }

        for (; i < count; i++)
        {
            to[i] = from[i];
        }
    }

    /// <summary>Packs one panel line by line, four lines at a time, so that the writes of one k lie together.</summary>
    private static void PackAlong<T>(T* source, nint lineStride, nint depthStride, int lines, int width, int depth, T* target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint line = 0;
        for (; line + 4 <= lines; line += 4)
        {
            T* s0 = source + (line * lineStride), s1 = s0 + lineStride, s2 = s1 + lineStride, s3 = s2 + lineStride;
            T* to = target + line;
            nint at = 0, k = 0;
            for (; depthStride == 1 && Avx.IsSupported && k <= depth - 4; k += 4)
            {
                Vector256<T> a = FourLanes.Load(ref s0[k]), b = FourLanes.Load(ref s1[k]), c = FourLanes.Load(ref s2[k]),
                    d = FourLanes.Load(ref s3[k]);
                FourLanes.Transpose(ref a, ref b, ref c, ref d);
                FourLanes.Store(a, ref *to);
                FourLanes.Store(b, ref to[width]);
                FourLanes.Store(c, ref to[2 * width]);
                FourLanes.Store(d, ref to[3 * width]);
                to += 4 * width;
                at += 4;
            }

            for (; k < depth; k++)
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
