using System.Globalization;
using System.Runtime.InteropServices;

namespace OptDsl.Experiments;

/// <summary>
/// Reads rows <c>row,column,value</c> with or without a header, separated by commas, tabs or <c>::</c>. Indices count from 1 unless a 0
/// occurs among them. A fourth field, as in MovieLens's files, is a time and is passed over; the first two are then identities, of which
/// only those that occur become rows and columns.
/// </summary>
internal static class TripleReader
{
    private const int IndexLimit = 10_000_000;

    internal static CellMatrix Read(Stream stream, string name, CancellationToken cancellation)
    {
        using var lines = new LineReader(stream, name);
        var cells = new List<ReadCell>();
        int lowest = int.MaxValue, rows = 0, columns = 0;
        Span<Range> fields = stackalloc Range[5];
        string separator = "";
        int width = 0;
        while (lines.TryRead(out ReadOnlySpan<char> line))
        {
            if (line.IsWhiteSpace())
            {
                continue;
            }

            cancellation.ThrowIfCancellationRequested();
            separator = separator.Length > 0 ? separator
                : line.Contains('\t') ? "\t" : line.Contains("::", StringComparison.Ordinal) ? "::" : ",";
            int count = line.Split(fields, separator);
            if (count is < 3 or > 4 || (width != 0 && count != width))
            {
                throw new InputException(
                    $"{name}, line {lines.Number}: has {(count == fields.Length ? "more than 4" : count)} fields instead of {(width == 0 ? 3 : width)}; write row,column,value{(width == 4 ? ",time" : "")}.");
            }

            width = count;
            if (lines.Number == 1 && !IsNumber(line[fields[0]]) && !IsNumber(line[fields[1]]) && !IsNumber(line[fields[2]]))
            {
                continue;
            }

            if (cells.Count == CellMatrix.CellLimit)
            {
                throw new InputException(
                    $"{name}, line {lines.Number}: there are more than {CellMatrix.CellLimit} cells, the limit; give fewer.");
            }

            var cell = new ReadCell(
                Index(line[fields[0]], "row", name, lines.Number),
                Index(line[fields[1]], "column", name, lines.Number),
                Value(line[fields[2]], name, lines.Number),
                lines.Number);
            lowest = Math.Min(lowest, Math.Min(cell.Row, cell.Column));
            rows = Math.Max(rows, cell.Row);
            columns = Math.Max(columns, cell.Column);
            cells.Add(cell);
        }

        if (cells.Count == 0)
        {
            throw new InputException($"{name}: holds no rows; give at least one row,column,value.");
        }

        int first = lowest == 0 ? 0 : 1;
        return width == 4
            ? Build(name, cells, new Identities(cells.Select(cell => cell.Row)), new Identities(cells.Select(cell => cell.Column)))
            : Build(name, cells, new Identities(first, rows), new Identities(first, columns));
    }

    private static CellMatrix Build(string name, List<ReadCell> cells, Identities rows, Identities columns)
    {
        Span<ReadCell> placed = CollectionsMarshal.AsSpan(cells);
        foreach (ref ReadCell cell in placed)
        {
            cell = cell with { Row = rows.PlaceOf(cell.Row), Column = columns.PlaceOf(cell.Column) };
        }

        return CellPlaces.Order(name, rows.Count, columns.Count, placed, (earlier, later) =>
            $"{name}, line {later.Line}: row {rows.At(later.Row)}, column {columns.At(later.Column)} was given before, in line {earlier.Line}; keep one of the two.") with
        { RowIdentities = rows, ColumnIdentities = columns };
    }

    private static bool IsNumber(ReadOnlySpan<char> text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static int Index(ReadOnlySpan<char> text, string what, string name, int line)
    {
        text = text.Trim();
        if (!Int128.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out Int128 index))
        {
            throw new InputException(
                $"{name}, line {line}: the {what} '{text}' is not a whole number; number rows and columns from 0 or 1.");
        }

        if (index < 0)
        {
            throw new InputException($"{name}, line {line}: the {what} {index} is negative; number rows and columns from 0 or 1.");
        }

        return index <= IndexLimit
            ? (int)index
            : throw new InputException(
                $"{name}, line {line}: the {what} {index} is past the limit of {IndexLimit}; number rows and columns without gaps.");
    }

    private static float Value(ReadOnlySpan<char> text, string name, int line)
    {
        text = text.Trim();
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
        {
            throw new InputException($"{name}, line {line}: the value '{text}' is not a number; write it like 3.5 or 1e-3.");
        }

        return float.IsFinite((float)value)
            ? (float)value
            : throw new InputException(
                $"{name}, line {line}: the value '{text}' is not a finite single-precision number; leave the row out or mend it.");
    }
}
