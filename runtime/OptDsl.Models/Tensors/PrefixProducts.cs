using System.Numerics;
using System.Runtime.Intrinsics;

namespace OptDsl.Models;

/// <summary>
/// Products of the first rows of an index, one a mode, for indices visited in ascending order: what an index shares with the one before is
/// not computed again, nor are its gradients on the way back (Smith, Ravindran, Sidiropoulos and Karypis 2015). Level n is the product of
/// the first n rows; level 0 is what the caller put there.
/// </summary>
internal static unsafe class PrefixProducts<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Multiplies the rows from the first mode that changed on; the gradients of what is new begin at zero.</summary>
    /// <param name="places">Where in <paramref name="rows"/> the row of each mode begins.</param>
    /// <param name="changed">The first mode whose row is another than before.</param>
    /// <param name="stride">Elements of a row, and from one level to the next; whole vectors.</param>
    /// <param name="rows">The factors' rows.</param>
    /// <param name="prefix">The products, level by level.</param>
    /// <param name="prefixGradient">Their gradients.</param>
    internal static void Open(ReadOnlySpan<int> places, int changed, int stride, T* rows, T* prefix, T* prefixGradient)
    {
        for (int i = 0; i < stride; i += Vector256<T>.Count)
        {
            Vector256<T> product = Vector256.Load(prefix + ((nint)changed * stride) + i);
            nint at = ((nint)(changed + 1) * stride) + i;
            for (int mode = changed; mode < places.Length; mode++, at += stride)
            {
                product *= Vector256.Load(rows + places[mode] + i);
                product.Store(prefix + at);
                Vector256<T>.Zero.Store(prefixGradient + at);
            }
        }
    }

    /// <summary>
    /// Hands the gradients of the products down to those of the rows, the last mode first, and to the product that stays. The arguments are
    /// as for
    /// <see cref="Open"/>; the places are those before the change.
    /// </summary>
    internal static void Close(ReadOnlySpan<int> places, int changed, int stride, T* rows, T* gradient, T* prefix, T* prefixGradient)
    {
        for (int i = 0; i < stride; i += Vector256<T>.Count)
        {
            nint at = ((nint)places.Length * stride) + i;
            Vector256<T> outer = Vector256.Load(prefixGradient + at);
            for (int mode = places.Length - 1; mode >= changed; mode--)
            {
                at -= stride;
                T* row = rows + places[mode] + i, to = gradient + places[mode] + i;
                (Vector256.Load(to) + (outer * Vector256.Load(prefix + at))).Store(to);
                outer = mode == 0 ? outer : Vector256.Load(prefixGradient + at) + (outer * Vector256.Load(row));
            }

            outer.Store(prefixGradient + at);
        }
    }
}
