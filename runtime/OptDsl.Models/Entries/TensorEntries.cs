using System.Numerics;

namespace OptDsl.Models;

/// <summary>Some entries of a tensor, with their values: what a completion loss is held against.</summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <remarks>They are kept in ascending order of their indices, the last mode fastest, whatever order they came in. Immutable.</remarks>
public sealed class TensorEntries<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] sides, indices;
    private readonly T[] values;

    /// <summary>Entries given by their indices.</summary>
    /// <param name="sides">The length of each mode: one at least, each at least 1.</param>
    /// <param name="indices">As many numbers an entry as there are modes, each from 0, entry after entry.</param>
    /// <param name="values">The value of each entry, finite. At least one entry; one given twice counts twice.</param>
    /// <exception cref="ArgumentException">
    /// There are no modes or no entries, the spans do not belong together, or a value is not finite.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1, or an index is outside its mode.</exception>
    public TensorEntries(ReadOnlySpan<int> sides, ReadOnlySpan<int> indices, ReadOnlySpan<T> values)
    {
        TensorChecks.Sides(sides);
        TensorChecks.Indices(sides, indices, values.Length, nameof(values));
        CompletionChecks.SomethingObserved(values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            TensorChecks.Finite(values[i], i, nameof(values));
        }

        this.sides = sides.ToArray();
        (this.indices, this.values) = Sorted(indices.ToArray(), values, sides.Length);
    }

    /// <summary>The number of modes, N.</summary>
    public int Order => sides.Length;

    /// <summary>The length of each mode.</summary>
    public ReadOnlySpan<int> Sides => sides;

    /// <summary>Entries.</summary>
    public int Count => values.Length;

    /// <summary><see cref="Order"/> numbers an entry, in ascending order of the entries.</summary>
    public ReadOnlySpan<int> Indices => indices;

    /// <summary>The values in the order of <see cref="Indices"/>.</summary>
    public ReadOnlySpan<T> Values => values;

    /// <summary>The observed entries of a whole tensor.</summary>
    /// <param name="sides">The length of each mode.</param>
    /// <param name="tensor">Its entries, the last mode fastest. Where it is not observed it may be anything.</param>
    /// <param name="observed">Which entries are observed; at least one.</param>
    /// <exception cref="ArgumentException">
    /// A span has another length than the tensor, nothing is observed, or an observed entry is not finite.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1.</exception>
    public static TensorEntries<T> Observed(ReadOnlySpan<int> sides, ReadOnlySpan<T> tensor, ReadOnlySpan<bool> observed)
    {
        TensorChecks.Sides(sides);
        TensorChecks.Length(sides, tensor.Length, nameof(tensor));
        TensorChecks.Length(sides, observed.Length, nameof(observed));
        int count = observed.Count(true), next = 0;
        CompletionChecks.SomethingObserved(count);
        int[] indices = new int[checked(count * sides.Length)];
        T[] values = new T[count];
        for (int i = 0; i < observed.Length; i++)
        {
            if (!observed[i])
            {
                continue;
            }

            for (int mode = sides.Length - 1, rest = i; mode >= 0; rest /= sides[mode], mode--)
            {
                indices[(next * sides.Length) + mode] = rest % sides[mode];
            }

            values[next++] = tensor[i];
        }

        return new(sides, indices, values);
    }

    /// <summary>All entries of a whole tensor.</summary>
    /// <param name="sides">The length of each mode.</param>
    /// <param name="tensor">Its entries, the last mode fastest; finite.</param>
    /// <exception cref="ArgumentException">The span has another length than the tensor, or an entry is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1.</exception>
    public static TensorEntries<T> All(ReadOnlySpan<int> sides, ReadOnlySpan<T> tensor)
    {
        bool[] observed = new bool[tensor.Length];
        Array.Fill(observed, true);
        return Observed(sides, tensor, observed);
    }

    private static (int[] Indices, T[] Values) Sorted(int[] indices, ReadOnlySpan<T> values, int order)
    {
        ReadOnlySpan<int> Entry(int i) => indices.AsSpan(i * order, order);
        int[] places = [.. Enumerable.Range(0, values.Length)];

        // Equal entries keep their order, so that sums are the same wherever the sort is.
        Array.Sort(places, (a, b) => Entry(a).SequenceCompareTo(Entry(b)) is var first and not 0 ? first : a.CompareTo(b));
        int[] sorted = new int[indices.Length];
        T[] sortedValues = new T[values.Length];
        for (int i = 0; i < places.Length; i++)
        {
            Entry(places[i]).CopyTo(sorted.AsSpan(i * order));
            sortedValues[i] = values[places[i]];
        }

        return (sorted, sortedValues);
    }
}
