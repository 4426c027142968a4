using System.Numerics;
using System.Runtime.Intrinsics;
using OptDsl.Linear;

namespace OptDsl.Models;

/// <summary>
/// The Khatri-Rao product of neighbouring factors of a CP factorization, some rows at a time: one row for every choice of their indices,
/// the last mode fastest, which is the product of the factors' rows, component by component; of no factors, one row of ones.
/// </summary>
/// <remarks>
/// A row takes R operations, and 4 R on the way back, besides what rows share. It has working memory of its own, of two rows a mode: one
/// instance a thread.
/// </remarks>
internal sealed unsafe class KhatriRaoProduct<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly CpFactorization<T> factorization;
    private readonly int firstMode, modes, inner, lastSide, stride;

    // Where the rows of the current index begin, but for the last mode's.
    private readonly int[] places;
    private readonly T[] work;

    /// <param name="factorization">Its factors must be loaded before the other methods are called.</param>
    /// <param name="firstMode">The first factor.</param>
    /// <param name="modes">Factors.</param>
    internal KhatriRaoProduct(CpFactorization<T> factorization, int firstMode, int modes)
    {
        this.factorization = factorization;
        this.firstMode = firstMode;
        this.modes = modes;
        stride = factorization.Stride;
        inner = Math.Max(modes - 1, 0);
        places = new int[inner];
        lastSide = modes == 0 ? 1 : factorization.Sides[firstMode + inner];
        Count = 1;
        foreach (int side in factorization.Sides.Slice(firstMode, modes))
        {
            Count = checked(Count * side);
        }

        work = PackedBlocks.Allocate<T>(2L * (inner + 1) * stride);
        new Span<T>(Prefix, stride).Fill(T.One);
    }

    /// <summary>Rows.</summary>
    internal int Count { get; }

    private T* Prefix => PackedBlocks.Align(work);

    private T* PrefixGradient => Prefix + ((nint)(inner + 1) * stride);

    /// <summary>Computes some rows, padded like the factors'.</summary>
    internal void Fill(int first, int count, T* to)
    {
        if (modes == 0)
        {
            new Span<T>(to, stride).Fill(T.One);
            return;
        }

        int index = Begin(first), changed = 0;
        T* rows = factorization.Rows, prefix = Prefix, last = prefix + ((nint)inner * stride);
        while (true)
        {
            PrefixProducts<T>.Open(places, changed, stride, rows, prefix, PrefixGradient);
            int run = Math.Min(lastSide - index, count);
            T* row = rows + factorization.Place(firstMode + inner, index);
            for (int j = 0; j < run; j++, row += stride, to += stride)
            {
                for (int i = 0; i < stride; i += Vector256<T>.Count)
                {
                    (Vector256.Load(last + i) * Vector256.Load(row + i)).Store(to + i);
                }
            }

            count -= run;
            if (count == 0)
            {
                return;
            }

            index = 0;
            changed = NextChange();
            Advance(changed);
        }
    }

    /// <summary>
    /// The way back of <see cref="Fill"/>: adds to the factors' gradients, laid out like their rows, what the gradients of some rows make
    /// of them.
    /// </summary>
    internal void Spread(int first, int count, T* from, T* gradient)
    {
        if (modes == 0)
        {
            return;
        }

        int index = Begin(first), changed = 0;
        T* rows = factorization.Rows, prefix = Prefix, prefixGradient = PrefixGradient, last = prefix + ((nint)inner * stride),
            lastGradient = prefixGradient + ((nint)inner * stride);

        // Of one factor that gradient is nobody's, and would grow from call to call.
        new Span<T>(prefixGradient, stride).Clear();
        while (true)
        {
            PrefixProducts<T>.Open(places, changed, stride, rows, prefix, prefixGradient);
            int run = Math.Min(lastSide - index, count), place = factorization.Place(firstMode + inner, index);
            T* row = rows + place, to = gradient + place;
            for (int j = 0; j < run; j++, row += stride, to += stride, from += stride)
            {
                for (int i = 0; i < stride; i += Vector256<T>.Count)
                {
                    Vector256<T> slope = Vector256.Load(from + i);
                    (Vector256.Load(to + i) + (slope * Vector256.Load(last + i))).Store(to + i);
                    (Vector256.Load(lastGradient + i) + (slope * Vector256.Load(row + i))).Store(lastGradient + i);
                }
            }

            count -= run;
            index = 0;
            changed = count == 0 ? 0 : NextChange();
            PrefixProducts<T>.Close(places, changed, stride, rows, gradient, prefix, prefixGradient);
            if (count == 0)
            {
                return;
            }

            Advance(changed);
        }
    }

    /// <summary>Goes to a row.</summary>
    /// <returns>Its index in the last mode.</returns>
    private int Begin(int row)
    {
        int index = row % lastSide, rest = row / lastSide;
        for (int mode = inner - 1; mode >= 0; mode--)
        {
            int side = factorization.Sides[firstMode + mode];
            places[mode] = factorization.Place(firstMode + mode, rest % side);
            rest /= side;
        }

        return index;
    }

    /// <summary>The first mode whose index differs where the last mode's begins anew.</summary>
    private int NextChange()
    {
        int mode = inner - 1;
        while (places[mode] + stride == factorization.Place(firstMode + mode, factorization.Sides[firstMode + mode]))
        {
            mode--;
        }

        return mode;
    }

    private void Advance(int changed)
    {
        places[changed] += stride;
        for (int mode = changed + 1; mode < inner; mode++)
        {
            places[mode] = factorization.Place(firstMode + mode, 0);
        }
    }
}
