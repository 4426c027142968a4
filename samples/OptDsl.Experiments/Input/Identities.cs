using System.Globalization;

namespace OptDsl.Experiments;

/// <summary>
/// The names that the input gives to the rows or to the columns of the matrix, in the order of the matrix: numbers by size if all
/// names are whole numbers, else text by code points. The order of the lines in the input makes no difference.
/// </summary>
internal sealed class Identities
{
    private readonly string[]? names;

    private Identities(string[]? names, int first, int count) => (this.names, First, Count) = (names, first, count);

    internal int Count { get; }

    /// <summary>The first of numbers without gaps.</summary>
    internal int First { get; }

    /// <summary>Whether a user needs the index to find a row again: the names are not numbers without gaps from 0 or 1.</summary>
    internal bool NeedIndex => names is not null;

    /// <summary>Orders the names of the rows and those of the columns. Both count from 0 where a 0 occurs in either.</summary>
    /// <param name="file">For messages.</param>
    /// <param name="rows">The names of the rows, in the order in which they occurred.</param>
    /// <param name="columns">Those of the columns.</param>
    /// <returns>The names in order, and the place of each name in that order.</returns>
    /// <exception cref="InputException">One number is written in two ways.</exception>
    internal static ((Identities Names, int[] Places) Rows, (Identities Names, int[] Places) Columns) Order(
        string file, IReadOnlyList<string> rows, IReadOnlyList<string> columns)
    {
        Int128[]? rowNumbers = Numbers(rows), columnNumbers = Numbers(columns);
        int first = Contains(rowNumbers, 0) || Contains(columnNumbers, 0) ? 0 : 1;
        return (Order(file, "row", rows, rowNumbers, first), Order(file, "column", columns, columnNumbers, first));
    }

    internal string At(int place) => names is null ? (place + First).ToString(CultureInfo.InvariantCulture) : names[place];

    private static (Identities Names, int[] Places) Order(
        string file, string what, IReadOnlyList<string> names, Int128[]? numbers, int first)
    {
        int[] order = [.. Enumerable.Range(0, names.Count)];
        if (numbers is null)
        {
            Array.Sort(order, (a, b) => string.CompareOrdinal(names[a], names[b]));
        }
        else
        {
            Array.Sort([.. numbers], order);
        }

        int[] places = new int[names.Count];
        for (int i = 0; i < order.Length; i++)
        {
            places[order[i]] = i;
            if (i > 0 && numbers is not null && numbers[order[i]] == numbers[order[i - 1]])
            {
                throw new InputException(
                    $"{file}: writes one {what} in two ways, '{names[order[i - 1]]}' and '{names[order[i]]}'; write it in one way.");
            }
        }

        bool plain = numbers is not null && numbers[order[0]] == first && numbers[order[^1]] == first + names.Count - 1;
        return (new Identities(plain ? null : [.. order.Select(i => names[i])], first, names.Count), places);
    }

    private static bool Contains(Int128[]? numbers, Int128 number) => numbers is not null && Array.IndexOf(numbers, number) >= 0;

    private static Int128[]? Numbers(IReadOnlyList<string> names)
    {
        var numbers = new Int128[names.Count];
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!Int128.TryParse(names[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out numbers[i]))
            {
                return null;
            }
        }

        return numbers;
    }
}
