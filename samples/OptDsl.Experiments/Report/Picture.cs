using System.Globalization;
using System.Reflection;
using System.Text;

namespace OptDsl.Experiments;

/// <summary>Curves of an experiment in one pair of axes; its SVG file needs nothing else.</summary>
/// <param name="Name">Of its file, unique in the system.</param>
/// <param name="Title">What it shows.</param>
/// <param name="XTitle">The horizontal axis and its unit.</param>
/// <param name="YTitle">The vertical axis and its unit.</param>
/// <param name="Curves">What is drawn, the later ones on top.</param>
internal sealed record Picture(string Name, string Title, string XTitle, string YTitle, params Curve[] Curves)
{
    /// <summary>Whether the horizontal axis is logarithmic.</summary>
    internal bool LogarithmicX { get; init; }

    /// <summary>Whether the vertical axis is logarithmic.</summary>
    internal bool LogarithmicY { get; init; }

    /// <summary>The vertical axis' ends, where the curves' own are not the right ones.</summary>
    internal (double Low, double High)? YRange { get; init; }

    /// <summary>The least distance of two labels of the vertical axis; 1 where it counts something.</summary>
    internal double YTickDistance { get; init; }

    /// <summary>As many as picture.css has.</summary>
    internal const int Colours = 8;

    internal string ToSvg()
    {
        (double left, double right) = Ends(Curves.SelectMany(curve => curve.Points).Select(point => point.X), LogarithmicX, room: 0);
        (double low, double high) = YRange
            ?? Ends(Curves.SelectMany(curve => curve.Points).Select(point => point.Y), LogarithmicY, room: 0.06);
        var chart = new LineChart(Title, XTitle, right, low, high)
        {
            XMinimum = left,
            LogarithmicX = LogarithmicX,
            Logarithmic = LogarithmicY,
            TickDistance = YTickDistance,
            Standalone = new ChartFrame(Title, YTitle, Style("picture.css")),
        };
        int colour = 0;
        return chart.Render(
            Curves.Select(curve =>
                new ChartLine(curve.Name,
                    $"{curve.Kind.ToString().ToLowerInvariant()} c{(curve.Kind == CurveKind.Theory ? "t" : colour++ % Colours)}",
                        curve.Points)));
    }

    internal string ToCsv()
    {
        var text = new StringBuilder("curve,x,y\n");
        foreach (Curve curve in Curves)
        {
            foreach ((double x, double y) in curve.Points)
            {
                text.Append(CultureInfo.InvariantCulture, $"{curve.Name.Replace(',', ' ')},{x:R},{y:R}\n");
            }
        }

        return text.ToString();
    }

    internal static string Style(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    private static (double Low, double High) Ends(IEnumerable<double> values, bool logarithmic, double room)
    {
        double[] drawn = [.. values.Where(value => double.IsFinite(value) && (!logarithmic || value > 0))];
        if (drawn.Length == 0)
        {
            return logarithmic ? (0.1, 1) : (0, 1);
        }

        (double low, double high) = (drawn.Min(), drawn.Max());
        if (logarithmic)
        {
            return high > low ? (low * Math.Pow(low / high, room), high * Math.Pow(high / low, room)) : (low / 2, high * 2);
        }

        double margin = high > low ? (high - low) * room : Math.Max(1, Math.Abs(high)) / 2;
        return (low - margin, high + margin);
    }
}

/// <summary>How a curve is drawn.</summary>
internal enum CurveKind
{
    /// <summary>A line through the points.</summary>
    Line,

    /// <summary>The points alone.</summary>
    Dots,

    /// <summary>A dashed dark line: what a formula says.</summary>
    Theory,

    /// <summary>A thin line, one of several through each other.</summary>
    Trace,

    /// <summary>A light surface with a thin edge; the points go around it.</summary>
    Area,
}

/// <summary>A curve of a picture; without a name it is not in the legend.</summary>
internal sealed record Curve(string Name, IReadOnlyList<(double X, double Y)> Points, CurveKind Kind = CurveKind.Line);
