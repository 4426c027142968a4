using System.Globalization;

namespace OptDsl.Experiments;

/// <summary>A line of a chart.</summary>
internal sealed record ChartLine(string Name, string Style, IReadOnlyList<(double X, double Y)> Points);

/// <summary>A small chart of lines with labelled axes, to be set beside others of the same kind.</summary>
internal sealed record LineChart(string Label, string XTitle, double XMaximum, double YMinimum, double YMaximum)
{
    private const double Width = 400, Height = 260, Left = 46, Right = 12, Top = 12, Bottom = 40;

    /// <summary>Whether the vertical axis is logarithmic.</summary>
    internal bool Logarithmic { get; init; }

    /// <summary>A dot, such as where parameters were kept.</summary>
    internal (double X, double Y)? Mark { get; init; }

    /// <summary>A horizontal line across and its name.</summary>
    internal (double Y, string Name)? Level { get; init; }

    internal string Render(IEnumerable<ChartLine> lines)
    {
        var svg = new SvgWriter(Width, Height, Label);
        foreach (double tick in Logarithmic ? Decades() : Ticks(YMinimum, YMaximum, 5))
        {
            svg.Line(Left, Y(tick), Width - Right, Y(tick), "grid");
            svg.Text(Left - 7, Y(tick) + 4, Number(tick), "tick end");
        }

        foreach (double tick in Ticks(0, XMaximum, 5))
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

        foreach (ChartLine line in lines)
        {
            svg.Path(line.Points.Select(point => (X(point.X), point.Y <= 0 && Logarithmic ? double.NaN : Y(point.Y))), line.Style);
        }

        if (Mark is (double x, double y))
        {
            svg.Circle(X(x), Y(y), 3.5, "mark");
        }

        return svg.ToString();
    }

    /// <summary>Round numbers from <paramref name="low"/> to <paramref name="high"/>, about as many as asked for.</summary>
    internal static IEnumerable<double> Ticks(double low, double high, int count)
    {
        double rough = (high - low) / count, power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = power * (rough / power) switch
        {
            <= 1.001 => 1,
            <= 2.001 => 2,
            <= 5.001 => 5,
            _ => 10,
        };
        for (double tick = Math.Ceiling((low / step) - 1e-9); tick * step <= high * (1 + 1e-9); tick++)
        {
            // Adding zero turns the -0 of a rounded-up negative number into 0.
            yield return (tick * step) + 0.0;
        }
    }

    private static string Number(double value) => value is not 0 && (Math.Abs(value) < 1e-3 || Math.Abs(value) >= 1e5)
        ? value.ToString("0.#e0", CultureInfo.InvariantCulture).Replace('-', '−')
        : value.ToString("0.####", CultureInfo.InvariantCulture).Replace('-', '−');

    private double X(double value) => Left + (value / XMaximum * (Width - Left - Right));

    private double Y(double value)
    {
        double share = Logarithmic
            ? (Math.Log(value) - Math.Log(YMinimum)) / (Math.Log(YMaximum) - Math.Log(YMinimum))
            : (value - YMinimum) / (YMaximum - YMinimum);
        return Height - Bottom - (Math.Clamp(share, 0, 1) * (Height - Top - Bottom));
    }

    private IEnumerable<double> Decades()
    {
        for (double exponent = Math.Ceiling(Math.Log10(YMinimum) - 1e-9); Math.Pow(10, exponent) <= YMaximum * (1 + 1e-9); exponent++)
        {
            yield return Math.Pow(10, exponent);
        }
    }
}
