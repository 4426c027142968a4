using System.Numerics;

namespace OptDsl.Models;

/// <summary>Some entries of a tensor with their values. A completion loss compares a model with them.</summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <remarks>The entries are sorted by their indices, the last mode varying fastest, in whatever order they are given. Immutable.</remarks>
public sealed class TensorEntries<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] sides, indices;
    private readonly T[] values;

    /// <summary>Creates the entries from their indices.</summary>
    /// <param name="sides">The length of each mode, at least 1; at least one mode.</param>
    /// <param name="indices">The indices, from 0: one per mode for each entry, entry by entry.</param>
    /// <param name="values">The value of each entry, finite. At least one entry; an entry given twice counts twice.</param>
    /// <exception cref="ArgumentException">
    /// There are no modes or no entries, the lengths of the spans do not match, or a value is not finite.
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

    /// <summary>The number of entries.</summary>
    public int Count => values.Length;

    /// <summary>The indices: <see cref="Order"/> numbers per entry, in ascending order of the entries.</summary>
    public ReadOnlySpan<int> Indices => indices;

    /// <summary>The values in the order of <see cref="Indices"/>.</summary>
    public ReadOnlySpan<T> Values => values;

    /// <summary>Creates the observed entries of a whole tensor.</summary>
    /// <param name="sides">The length of each mode.</param>
    /// <param name="tensor">All entries, the last mode varying fastest. Observed entries are finite; the others may hold anything.</param>
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

    /// <summary>Creates all entries of a whole tensor.</summary>
    /// <param name="sides">The length of each mode.</param>
    /// <param name="tensor">All entries, finite, the last mode varying fastest.</param>
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

        // Equal entries keep their order, so that sums do not depend on the sorting algorithm.
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
