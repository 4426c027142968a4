namespace OptDsl.Experiments;

/// <summary>Where known cells are, by row and within a row by column.</summary>
/// <param name="Rows">The row of each cell, ascending.</param>
/// <param name="Columns">The column of each cell.</param>
internal sealed record CellPlaces(int[] Rows, int[] Columns)
{
    /// <summary>Orders cells by row and column, in time and memory that follow their number and the number of rows.</summary>
    /// <param name="name">Of the file.</param>
    /// <param name="rows">Rows of the matrix.</param>
    /// <param name="columns">Columns of the matrix.</param>
    /// <param name="cells">The cells as they were read.</param>
    /// <param name="repeated">Makes the message of a cell that was given twice, from the earlier and the first later one of them.</param>
    /// <exception cref="InputException">A cell was given twice.</exception>
    internal static CellMatrix Order(
        string name, int rows, int columns, ReadOnlySpan<ReadCell> cells, Func<ReadCell, ReadCell, string> repeated)
    {
        int[] starts = new int[rows + 1];
        foreach (ReadCell cell in cells)
        {
            starts[cell.Row + 1]++;
        }

        for (int row = 0; row < rows; row++)
        {
            starts[row + 1] += starts[row];
        }

        int[] rowOf = new int[cells.Length], columnOf = new int[cells.Length], order = new int[cells.Length];
        for (int i = 0; i < cells.Length; i++)
        {
            int place = starts[cells[i].Row]++;
            (rowOf[place], columnOf[place], order[place]) = (cells[i].Row, cells[i].Column, i);
        }

        // Each start has moved to the end of its row.
        for (int row = 0, start = 0; row < rows; start = starts[row++])
        {
            columnOf.AsSpan(start, starts[row] - start).Sort(order.AsSpan(start, starts[row] - start));
        }

        float[] values = new float[cells.Length];
        bool isRepeated = false;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = cells[order[i]].Value;
            isRepeated |= i > 0 && columnOf[i] == columnOf[i - 1] && rowOf[i] == rowOf[i - 1];
        }

        if (isRepeated)
        {
            (ReadCell earlier, ReadCell later) = FirstRepeated(cells);
            throw new InputException(repeated(earlier, later));
        }

        bool complete = values.Length == (long)rows * columns;
        return new CellMatrix(name, rows, columns, values, complete ? null : new CellPlaces(rowOf, columnOf));
    }

    private static (ReadCell Earlier, ReadCell Later) FirstRepeated(ReadOnlySpan<ReadCell> cells)
    {
        var seen = new Dictionary<(int, int), ReadCell>();
        foreach (ReadCell cell in cells)
        {
            if (!seen.TryAdd((cell.Row, cell.Column), cell))
            {
                return (seen[(cell.Row, cell.Column)], cell);
            }
        }

        throw new InvalidOperationException("No cell is repeated.");
    }
}

/// <summary>A known cell as it was read, with the line it stands in.</summary>
internal readonly record struct ReadCell(int Row, int Column, float Value, int Line);
