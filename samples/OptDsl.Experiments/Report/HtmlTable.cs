using System.Text;

namespace OptDsl.Experiments;

/// <summary>
/// A table of a page. Headings say what they head, and a table that is wider than the page scrolls in a region of its own, which the
/// keyboard reaches.
/// </summary>
internal static class HtmlTable
{
    /// <summary>Begins a table; the rows are the caller's, by <see cref="Row"/>.</summary>
    /// <param name="html">The page.</param>
    /// <param name="title">What the table shows, for those who do not see the page.</param>
    /// <param name="columns">Headings, as HTML; the first is that of the rows' names, and may be empty.</param>
    internal static void Begin(StringBuilder html, string title, IEnumerable<string> columns)
        => html.Append("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"").Append(SvgWriter.Escape(title))
            .Append("\"><table>\n<thead><tr>")
            .AppendJoin("", columns.Select(column => column.Length == 0 ? "<td></td>" : $"<th scope=\"col\">{column}</th>"))
            .Append("</tr></thead>\n<tbody>\n");

    /// <summary>A row.</summary>
    /// <param name="html">The page.</param>
    /// <param name="name">Its name, as HTML.</param>
    /// <param name="cells">The others, as HTML.</param>
    /// <param name="style">A class; empty for none.</param>
    internal static void Row(StringBuilder html, string name, IEnumerable<string> cells, string style = "")
        => html.Append(style.Length == 0 ? "<tr>" : $"<tr class=\"{style}\">").Append("<th scope=\"row\">").Append(name).Append("</th>")
            .AppendJoin("", cells.Select(cell => $"<td>{cell}</td>")).Append("</tr>\n");

    internal static void End(StringBuilder html) => html.Append("</tbody>\n</table></div>\n");
}
