using System.Numerics;
using System.Runtime.Intrinsics;
using OptDsl.Linear;

namespace OptDsl.Models;

/// <summary>
/// The Khatri-Rao product of consecutive factors of a CP factorization, computed some rows at a time. It has one row per combination of
/// their indices, the last mode varying fastest. A row is the elementwise product of the factors' rows. The product of no factors is one
/// row of ones.
/// </summary>
/// <remarks>
/// A row takes R operations, and 4 R for its gradient, besides what rows share. Each instance has its own working memory of two rows per
/// mode, so every thread needs its own instance.
/// </remarks>
internal sealed unsafe class KhatriRaoProduct<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly CpFactorization<T> factorization;
    private readonly int firstMode, modes, inner, lastSide, stride;

    // Where the rows of the current index begin, in all modes except the last.
    private readonly int[] places;
    private readonly T[] work;

    /// <param name="factorization">The factorization; its factors must be loaded before other methods are called.</param>
    /// <param name="firstMode">The first factor.</param>
    /// <param name="modes">The number of factors.</param>
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

    /// <summary>The number of rows.</summary>
    internal int Count { get; }

    private T* Prefix => PackedBlocks.Align(work);

    private T* PrefixGradient => Prefix + ((nint)(inner + 1) * stride);

    /// <summary>Computes some rows, padded like those of the factors.</summary>
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
    /// The backward pass of <see cref="Fill"/>. It takes the gradients of some rows and adds to the gradients of the factors, which are
    /// laid out like the factors' rows.
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

        // With a single factor nothing reads this gradient, and it would grow from call to call.
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

    /// <summary>Moves to a row.</summary>
    /// <returns>The row's index in the last mode.</returns>
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

    /// <summary>The first mode whose index changes when the index of the last mode starts over.</summary>
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
