using System.Globalization;
using System.Numerics;
using OptDsl.Models;

namespace OptDsl.Experiments;

/// <summary>Pictures of one number's draws, chain by chain, and the table of all numbers.</summary>
internal static class SamplePictures
{
    /// <summary>Points of a trace, about two a pixel: of more draws the extremes of neighbours are drawn.</summary>
    private const int TracePoints = 1100;

    private const int RankBins = 20, DrawsPerBin = 5, DensityPoints = 240, Named = 6;

    /// <summary>Every draw of each chain, in time: chains that mix lie on one another.</summary>
    /// <exception cref="ArgumentException">There is no such component.</exception>
    internal static Picture Trace<T>(Samples<T> samples, string component)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Curve[] curves = [.. Chains(samples, component)
            .Select((draws, chain) => new Curve(Name(samples, chain), Thinned(draws), CurveKind.Trace))];
        return new Picture(FileName(component, "trace"), $"Trace of {component}", "draw", component, curves);
    }

    /// <summary>
    /// A histogram a chain of the ranks of its draws among all (Vehtari et al. 2021, section 5.3): flat where chains agree. Each is as
    /// high as the dashed line where its ranks are spread evenly.
    /// </summary>
    /// <inheritdoc cref="Trace"/>
    internal static Picture Ranks<T>(Samples<T> samples, string component)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const double Below = 0.42, Room = 0.84;
        double[][] chains = Finite(Chains(samples, component), out string leftOut);
        double[] all = [.. chains.SelectMany(draws => draws).Order()];
        int bins = Math.Clamp(samples.Draws / DrawsPerBin, 1, RankBins);
        int[][] counts = [.. chains.Select(draws =>
            Histogram(draws.Select(draw => (int)((Rank(all, draw) - 0.5) * bins / all.Length)), bins))];
        int highest = Math.Max(1, counts.Max(count => count.Max()));
        var areas = counts.Select((count, chain) =>
            new Curve("", [.. Outline(count, all.Length, chain + 1 - Below, Room / highest)], CurveKind.Area));
        var even = chains.Select((draws, chain) =>
            (Name: chain == 0 ? "evenly spread" : "", Y: chain + 1 - Below + draws.Length * Room / highest / bins))
            .Select(line => new Curve(line.Name, [(0, line.Y), (all.Length, line.Y)], CurveKind.Theory));
        return new Picture(FileName(component, "ranks"), $"Ranks of {component} by chain{leftOut}", "rank among the draws of all chains",
            "chain", [.. areas, .. even])
        {
            YRange = (0.5, chains.Length + 0.5),
            YTickDistance = 1,
        };
    }

    /// <summary>
    /// An estimate of the density from each chain, with a Gaussian kernel and Silverman's bandwidth ("Density estimation", 1986, equation
    /// 3.31).
    /// </summary>
    /// <inheritdoc cref="Trace"/>
    internal static Picture Density<T>(Samples<T> samples, string component)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][] chains = Finite(Chains(samples, component), out string leftOut);
        Curve[] curves = [.. chains.Select((draws, chain) => new Curve(Name(samples, chain), Smoothed(draws), CurveKind.Line))];
        string still = curves.Any(curve => curve.Points.Count == 0) ? "; chains that stand still are left out" : "";
        return new Picture(FileName(component, "density"), $"Density of {component}{leftOut}{still}", component, "density", curves)
        {
            YRange = (0, 1.06 * curves.SelectMany(curve => curve.Points).Select(point => point.Y).DefaultIfEmpty(1).Max()),
        };
    }

    /// <summary>What the draws say of each number.</summary>
    internal static DataTable Summary<T>(string title, Samples<T> samples)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var table = new DataTable("summary", title, "", "mean", "MCSE", "sd", "5 %", "median", "95 %", "bulk ESS", "tail ESS", "R-hat");
        foreach (ComponentSummary row in samples.Summarize())
        {
            table.Row(row.Name, row.Mean, row.MeanError, row.StandardDeviation, row.Q05, row.Median, row.Q95, Fixed(row.BulkEss, "0"),
                Fixed(row.TailEss, "0"), Fixed(row.RHat, "0.000"));
        }

        return table;

        static string Fixed(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
    }

    private static double[][] Chains<T>(Samples<T> samples, string component)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => [.. samples.GetComponent(component).Chunk(samples.Draws)];

    /// <summary>Of a few chains each has a name; of many, whose colours repeat, the first says how many there are.</summary>
    private static string Name<T>(Samples<T> samples, int chain)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => samples.Chains <= Named ? $"chain {chain + 1}" : chain == 0 ? $"{samples.Chains} chains" : "";

    private static string FileName(string component, string kind) => $"{component.Replace('.', '-')}-{kind}";

    private static double[][] Finite(double[][] chains, out string leftOut)
    {
        double[][] finite = [.. chains.Select(draws => draws.Where(double.IsFinite).ToArray())];
        int missing = chains.Sum(draws => draws.Length) - finite.Sum(draws => draws.Length);
        leftOut = missing == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({missing} draws that are not finite are left out)");
        return finite;
    }

    private static (double X, double Y)[] Thinned(double[] draws)
    {
        if (draws.Length <= TracePoints)
        {
            return [.. draws.Select((value, i) => (i + 1.0, value))];
        }

        var points = new List<(double X, double Y)>();
        const int Columns = TracePoints / 2;
        for (int column = 0; column < Columns; column++)
        {
            int begin = (int)((long)column * draws.Length / Columns), end = (int)((long)(column + 1) * draws.Length / Columns);
            IEnumerable<int> places = Enumerable.Range(begin, end - begin);
            int low = places.MinBy(i => draws[i]), high = places.MaxBy(i => draws[i]);
            points.AddRange(
                [(Math.Min(low, high) + 1.0, draws[Math.Min(low, high)]), (Math.Max(low, high) + 1.0, draws[Math.Max(low, high)])]);
        }

        return [.. points];
    }

    /// <summary>From 1; equal draws share the mean of theirs.</summary>
    private static double Rank(double[] sorted, double draw) => (First(sorted, draw) + First(sorted, Math.BitIncrement(draw)) + 1) / 2.0;

    /// <summary>How many draws are below a value.</summary>
    private static int First(double[] sorted, double value)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = sorted[middle] < value ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static int[] Histogram(IEnumerable<int> places, int bins)
    {
        int[] counts = new int[bins];
        foreach (int place in places)
        {
            counts[place]++;
        }

        return counts;
    }

    private static IEnumerable<(double X, double Y)> Outline(int[] counts, double width, double ground, double scale)
    {
        yield return (0, ground);
        for (int bin = 0; bin < counts.Length; bin++)
        {
            double height = ground + counts[bin] * scale;
            yield return (bin * width / counts.Length, height);
            yield return ((bin + 1) * width / counts.Length, height);
        }

        yield return (width, ground);
        yield return (0, ground);
    }

    /// <summary>No points where all draws are the same: no kernel has a width then.</summary>
    private static (double X, double Y)[] Smoothed(double[] draws)
    {
        const double Reach = 3;
        double[] sorted = [.. draws.Order()];
        if (sorted.Length < 2 || sorted[0] == sorted[^1])
        {
            return [];
        }

        double mean = draws.Average(), deviation = Math.Sqrt(draws.Sum(draw => (draw - mean) * (draw - mean)) / (draws.Length - 1));
        double quartiles = (sorted[sorted.Length * 3 / 4] - sorted[sorted.Length / 4]) / 1.34;
        double width = 0.9 * (quartiles > 0 ? Math.Min(deviation, quartiles) : deviation) * Math.Pow(draws.Length, -0.2);
        double left = sorted[0] - Reach * width, right = sorted[^1] + Reach * width;

        // Draws past 8 widths add nothing, so that only those near a point are looked at.
        const double Far = 8;
        return [.. Enumerable.Range(0, DensityPoints + 1).Select(i =>
        {
            double x = left + (right - left) * i / DensityPoints, sum = 0;
            for (int place = First(sorted, x - Far * width); place < sorted.Length && sorted[place] <= x + Far * width; place++)
            {
                double distance = (sorted[place] - x) / width;
                sum += Math.Exp(-distance * distance / 2);
            }

            return (x, sum / (draws.Length * width * Math.Sqrt(2 * Math.PI)));
        })];
    }
}
