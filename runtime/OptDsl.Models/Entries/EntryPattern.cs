namespace OptDsl.Models;

/// <summary>
/// The entries of a matrix by row and by column, in compressed form. Memory grows with the number of entries, not with the sides of the
/// matrix. Entries are numbered by row, and within a row by column.
/// </summary>
internal sealed class EntryPattern
{
    internal EntryPattern(ReadOnlySpan<int> rows, ReadOnlySpan<int> columns)
    {
        Order = new int[rows.Length];
        long[] cells = new long[rows.Length];
        for (int i = 0; i < cells.Length; i++)
        {
            Order[i] = i;
            cells[i] = ((long)rows[i] << 32) | (uint)columns[i];
        }

        Array.Sort(cells, Order);
        Columns = [.. columns.ToArray().Distinct().Order()];
        RowOf = new int[cells.Length];
        ColumnAt = new int[cells.Length];
        var starts = new List<int>();
        var touched = new List<int>();
        for (int entry = 0; entry < cells.Length; entry++)
        {
            RowOf[entry] = (int)(cells[entry] >> 32);
            ColumnAt[entry] = Array.BinarySearch(Columns, (int)cells[entry]);
            if (entry == 0 || RowOf[entry] != RowOf[entry - 1])
            {
                starts.Add(entry);
                touched.Add(RowOf[entry]);
            }
        }

        (Rows, RowStarts) = ([.. touched], [.. starts, cells.Length]);
        ByColumn = new int[cells.Length];
        ColumnStarts = new int[Columns.Length + 1];
        foreach (int column in ColumnAt)
        {
            ColumnStarts[column + 1]++;
        }

        for (int column = 0; column < Columns.Length; column++)
        {
            ColumnStarts[column + 1] += ColumnStarts[column];
        }

        int[] next = ColumnStarts.AsSpan(0, Columns.Length).ToArray();
        RowByColumn = new int[cells.Length];
        for (int entry = 0; entry < cells.Length; entry++)
        {
            int place = next[ColumnAt[entry]]++;
            ByColumn[place] = entry;
            RowByColumn[place] = RowOf[entry];
        }
    }

    /// <summary>The position of each entry in the input.</summary>
    internal int[] Order { get; }

    /// <summary>The rows that have an entry, ascending.</summary>
    internal int[] Rows { get; }

    /// <summary>The first entry of each of <see cref="Rows"/>, followed by the number of entries.</summary>
    internal int[] RowStarts { get; }

    /// <summary>The columns that have an entry, ascending.</summary>
    internal int[] Columns { get; }

    /// <summary>The row of each entry.</summary>
    internal int[] RowOf { get; }

    /// <summary>The position of each entry's column in <see cref="Columns"/>.</summary>
    internal int[] ColumnAt { get; }

    /// <summary>The first position in <see cref="ByColumn"/> of each of <see cref="Columns"/>, followed by the number of entries.</summary>
    internal int[] ColumnStarts { get; }

    /// <summary>The entries sorted by column, and within a column by row.</summary>
    internal int[] ByColumn { get; }

    /// <summary>The row of each entry of <see cref="ByColumn"/>.</summary>
    internal int[] RowByColumn { get; }
}
