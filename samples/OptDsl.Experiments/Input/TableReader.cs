using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace OptDsl.Experiments;

/// <summary>
/// Reads a table with one known cell per line: row, column, value. docs/completion.md says which tables are read. What might be read
/// in two ways is refused: a wrong number here would be a wrong result that nobody notices.
/// </summary>
internal static class TableReader
{
    private const int NameLimit = 200;

    // Squares of values, and sums of the squares of 50 million, are then finite and not zero in single precision.
    private const double LargestValue = 1e15, SmallestValue = 1e-15;

    // Unix times in seconds or milliseconds, from 1973 to 2100: no row, column or rating looks like one by chance.
    private const long FirstTime = 100_000_000, LastTime = 4_102_444_800;

    // In this order: a comma may stand within a field of a table with semicolons, a space within a field of any other.
    private static readonly string[] Separators = ["\t", "::", ";", ",", "|", " "];

    internal static CellMatrix Read(PeekedStream content, string name, CancellationToken cancellation)
    {
        (string separator, bool announced) = SeparatorOf(content.Peeked);
        using var table = new TableLines(content, separator, name);
        IdentityList rows = new(), columns = new();
        var cells = new List<ReadCell>();
        TableLayout? layout = null;
        while (table.TryRead())
        {
            cancellation.ThrowIfCancellationRequested();
            if (announced)
            {
                announced = false;
                continue;
            }

            if (layout is null)
            {
                layout = TableLayout.Of(table.Fields(), table.Where);
                if (layout.HasHeader)
                {
                    continue;
                }
            }

            if (cells.Count == CellMatrix.CellLimit)
            {
                throw new InputException($"{table.Where}: there are more than {CellMatrix.CellLimit} cells, the limit; give fewer.");
            }

            CheckFields(table, layout, separator);
            cells.Add(new ReadCell(PlaceOf(table, layout.Row, "row", rows), PlaceOf(table, layout.Column, "column", columns),
                ValueOf(table, layout.Value), table.Line));
        }

        return cells.Count > 0 ? Build(name, cells, rows, columns) with { ReadAs = layout!.Description }
            : throw new InputException($"{name}: holds no rows; give at least one row,column,value.");
    }

    /// <summary>A text of the input in a message: of bounded length, without control characters.</summary>
    internal static string Shown(ReadOnlySpan<char> text)
    {
        const int Limit = 60;
        string visible = new([.. text[..Math.Min(Limit, text.Length)].ToString().Select(c => char.IsControl(c) ? '?' : c)]);
        return text.Length > Limit ? visible + "..." : visible;
    }

    /// <summary>
    /// The separator that cuts the first line into three fields or more. Excel announces one in a line <c>sep=;</c> before.
    /// </summary>
    private static (string Separator, bool Announced) SeparatorOf(ReadOnlySpan<byte> start)
    {
        string text = Encoding.UTF8.GetString(start).TrimStart('\uFEFF');
        string line = text.Split('\n', '\r').FirstOrDefault(line => !string.IsNullOrWhiteSpace(line)) ?? "";
        return line.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && line.Length == 5 && Separators.Contains(line[4..])
            ? (line[4..], true)
            : (Array.Find(Separators, separator => Count(line, separator) >= 3) ?? ",", false);
    }

    /// <summary>The number of fields of a line, roughly: quotes and what is in them do not count.</summary>
    private static int Count(string line, string separator)
    {
        string unquoted = string.Concat(line.Split('"').Where((_, i) => i % 2 == 0).Select(part => part + "q"))[..^1];
        return separator == " " ? unquoted.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length : unquoted.Split(separator).Length;
    }

    private static void CheckFields(TableLines table, TableLayout layout, string separator)
    {
        if (table.Count != layout.Fields)
        {
            string hint = separator == "," && table.Count > layout.Fields
                ? "; a decimal comma is not read, write a point" : "; write the same fields in every line";
            throw new InputException(
                $"{table.Where}: has {table.Count} fields, {(layout.HasHeader ? "the header" : "the first line")} {layout.Fields}{hint}.");
        }

        if (layout.HasUnnamedTime && !(long.TryParse(table[3], NumberStyles.None, CultureInfo.InvariantCulture, out long time)
            && (time is >= FirstTime and <= LastTime || time / 1000 is >= FirstTime and <= LastTime)))
        {
            throw new InputException(
                $"{table.Where}: the fourth field '{Shown(table[3])}' is not a Unix time, so the fields cannot be told apart (a decimal comma, or row numbers in front?); write decimal points, and a header such as row,column,value,time.");
        }
    }

    private static CellMatrix Build(string name, List<ReadCell> cells, IdentityList rowList, IdentityList columnList)
    {
        ((Identities rows, int[] rowPlaces), (Identities columns, int[] columnPlaces)) =
            Identities.Order(name, rowList.Names, columnList.Names);
        Span<ReadCell> placed = CollectionsMarshal.AsSpan(cells);
        foreach (ref ReadCell cell in placed)
        {
            cell = cell with { Row = rowPlaces[cell.Row], Column = columnPlaces[cell.Column] };
        }

        return CellPlaces.Order(name, rows.Count, columns.Count, placed, (earlier, later) =>
            $"{name}, line {later.Line}: row {Shown(rows.At(later.Row))}, column {Shown(columns.At(later.Column))} was given before, in line {earlier.Line}; keep one of the two.") with
        { RowIdentities = rows, ColumnIdentities = columns };
    }

    private static int PlaceOf(TableLines table, int field, string what, IdentityList list)
    {
        ReadOnlySpan<char> text = table[field];
        if (list.TryFind(text, out int place))
        {
            return place;
        }

        if (text.IsEmpty)
        {
            throw new InputException($"{table.Where}: the {what} is empty; give every {what} a number or a name.");
        }

        if (text.Length > NameLimit)
        {
            throw new InputException(
                $"{table.Where}: the name of the {what} has {text.Length} characters, past the limit of {NameLimit}; shorten it.");
        }

        if (text.ContainsAnyInRange('\0', '\u001f'))
        {
            throw new InputException($"{table.Where}: the {what} '{Shown(text)}' has a control character; remove it.");
        }

        bool number = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value);
        if ((number && (text.Contains('.') || double.IsNaN(value))) || TableLayout.HasDecimalComma(text))
        {
            throw new InputException(
                $"{table.Where}: the {what} '{Shown(text)}' is not a whole number; write whole numbers or names, or name the columns in a header if they are in another order.");
        }

        return !number || text[0] != '-' ? list.Add(text)
            : throw new InputException($"{table.Where}: the {what} {Shown(text)} is negative; write whole numbers from 0 on, or names.");
    }

    private static float ValueOf(TableLines table, int field)
    {
        ReadOnlySpan<char> text = table[field];
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
        {
            throw new InputException(text.IsEmpty ? $"{table.Where}: the value is empty; leave the line out if it is not known."
                : TableLayout.HasDecimalComma(text) ? $"{table.Where}: the value '{Shown(text)}' has a decimal comma; write it with a point."
                : $"{table.Where}: the value '{Shown(text)}' is not a number; write it like 3.5 or 1e-3.");
        }

        if (!double.IsFinite(value))
        {
            throw new InputException($"{table.Where}: the value '{Shown(text)}' is not finite; leave the line out if it is not known.");
        }

        // Text such as 1e-999 is no zero, although no double is nearer to it.
        bool isZero = value == 0 && !text[..(text.IndexOfAny('e', 'E') is var at and >= 0 ? at : text.Length)].ContainsAnyInRange('1', '9');
        return isZero || Math.Abs(value) is >= SmallestValue and <= LargestValue ? (float)value
            : throw new InputException(FormattableString.Invariant(
                $"{table.Where}: the value '{Shown(text)}' has a size outside {SmallestValue:0e0} to {LargestValue:0e0}; use another unit, or leave the line out."));
    }
}
