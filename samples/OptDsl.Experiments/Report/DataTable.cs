using System.Globalization;
using System.Text;
using Spectre.Console;

namespace OptDsl.Experiments;

/// <summary>A table of an experiment; the first column names the rows.</summary>
/// <param name="Name">Of its file, unique in the system.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Columns">Headings, units among them.</param>
internal sealed record DataTable(string Name, string Title, params string[] Columns)
{
    private readonly List<string[]> rows = [];

    /// <summary>Adds a row; numbers are written with four digits unless they come as text.</summary>
    internal DataTable Row(params object[] cells)
    {
        if (cells.Length != Columns.Length)
        {
            throw new ArgumentException($"The row has {cells.Length} cells; {Name} has {Columns.Length} columns.", nameof(cells));
        }

        rows.Add([.. cells.Select(Text)]);
        return this;
    }

    internal static string Text(object cell) => cell switch
    {
        double value =>
            value.ToString(value != 0 && (Math.Abs(value) < 1e-3 || Math.Abs(value) >= 1e6) ? "0.###e0" : "G4",
                CultureInfo.InvariantCulture),
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        _ => cell.ToString() ?? "",
    };

    internal Table ToConsole()
    {
        var table = new Table().Border(TableBorder.Simple).Title(Markup.Escape(Title));
        for (int i = 0; i < Columns.Length; i++)
        {
            var column = new TableColumn(Markup.Escape(Columns[i]));
            table.AddColumn(i == 0 ? column : column.RightAligned());
        }

        foreach (string[] row in rows)
        {
            table.AddRow(Array.ConvertAll(row, Markup.Escape));
        }

        return table;
    }

    internal string ToHtml()
    {
        var html = new StringBuilder();
        HtmlTable.Begin(html, Title, Columns.Select(SvgWriter.Escape));
        foreach (string[] row in rows)
        {
            HtmlTable.Row(html, SvgWriter.Escape(row[0]), row.Skip(1).Select(SvgWriter.Escape));
        }

        HtmlTable.End(html);
        return html.ToString();
    }

    internal string ToMarkdown()
    {
        var text = new StringBuilder();
        void Line(IEnumerable<string> cells)
            => text.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
        Line(Columns);
        Line(Columns.Select((_, i) => i == 0 ? "---" : "--:"));
        rows.ForEach(Line);
        return text.ToString();
    }

    internal string ToCsv()
        => string.Concat(rows.Prepend(Columns)
            .Select(row => string.Join(",", row.Select(SeriesCsv.Field)) + "\n"));
}
