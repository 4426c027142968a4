using System.Numerics;

namespace OptDsl.Linear;

/// <summary>A read-only matrix in memory that it does not own: rows and columns over a span, or their transpose.</summary>
/// <typeparam name="T">The element type, float or double.</typeparam>
public readonly ref struct MatrixView<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Creates a view of a row-major matrix.</summary>
    /// <param name="values">The elements in row-major order; exactly <paramref name="rows"/> times <paramref name="columns"/>.</param>
    /// <param name="rows">The number of rows; not negative.</param>
    /// <param name="columns">The number of columns; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is negative.</exception>
    /// <exception cref="ArgumentException">The span has another number of elements.</exception>
    public MatrixView(ReadOnlySpan<T> values, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (values.Length != (long)rows * columns)
        {
            throw new ArgumentException(
                $"A {rows} x {columns} matrix has {(long)rows * columns} elements, but the span has {values.Length}.", nameof(values));
        }

        Values = values;
        Rows = rows;
        Columns = columns;
        RowStride = columns;
        ColumnStride = 1;
    }

    private MatrixView(ReadOnlySpan<T> values, int rows, int columns, int rowStride, int columnStride)
    {
        Values = values;
        Rows = rows;
        Columns = columns;
        RowStride = rowStride;
        ColumnStride = columnStride;
    }

    /// <summary>The elements in their order in memory.</summary>
    public ReadOnlySpan<T> Values { get; }

    /// <summary>The number of rows.</summary>
    public int Rows { get; }

    /// <summary>The number of columns.</summary>
    public int Columns { get; }

    /// <summary>The distance from one row to the next, in elements.</summary>
    public int RowStride { get; }

    /// <summary>The distance from one column to the next, in elements.</summary>
    public int ColumnStride { get; }

    /// <summary>The transpose, over the same memory.</summary>
    public MatrixView<T> Transposed => new(Values, Columns, Rows, ColumnStride, RowStride);

    /// <summary>An element.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row or column.</exception>
    public T this[int row, int column]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows, nameof(row));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)column, (uint)Columns, nameof(column));
            return Values[(row * RowStride) + (column * ColumnStride)];
        }
    }
}
