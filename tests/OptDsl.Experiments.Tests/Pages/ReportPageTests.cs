using System.Globalization;
using System.Text.RegularExpressions;
using OptDsl.Testing;

namespace OptDsl.Experiments.Tests.Pages;

/// <summary>The pages that the commands write, as a browser shows them: on a desk and on a telephone.</summary>
public partial class ReportPageTests
{
    /// <summary>Two experiments with tables and pictures, and a completion of a file.</summary>
    [Theory]
    [InlineData("run", "S9")]
    [InlineData("run", "S37")]
    [InlineData("complete", "--iterations", "40", "--depth", "2", "--width", "20")]
    public void Nothing_is_clipped_and_axe_finds_nothing(params string[] arguments)
    {
        Assert.SkipWhen(Chromium.Path is null, "Chromium is not installed.");
        using var sandbox = new Sandbox();
        (int exit, _, string errors) = CommandRun.Run([.. arguments, "--output", sandbox.Output]);
        Assert.Equal((CommandLine.Success, ""), (exit, errors));
        string page = File.ReadAllText(Assert.Single(Directory.GetFiles(sandbox.Output, "report.html", SearchOption.AllDirectories)));
        foreach (int width in new[] { 1280, 400 })
        {
            (IReadOnlyList<string> violations, IReadOnlyList<string> outside) = Chromium.Look(page, width, sandbox.In("."));
            Assert.True(violations.Count == 0, $"At {width}:\n{string.Join("\n", violations)}");
            Assert.True(outside.Count == 0, $"At {width}:\n{string.Join("\n", outside)}");
        }
    }

    [Fact]
    public void What_is_wrong_with_a_page_is_found()
    {
        Assert.SkipWhen(Chromium.Path is null, "Chromium is not installed.");
        using var sandbox = new Sandbox();
        (IReadOnlyList<string> violations, IReadOnlyList<string> outside) = Chromium.Look(
            "<!doctype html><html lang=\"en\"><head><title>t</title></head><body><main><h1>t</h1><p style=\"width:900px;color:#aaa\">wide and pale</p>"
            + "<div style=\"overflow:auto;width:100px\"><table><tr><th></th><td style=\"min-width:900px;height:60px\">scrolls</td></tr></table></div></main></body></html>", 400, sandbox.In("."));
        Assert.Contains(violations, violation => violation.StartsWith("color-contrast", StringComparison.Ordinal));
        Assert.Contains(violations, violation => violation.StartsWith("empty-table-header", StringComparison.Ordinal));
        Assert.Contains(outside, element => element.Contains("wide and pale", StringComparison.Ordinal));
        Assert.DoesNotContain(outside, element => element.Contains("scrolls", StringComparison.Ordinal));
    }

    /// <summary>Two curves of one picture are told apart, and each from the paper: 3 to 1, as WCAG asks of graphics.</summary>
    [Fact]
    public void Eight_series_have_eight_colours()
    {
        string style = Picture.Style("picture.css");
        string[] colours = [.. Line().Matches(style).Select(match => match.Groups[1].Value)];
        Assert.Equal(Picture.Colours, colours.Length);
        for (int i = 0; i < colours.Length; i++)
        {
            Assert.True(Contrast(colours[i]) >= 3, $"{colours[i]} is too pale: {Contrast(colours[i])}");
            for (int j = 0; j < i; j++)
            {
                Assert.True(Distance(colours[i], colours[j]) > 25, $"{colours[i]} and {colours[j]} are {Distance(colours[i], colours[j])} apart.");
            }
        }
    }

    /// <summary>The distance in CIELAB, of which 2.3 is just noticeable side by side.</summary>
    private static double Distance(string a, string b)
    {
        (double L, double A, double B) p = Lab(a), q = Lab(b);
        return Math.Sqrt(Math.Pow(p.L - q.L, 2) + Math.Pow(p.A - q.A, 2) + Math.Pow(p.B - q.B, 2));
    }

    private static double Contrast(string colour) => 1.05 / (Linear(colour).Y + 0.05);

    private static (double L, double A, double B) Lab(string colour)
    {
        (double x, double y, double z) = Linear(colour);
        static double F(double t) => t > 0.008856 ? Math.Cbrt(t) : (7.787 * t) + (16 / 116.0);
        return ((116 * F(y)) - 16, 500 * (F(x / 0.95047) - F(y)), 200 * (F(y) - F(z / 1.08883)));
    }

    /// <summary>CIE XYZ of an sRGB colour; Y is the relative luminance.</summary>
    private static (double X, double Y, double Z) Linear(string colour)
    {
        double[] rgb = [.. Enumerable.Range(0, 3)
            .Select(i => int.Parse(colour.AsSpan(1 + (2 * i), 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0)
            .Select(value => value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4))];
        return ((0.4124 * rgb[0]) + (0.3576 * rgb[1]) + (0.1805 * rgb[2]), (0.2126 * rgb[0]) + (0.7152 * rgb[1]) + (0.0722 * rgb[2]),
            (0.0193 * rgb[0]) + (0.1192 * rgb[1]) + (0.9505 * rgb[2]));
    }

    [GeneratedRegex(@"\.line\.c\d+ \{ stroke: (#[0-9a-f]{6}); \}")]
    private static partial Regex Line();
}
