using System.Globalization;
using System.Net;
using System.Text;

namespace OptDsl.Experiments;

/// <summary>Writes an SVG picture. Looks come by class: from the page's style sheet, or from its own where it is a file.</summary>
internal sealed class SvgWriter
{
    private readonly StringBuilder text = new();

    internal SvgWriter(double width, double height, string label, string? style = null)
    {
        text.Append(CultureInfo.InvariantCulture,
            $"<svg{(style is null ? "" : " xmlns=\"http://www.w3.org/2000/svg\"")} viewBox=\"0 0 {width:0.##} {height:0.##}\" role=\"img\" aria-label=\"{Escape(label)}\">");
        if (style is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"<style>\n{style}</style>\n");
        }
    }

    internal void Rectangle(double x, double y, double width, double height, string style)
        => text.Append(CultureInfo.InvariantCulture,
            $"<rect class=\"{style}\" x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{width:0.##}\" height=\"{height:0.##}\"/>");

    internal void Line(double x1, double y1, double x2, double y2, string style)
        => text.Append(CultureInfo.InvariantCulture,
            $"<line class=\"{style}\" x1=\"{x1:0.##}\" y1=\"{y1:0.##}\" x2=\"{x2:0.##}\" y2=\"{y2:0.##}\"/>");

    internal void Circle(double x, double y, double radius, string style)
        => text.Append(CultureInfo.InvariantCulture, $"<circle class=\"{style}\" cx=\"{x:0.##}\" cy=\"{y:0.##}\" r=\"{radius:0.##}\"/>");

    internal void Text(double x, double y, string content, string style)
        => text.Append(CultureInfo.InvariantCulture, $"<text class=\"{style}\" x=\"{x:0.##}\" y=\"{y:0.##}\">{Escape(content)}</text>");

    /// <summary>A line through points; a point that is not finite breaks it.</summary>
    internal void Path(IEnumerable<(double X, double Y)> points, string style)
    {
        var path = new StringBuilder();
        bool drawing = false;
        foreach ((double x, double y) in points)
        {
            if (!double.IsFinite(x) || !double.IsFinite(y))
            {
                drawing = false;
                continue;
            }

            path.Append(CultureInfo.InvariantCulture, $"{(drawing ? 'L' : 'M')}{x:0.##} {y:0.##}");
            drawing = true;
        }

        if (path.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"<path class=\"{style}\" d=\"{path}\"/>");
        }
    }

    internal void Image(double x, double y, double width, double height, string uri)
        => text.Append(CultureInfo.InvariantCulture,
            $"<image x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{width:0.##}\" height=\"{height:0.##}\" href=\"{uri}\"/>");

    internal static string Escape(string content) => WebUtility.HtmlEncode(content);

    public override string ToString() => text + "</svg>";
}
