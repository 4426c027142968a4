using System.Globalization;

namespace OptDsl.Experiments;

/// <summary>A line of a chart, or dots where its style begins so.</summary>
internal sealed record ChartLine(string Name, string Style, IReadOnlyList<(double X, double Y)> Points)
{
    internal bool IsDots => Style.StartsWith("dots", StringComparison.Ordinal);
}

/// <summary>What a chart needs to be a file of its own: a heading, the vertical axis' title, a legend's place, and its looks.</summary>
internal sealed record ChartFrame(string Title, string YTitle, string Style);

/// <summary>A chart of lines with labelled axes: a small one, to be set beside others of the same kind, or a file of its own.</summary>
internal sealed record LineChart(string Label, string XTitle, double XMaximum, double YMinimum, double YMaximum)
{
    private const double LegendLine = 18;

    private static readonly int[] Digits = [1, 2, 5];

    private double Width => Standalone is null ? 400 : 640;

    private double Height => Standalone is null ? 260 : 400;

    private double Left => Standalone is null ? 46 : 62;

    private double Right => Standalone is null ? 12 : 20;

    private double Top { get; set; } = 12;

    private double Bottom => Standalone is null ? 40 : 46;

    /// <summary>Where the horizontal axis begins.</summary>
    internal double XMinimum { get; init; }

    /// <summary>Whether the horizontal axis is logarithmic.</summary>
    internal bool LogarithmicX { get; init; }

    /// <summary>Set where the chart is a file of its own.</summary>
    internal ChartFrame? Standalone { get; init; }

    /// <summary>Whether the vertical axis is logarithmic.</summary>
    internal bool Logarithmic { get; init; }

    /// <summary>The least distance of two labels of the vertical axis.</summary>
    internal double TickDistance { get; init; }

    /// <summary>A dot, such as where parameters were kept.</summary>
    internal (double X, double Y)? Mark { get; init; }

    /// <summary>A horizontal line across and its name.</summary>
    internal (double Y, string Name)? Level { get; init; }

    internal string Render(IEnumerable<ChartLine> lines)
    {
        ChartLine[] drawn = [.. lines];
        var svg = new SvgWriter(Width, Height, Label, Standalone?.Style);
        if (Standalone is not null)
        {
            DrawFrame(svg, Standalone, drawn);
        }

        foreach (double tick in Logarithmic ? Decades(YMinimum, YMaximum) : Ticks(YMinimum, YMaximum, 5, TickDistance))
        {
            svg.Line(Left, Y(tick), Width - Right, Y(tick), "grid");
            svg.Text(Left - 7, Y(tick) + 4, Number(tick), "tick end");
        }

        foreach (double tick in LogarithmicX ? Decades(XMinimum, XMaximum) : Ticks(XMinimum, XMaximum, 5))
        {
            svg.Line(X(tick), Height - Bottom, X(tick), Height - Bottom + 4, "axis");
            svg.Text(X(tick), Height - Bottom + 17, Number(tick), "tick middle");
        }

        svg.Line(Left, Height - Bottom, Width - Right, Height - Bottom, "axis");
        svg.Text((Left + Width - Right) / 2, Height - 5, XTitle, "title middle");
        if (Level is (double level, string name) && level <= YMaximum)
        {
            svg.Line(Left, Y(level), Width - Right, Y(level), "level");
            svg.Text(Width - Right, Y(level) - 5, name, "tick end");
        }

        foreach (ChartLine line in drawn)
        {
            IEnumerable<(double X, double Y)> points = line.Points.Select(point =>
                (X(point.X), point.Y <= 0 && Logarithmic ? double.NaN : Y(point.Y)));
            if (line.IsDots)
            {
                foreach ((double pointX, double pointY) in points.Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y)))
                {
                    svg.Circle(pointX, pointY, 3, line.Style);
                }
            }
            else
            {
                svg.Path(points, line.Style);
            }
        }

        if (Mark is (double x, double y))
        {
            svg.Circle(X(x), Y(y), 3.5, "mark");
        }

        return svg.ToString();
    }

    /// <summary>The heading and the legend, whose lines push the axes down.</summary>
    private void DrawFrame(SvgWriter svg, ChartFrame frame, ChartLine[] lines)
    {
        const double Sample = 22, Gap = 26, Character = 6.6, CaptionCharacter = 8.4;
        svg.Rectangle(0, 0, Width, Height, "paper");
        double x = 20, y = 26;
        foreach (string line in Broken(frame.Title, (int)((Width - 40) / CaptionCharacter)))
        {
            svg.Text(x, y, line, "caption");
            y += LegendLine;
        }

        y += 6;
        foreach (ChartLine line in lines.Where(line => line.Name.Length > 0))
        {
            double width = Sample + 8 + (line.Name.Length * Character);
            if (x > 20 && x + width > Width - 20)
            {
                (x, y) = (20, y + LegendLine);
            }

            if (line.IsDots)
            {
                svg.Circle(x + (Sample / 2), y - 4, 3.5, line.Style);
            }
            else
            {
                // As thin as a trace it could hardly be seen.
                svg.Path([(x, y - 4), (x + Sample, y - 4)], line.Style.Replace("trace", "line", StringComparison.Ordinal));
            }

            svg.Text(x + Sample + 8, y, line.Name, "legend");
            x += width + Gap;
        }

        svg.Text(20, y + LegendLine + 6, frame.YTitle, "title");
        Top = y + (2 * LegendLine);
    }

    /// <summary>Round numbers from <paramref name="low"/> to <paramref name="high"/>, about as many as asked for.</summary>
    internal static IEnumerable<double> Ticks(double low, double high, int count, double least = 0)
    {
        double rough = (high - low) / count, power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = Math.Max(least, power * (rough / power) switch
        {
            <= 1.001 => 1,
            <= 2.001 => 2,
            <= 5.001 => 5,
            _ => 10,
        });
        for (double tick = Math.Ceiling((low / step) - 1e-9); tick * step <= high * (1 + 1e-9); tick++)
        {
            // Adding zero turns the -0 of a rounded-up negative number into 0.
            yield return (tick * step) + 0.0;
        }
    }

    /// <summary>A heading in lines of no more than so many characters, where words allow.</summary>
    private static IEnumerable<string> Broken(string text, int length)
    {
        while (text.Length > length && text.LastIndexOf(' ', length) is > 0 and var space)
        {
            yield return text[..space];
            text = text[(space + 1)..];
        }

        yield return text;
    }

    private static string Number(double value) => value is not 0 && (Math.Abs(value) < 1e-3 || Math.Abs(value) >= 1e5)
        ? value.ToString("0.#e0", CultureInfo.InvariantCulture).Replace('-', '−')
        : value.ToString("0.####", CultureInfo.InvariantCulture).Replace('-', '−');

    private double X(double value) => Left + (Share(value, XMinimum, XMaximum, LogarithmicX) * (Width - Left - Right));

    private double Y(double value)
        => Height - Bottom - (Math.Clamp(Share(value, YMinimum, YMaximum, Logarithmic), 0, 1) * (Height - Top - Bottom));

    private static double Share(double value, double low, double high, bool logarithmic) => logarithmic
        ? (Math.Log(value) - Math.Log(low)) / (Math.Log(high) - Math.Log(low))
        : (value - low) / (high - low);

    /// <summary>
    /// The powers of ten in a range, every second or third where they are many; 1, 2 and 5 times them where they are few.
    /// </summary>
    private static IEnumerable<double> Decades(double low, double high)
    {
        int first = (int)Math.Ceiling(Math.Log10(low) - 1e-9), last = (int)Math.Floor(Math.Log10(high) + 1e-9);
        if (last - first < 1)
        {
            return from exponent in Enumerable.Range(first - 1, last - first + 3)
                   from digit in Digits
                   let tick = digit * Math.Pow(10, exponent)
                   where tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)
                   select tick;
        }

        int apart = ((last - first) / 9) + 1;
        return Enumerable.Range(0, ((last - first) / apart) + 1).Select(i => Math.Pow(10, first + (i * apart)));
    }
}
