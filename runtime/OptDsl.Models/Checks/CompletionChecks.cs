using System.Numerics;

namespace OptDsl.Models;

/// <summary>What the completion losses check of their arguments.</summary>
internal static class CompletionChecks
{
    internal static void Penalty(double penalty)
    {
        if (!double.IsFinite(penalty) || penalty < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(penalty), penalty, "The penalty must be finite and not negative.");
        }
    }

    internal static void Length(int length, int rows, int columns, string name)
    {
        long cells = (long)rows * columns;
        if (length != cells)
        {
            throw new ArgumentException($"The factorization is {rows} x {columns}, {cells} entries, but the span has {length}.", name);
        }
    }

    internal static void WholeRows(int first, int length, int rows, int columns, string firstName, string rowsName)
    {
        if (length % columns != 0)
        {
            throw new ArgumentException($"A row has {columns} entries, but the span has {length}, which is no multiple.", rowsName);
        }

        if (first < 0 || length / columns > rows - first)
        {
            throw new ArgumentOutOfRangeException(firstName, first,
                $"{length / columns} rows from row {first} on are not all rows of a factorization with {rows}.");
        }
    }

    internal static void Finite<T>(T value, int row, int column)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!T.IsFinite(value))
        {
            throw new ArgumentException($"The observed entry at row {row}, column {column} is {value}; observed entries must be finite.",
                "matrix");
        }
    }

    internal static void SomethingObserved(int count)
    {
        if (count == 0)
        {
            throw new ArgumentException("No entry is observed; at least one must be.", "observed");
        }
    }
}
