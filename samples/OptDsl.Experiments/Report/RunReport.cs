using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace OptDsl.Experiments;

/// <summary>A system's run as one page that needs nothing else.</summary>
internal static partial class RunReport
{
    internal static string Render(VerificationSystem system, IReadOnlyList<VerificationRow> rows, ExhibitList exhibits)
    {
        var html = new StringBuilder();
        html.Append(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        html.Append(CultureInfo.InvariantCulture,
            $"<title>{system.Id}: {SvgWriter.Escape(system.Title)}</title>\n<style>\n{Picture.Style("report.css")}</style>\n</head>\n<body>\n<main>\n");
        html.Append(CultureInfo.InvariantCulture,
            $"<header>\n<p class=\"kicker\">{system.Id}</p>\n<h1>{SvgWriter.Escape(system.Title)}</h1>\n{Paragraphs(system.Text)}</header>\n");
        foreach (DataTable table in exhibits.Tables)
        {
            html.Append(CultureInfo.InvariantCulture, $"<section>\n<h2>{SvgWriter.Escape(table.Title)}</h2>\n{table.ToHtml()}</section>\n");
        }

        if (exhibits.Pictures.Count > 0)
        {
            html.Append("<section>\n<div class=\"pictures\">\n");
            foreach (Picture picture in exhibits.Pictures)
            {
                // As an image, so that the picture's style sheet stays its own.
                string data = Convert.ToBase64String(Encoding.UTF8.GetBytes(picture.ToSvg()));
                html.Append(CultureInfo.InvariantCulture,
                    $"<img alt=\"{SvgWriter.Escape(picture.Title)}\" src=\"data:image/svg+xml;base64,{data}\">\n");
            }

            html.Append("</div>\n</section>\n");
        }

        if (exhibits.Notes.Count > 0)
        {
            html.Append("<section>\n<h2>Notes</h2>\n");
            html.AppendJoin("", exhibits.Notes.Select(note => $"<p>{SvgWriter.Escape(note)}</p>\n")).Append("</section>\n");
        }

        var claims = new DataTable("claims", "Claims", "claim", "measured", "allowed", "outcome");
        foreach (VerificationRow row in rows)
        {
            claims.Row(row.Claim.Text, row.Measured, row.Claim.Expected, row.Passed ? "holds" : "fails");
        }

        html.Append(CultureInfo.InvariantCulture,
            $"<section>\n<h2>Claims, measured with seed {rows[0].Seed}</h2>\n{claims.ToHtml()}</section>\n</main>\n</body>\n</html>\n");
        return html.ToString();
    }

    private static string Paragraphs(string text)
        => string.Concat(text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(paragraph => $"<p>{Code().Replace(Link().Replace(SvgWriter.Escape(paragraph), "$1"), "<code>$1</code>")}</p>\n"));

    [GeneratedRegex("`([^`]*)`")]
    private static partial Regex Code();

    // A page of its own has nothing to link to.
    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex Link();
}
