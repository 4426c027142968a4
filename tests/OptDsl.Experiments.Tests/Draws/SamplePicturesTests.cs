using System.Xml.Linq;
using OptDsl.Models;

namespace OptDsl.Experiments.Tests.Draws;

public class SamplePicturesTests
{
    /// <summary>Of a long trace neighbours are joined: an extreme draw must still be seen, and the file stay small.</summary>
    [Fact]
    public void A_trace_shows_every_chain_and_its_extremes()
    {
        double[] values = Normals(3 * 5000, 1);
        (values[5000 + 777], values[10_000 + 4999]) = (11, -12);
        Picture picture = SamplePictures.Trace(Of(3, values), "x");
        Assert.Equal(["chain 1", "chain 2", "chain 3"], picture.Curves.Select(curve => curve.Name));
        Assert.All(picture.Curves, curve => Assert.InRange(curve.Points.Count, 1000, 1100));
        Assert.Contains((778, 11), picture.Curves[1].Points);
        Assert.Contains((5000, -12), picture.Curves[2].Points);
        Assert.All(picture.Curves,
            curve => Assert.Equal(curve.Points.Select(point => point.X).Order(), curve.Points.Select(point => point.X)));
        Assert.Equal(3, Paths(picture, "trace"));
        Assert.Equal([(1, values[0]), (2, values[1])], SamplePictures.Trace(Of(1, values[..50]), "x").Curves[0].Points.Take(2));
    }

    /// <summary>
    /// Chain 2 has the upper half of all ranks: its histogram is empty on the left and twice as high as the even one on the right.
    /// </summary>
    [Fact]
    public void A_rank_plot_shows_a_chain_that_lies_elsewhere()
    {
        double[] values = [.. Normals(1000, 1), .. Normals(1000, 2).Select(value => value + 100)];
        Picture picture = SamplePictures.Ranks(Of(2, values), "x");
        Curve[] areas = [.. picture.Curves.Where(curve => curve.Kind == CurveKind.Area)],
            lines = [.. picture.Curves.Where(curve => curve.Kind == CurveKind.Theory)];
        Assert.Equal((2, 2), (areas.Length, lines.Length));
        double ground = areas[1].Points[0].Y, even = lines[1].Points[0].Y - ground;
        Assert.All(areas[1].Points.Where(point => point.X < 999), point => Assert.Equal(ground, point.Y, 1e-12));
        Assert.Equal(10,
            areas[1].Points.Where(point => Math.Abs(point.Y - ground - 2 * even) < 1e-12).Select(point => point.X).Distinct().Count() - 1);
        Assert.Equal(2000, areas[0].Points.Max(point => point.X));
        Assert.Equal(2, Paths(picture, "area"));
        Assert.Equal(["1", "2"],
            XDocument.Parse(picture.ToSvg()).Descendants().Where(element => (string?)element.Attribute("class") == "tick end")
                .Select(element => element.Value));

        // Draws that are all the same share the middle rank.
        Curve same = SamplePictures.Ranks(Of(1, new double[100]), "x").Curves[0];
        Assert.Equal([50, 55], same.Points.Where(point => point.Y > 1.4).Select(point => point.X));
    }

    [Fact]
    public void A_density_is_that_of_the_draws_and_integrates_to_one()
    {
        Picture picture = SamplePictures.Density(Of(2, Normals(40_000, 3)), "x");
        foreach (Curve curve in picture.Curves)
        {
            double step = curve.Points[1].X - curve.Points[0].X;
            Assert.Equal(1, curve.Points.Sum(point => point.Y) * step, 1e-3);
            Assert.All(curve.Points, point => Assert.Equal(Math.Exp(-point.X * point.X / 2) / Math.Sqrt(2 * Math.PI), point.Y, 0.025));
        }
    }

    [Fact]
    public void Draws_that_are_not_finite_or_stand_still_are_drawn_as_far_as_they_go()
    {
        double[] values = [.. new double[20],
            .. Enumerable.Range(0, 20).Select(i => i == 7 ? double.NaN : i == 9 ? double.PositiveInfinity : i)];
        Samples<double> samples = Of(2, values);
        foreach (Picture picture in (Picture[])[SamplePictures.Trace(samples, "x"), SamplePictures.Ranks(samples, "x"),
            SamplePictures.Density(samples, "x"), SamplePictures.Ranks(Of(2, [.. Enumerable.Repeat(double.NaN, 8)]), "x"),
                SamplePictures.Density(Of(2, [.. Enumerable.Repeat(double.NaN, 8)]), "x")])
        {
            Assert.DoesNotContain("NaN", XDocument.Parse(picture.ToSvg()).ToString(), StringComparison.Ordinal);
        }

        Assert.Contains("(2 draws that are not finite are left out)", SamplePictures.Ranks(samples, "x").Title, StringComparison.Ordinal);
        Assert.Contains("stand still", SamplePictures.Density(samples, "x").Title, StringComparison.Ordinal);
        Assert.Equal(["12 chains", .. Enumerable.Repeat("", 11)],
            SamplePictures.Trace(Of(12, new double[120]), "x").Curves.Select(curve => curve.Name));
        Assert.Throws<ArgumentException>(() => SamplePictures.Trace(samples, "y"));
    }

    [Fact]
    public void The_table_has_a_row_for_each_number()
    {
        string[] lines = SamplePictures.Summary("Draws", Numbered()).ToMarkdown().Split('\n');
        Assert.Equal("|  | mean | MCSE | sd | 5 % | median | 95 % | bulk ESS | tail ESS | R-hat |", lines[0]);
        Assert.StartsWith("| theta.2.1 | 64 | NaN |", lines[6], StringComparison.Ordinal);
    }

    /// <summary>Two chains of three draws, whose values say where they are: 100 chain + 10 draw + place.</summary>
    private static Samples<float> Numbered() => new(
        2, 3, [new("mu", []), new("theta", [2, 3]), new("tau", [1])],
        Enumerable.Range(0, 48).Select(i => (float)((i / 24 * 100) + (i / 8 % 3 * 10) + (i % 8))).ToArray(),
        new Dictionary<string, double[]>());

    private static Samples<double> Of(int chains, double[] values)
        => new(chains, values.Length / chains, [new("x", [])], values, new Dictionary<string, double[]>());

    private static double[] Normals(int count, ulong seed)
    {
        var random = new Xoshiro256(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextGaussian())];
    }

    private static int Paths(Picture picture, string kind) => XDocument.Parse(picture.ToSvg()).Descendants()
        .Count(element => element.Name.LocalName == "path"
            && ((string?)element.Attribute("class"))!.StartsWith(kind, StringComparison.Ordinal)
            && element.Attribute("d")!.Value.Length > 100);
}
