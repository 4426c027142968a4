using System.Numerics;
using System.Runtime.Intrinsics;

namespace OptDsl.Models;

/// <summary>
/// Products of the first rows of an index, one row per mode, for indices visited in ascending order. What an index shares with the previous
/// one is not computed again, and neither are its gradients in the backward pass (Smith, Ravindran, Sidiropoulos and Karypis 2015). Level n
/// is the product of the first n rows; the caller fills level 0.
/// </summary>
internal static unsafe class PrefixProducts<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Multiplies the rows from the first changed mode on. The gradients of the new products begin at zero.</summary>
    /// <param name="places">Where the row of each mode begins in <paramref name="rows"/>.</param>
    /// <param name="changed">The first mode whose row differs from the previous index.</param>
    /// <param name="stride">The number of elements of a row and of a level; whole vectors.</param>
    /// <param name="rows">The rows of the factors.</param>
    /// <param name="prefix">The products, level by level.</param>
    /// <param name="prefixGradient">The gradients of the products.</param>
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
    /// Propagates the gradients of the products to those of the rows, from the last mode on, and to the product that remains. The arguments
    /// are those of <see cref="Open"/>; the places are those before the change.
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
