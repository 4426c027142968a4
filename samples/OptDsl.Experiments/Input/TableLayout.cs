using System.Globalization;

namespace OptDsl.Experiments;

/// <summary>Which fields of a line are the row, the column and the value.</summary>
/// <param name="Row">Index of the field.</param>
/// <param name="Column">Index of the field.</param>
/// <param name="Value">Index of the field.</param>
/// <param name="Fields">Fields per line.</param>
/// <param name="HasHeader">Whether the first line names them.</param>
internal sealed record TableLayout(int Row, int Column, int Value, int Fields, bool HasHeader)
{
    private const string Advice = "name the columns like row,column,value or user,item,rating";

    // As they are compared: without case, spaces, underscores and hyphens.
    private static readonly string[]
        RowNames = ["row", "rows", "rowid", "rowindex", "i", "user", "users", "userid", "uid", "customer", "customerid", "reviewer",
            "reviewerid"],
        ColumnNames = ["column", "columns", "columnid", "columnindex", "col", "cols", "colid", "colindex", "j", "item", "items", "itemid",
            "iid", "movie", "movieid", "film", "filmid", "product", "productid", "book", "bookid", "song", "songid", "track", "trackid",
            "artist", "artistid"],
        ValueNames = ["value", "values", "val", "v", "x", "data", "rating", "ratings", "score", "scores", "stars"],
        TimeNames = ["timestamp", "time", "date", "datetime", "ts"];

    private enum Role
    {
        Unknown,
        Index,
        Row,
        Column,
        Value,
        Time,
    }

    /// <summary>What each field of a line is.</summary>
    internal string Description
    {
        get
        {
            string[] fields = [.. Enumerable.Range(0, Fields)
                .Select(i => i == Row ? "row" : i == Column ? "column" : i == Value ? "value" : "-")];
            return $"one cell per line: {string.Join(", ", fields)}; {(HasHeader ? "the first line names them" : "there is no header")}";
        }
    }

    /// <summary>Whether the fourth field has no name and is passed over as a time, which it must then look like.</summary>
    internal bool HasUnnamedTime => !HasHeader && Fields == 4;

    /// <summary>Reads the first line: data, or a header of known names. It is never dropped.</summary>
    /// <param name="fields">Its fields.</param>
    /// <param name="where">File and line, for messages.</param>
    /// <exception cref="InputException">It is neither, or names no complete set of columns.</exception>
    internal static TableLayout Of(IReadOnlyList<string> fields, string where)
    {
        if (fields.Count is 3 or 4 && fields[0].Length > 0 && IsNumber(fields[2]))
        {
            return new TableLayout(0, 1, 2, fields.Count, HasHeader: false);
        }

        // pandas and R write their own row numbers in front, under an empty name; read back and written again it is "Unnamed: 0".
        int indexes = fields.TakeWhile(IsIndex).Count();
        Role[] roles = [.. fields.Select((name, i) => i < indexes ? Role.Index : RoleOf(name))];
        if (Array.TrueForAll(roles, role => role is Role.Unknown or Role.Index))
        {
            throw new InputException($"{where}: {NotData(fields)}.");
        }

        string understood = string.Join(", ", fields.Zip(roles).Where(field => field.Second is not Role.Unknown and not Role.Index)
            .Select(field => $"'{TableReader.Shown(field.First)}' is the {Text(field.Second)}"));
        int unknown = Array.IndexOf(roles, Role.Unknown);
        if (unknown >= 0)
        {
            throw new InputException(
                $"{where}: is read as a header, in which the name '{TableReader.Shown(fields[unknown])}' is not known. Understood: {understood}. {Repair(roles)}");
        }

        foreach (Role role in new[] { Role.Row, Role.Column, Role.Value, Role.Time })
        {
            int[] named = [.. Enumerable.Range(0, roles.Length).Where(i => roles[i] == role)];
            if (named.Length > 1)
            {
                throw new InputException(
                    $"{where}: '{TableReader.Shown(fields[named[0]])}' and '{TableReader.Shown(fields[named[1]])}' both name the {Text(role)}; remove or rename one of these columns.");
            }

            if (named.Length == 0 && role != Role.Time)
            {
                throw new InputException($"{where}: the header names no {Text(role)}. Understood: {understood}. So {Advice}.");
            }
        }

        return new TableLayout(Array.IndexOf(roles, Role.Row), Array.IndexOf(roles, Role.Column), Array.IndexOf(roles, Role.Value),
            fields.Count, HasHeader: true);
    }

    private static string Repair(Role[] roles)
    {
        // More names than a table of cells has: probably a column for each item.
        if (roles.Count(role => role == Role.Unknown) > 1)
        {
            return "Of a full matrix write one line row,column,value per known cell; of a table of cells remove or rename the other columns.";
        }

        Role missing = Array.Find([Role.Row, Role.Column, Role.Value], role => !roles.Contains(role));
        return missing == Role.Unknown ? "Remove or rename that column."
            : $"If it is the {Text(missing)}, rename it to '{Text(missing)}'; else remove it.";
    }

    private static bool IsIndex(string name) => Plain(name) is var plain
        && (plain.Length == 0 || plain.StartsWith("unnamed:", StringComparison.Ordinal));

    private static string Plain(string name)
        => new([.. name.Where(character => character is not (' ' or '_' or '-')).Select(char.ToLowerInvariant)]);

    private static Role RoleOf(string name) => Plain(name) switch
    {
        var plain when RowNames.Contains(plain) => Role.Row,
        var plain when ColumnNames.Contains(plain) => Role.Column,
        var plain when ValueNames.Contains(plain) => Role.Value,
        var plain when TimeNames.Contains(plain) => Role.Time,
        _ => Role.Unknown,
    };

    private static string Text(Role role) => role switch
    {
        Role.Row => "row",
        Role.Column => "column",
        Role.Value => "value",
        _ => "time",
    };

    private static string NotData(IReadOnlyList<string> fields)
    {
        string header = $"and no field is a known name of a header; {Advice}. Of a full matrix write one line row,column,value per known cell";
        return fields.Count switch
        {
            < 3 => $"has {fields.Count} field{(fields.Count == 1 ? "" : "s")}, whichever separator is tried (tab, ::, semicolon, comma, bar, space); write row,column,value",
            > 4 => $"has {fields.Count} fields, {header}",
            _ when fields[0].Length == 0 => $"its first field is empty, {header}",
            _ when fields[2].Length == 0 => $"its third field, the value, is empty, {header}",
            _ when HasDecimalComma(fields[2]) => $"the value '{TableReader.Shown(fields[2])}' has a decimal comma; write it with a point",
            _ => $"its third field, '{TableReader.Shown(fields[2])}', is not a number, {header}",
        };
    }

    /// <summary>Whether a text would be a number with a point instead of its comma.</summary>
    internal static bool HasDecimalComma(ReadOnlySpan<char> text)
        => text.Count(',') == 1 && IsNumber(text.ToString().Replace(',', '.'));

    private static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
