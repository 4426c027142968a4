using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OptDsl.Linear;

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
        => GC.AllocateUninitializedArray<T>(checked((int)Length<T>(length)), pinned: true);

    /// <summary>Elements to allocate so that as many remain past the first aligned one.</summary>
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
    /// Packs some panels. The operand is seen as lines (rows of the left matrix, columns of the right one) along which k
    /// runs.
    /// </summary>
    /// <param name="source">The first line's first element.</param>
    /// <param name="lineStride">Elements from one line to the next.</param>
    /// <param name="depthStride">Elements from one k to the next.</param>
    /// <param name="lines">Lines there are; at least 1.</param>
    /// <param name="width">Lines of a panel.</param>
    /// <param name="lastWidth">Lines of the last panel, into which what is left must fit.</param>
    /// <param name="depth">How far k runs.</param>
    /// <param name="target">Receives the panels, one after the other.</param>
    internal static void Pack<T>(T* source, nint lineStride, nint depthStride, int lines, int width, int lastWidth, int depth, T* target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int whole = lines / width, rest = lines - (whole * width);
        nint panel = (nint)width * depth;
        if (lineStride == 1)
        {
            // One k of all panels at once, since the lines of one k lie together in memory.
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

    /// <summary>Packs one panel line by line, four at a time so that the writes of one k fall together.</summary>
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
