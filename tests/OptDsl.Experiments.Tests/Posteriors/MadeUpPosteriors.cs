using System.Globalization;
using System.Text.Json;
using OptDsl.Testing;

namespace OptDsl.Experiments.Tests;

/// <summary>
/// Small data of no study, laid out as posteriordb lays out its own, with reference moments that no sampler has made: by quadrature over
/// the one parameter the others are normal given, and of the mixture by importance sampling.
/// </summary>
internal static class MadeUpPosteriors
{
    internal const string Schools = "eight_schools-eight_schools_noncentered", Scores = "kidiq-kidscore_momiq",
        Mixture = "low_dim_gauss_mix-low_dim_gauss_mix";

    internal static readonly double[] Effects = [21, -4, 9, 3, 14, -1, 6, 17], Errors = [12, 9, 15, 10, 11, 8, 13, 16];

    internal static readonly double[] Inputs = [.. Enumerable.Range(0, 40).Select(i => 80 + (i * 37 % 41))];

    internal static readonly double[] Outputs = [.. Inputs.Select((x, i) => 20 + (0.7 * x) + (6 * Math.Sin(9.1 * i)))];

    internal static readonly double[] Values = [.. Enumerable.Range(0, 60)
        .Select(i => i % 3 == 0 ? 2.5 + (1.1 * Math.Sin(4.7 * i)) : -2 + (1.3 * Math.Sin(2.9 * i)))];

    internal static string SchoolsJson => $$"""{"J":{{Effects.Length}},"y":{{List(Effects)}},"sigma":{{List(Errors)}}}""";

    internal static string ScoresJson
        => $$"""{"N":{{Inputs.Length}},"kid_score":{{List(Outputs)}},"mom_iq":{{List(Inputs)}},"mom_hs":[]}""";

    internal static string MixtureJson => $$"""{"N":{{Values.Length}},"y":{{List(Values)}}}""";

    private static readonly Lazy<Moments[]> OfMixture = new(MixtureMoments);

    /// <summary>The directory of <c>--data</c>.</summary>
    internal static string Write(Sandbox sandbox)
    {
        Write(sandbox, Schools, SchoolsJson, SchoolMoments());
        Write(sandbox, Scores, ScoresJson, ScoreMoments());
        Write(sandbox, Mixture, MixtureJson, OfMixture.Value);
        return sandbox.In("data");
    }

    internal static PosteriorData Data(string json)
    {
        using var sandbox = new Sandbox();
        return PosteriorData.Read(sandbox.Write("data.json", json), "a posterior's data");
    }

    internal static ReferencePosterior Make(string directory) => directory switch
    {
        Schools => new EightSchools(Data(SchoolsJson)),
        Scores => new KidScore(Data(ScoresJson)),
        _ => new GaussianMixture(Data(MixtureJson)),
    };

    private static string Json(IEnumerable<Moments> moments) => JsonSerializer.Serialize(new
    {
        parameters = moments.ToDictionary(row => row.Name, row => new Dictionary<string, double>
        {
            ["mean"] = row.Mean,
            ["sd"] = row.Deviation,
            ["mean_sq"] = row.MeanSquare,
            ["ess_mean"] = row.Size,
            ["mcse_mean"] = row.Deviation / Math.Sqrt(row.Size),
            ["mcse_mean_sq"] = row.SquareDeviation / Math.Sqrt(row.Size),
        }),
    });

    /// <summary>
    /// beta and sigma: given sigma the line is normal about that of least squares, and integrating it out leaves sigma^(2 - n) exp(-rss /
    /// (2 sigma^2)) times the prior.
    /// </summary>
    internal static Moments[] ScoreMoments()
    {
        int n = Inputs.Length;
        double meanX = Inputs.Average(), meanY = Outputs.Average(), squares = Inputs.Sum(x => (x - meanX) * (x - meanX));
        double slope = Inputs.Zip(Outputs, (x, y) => (x - meanX) * (y - meanY)).Sum() / squares, intercept = meanY - (slope * meanX);
        double rss = Inputs.Zip(Outputs, (x, y) => Math.Pow(y - intercept - (slope * x), 2)).Sum();
        double[] moments = Quadrature(Math.Log(1), Math.Log(20),
            u => (((2 - n) + 1) * u) - (rss / (2 * Math.Exp(2 * u))) - Math.Log(1 + (Math.Exp(2 * u) / 6.25)),
                u => [Math.Exp(u), Math.Exp(2 * u)]);
        return
        [
            Exact("beta[1]", intercept, (intercept * intercept) + (moments[1] * ((1.0 / n) + (meanX * meanX / squares)))),
            Exact("beta[2]", slope, (slope * slope) + (moments[1] / squares)),
            Exact("sigma", moments[0], moments[1]),
        ];
    }

    /// <summary>
    /// theta, mu and tau: given tau the effects are independent normals of variance sigma_j^2 + tau^2 about mu, and all is normal (Gelman
    /// et al., "Bayesian data analysis", section 5.4).
    /// </summary>
    private static Moments[] SchoolMoments()
    {
        (double Precision, double Mean, double Density) Given(double tau)
        {
            double precision = 1 / 25.0, weighted = 0, density = 0;
            for (int j = 0; j < Effects.Length; j++)
            {
                double variance = (Errors[j] * Errors[j]) + (tau * tau);
                precision += 1 / variance;
                weighted += Effects[j] / variance;
                density -= (Math.Log(variance) + (Effects[j] * Effects[j] / variance)) / 2;
            }

            return (precision, weighted / precision, density + (weighted * weighted / precision / 2) - (Math.Log(precision) / 2));
        }

        double[] moments = Quadrature(
            Math.Log(1e-6),
            Math.Log(1e4),
            u => Given(Math.Exp(u)).Density - Math.Log(1 + (Math.Exp(2 * u) / 25)) + u,
            u =>
            {
                double tau = Math.Exp(u);
                (double precision, double mean, _) = Given(tau);
                var values = new List<double>();
                for (int j = 0; j < Effects.Length; j++)
                {
                    double square = Errors[j] * Errors[j], share = tau * tau / (square + (tau * tau)),
                        centre = (share * Effects[j]) + ((1 - share) * mean);
                    values.AddRange([centre, (centre * centre) + (share * square) + ((1 - share) * (1 - share) / precision)]);
                }

                return [.. values, mean, (mean * mean) + (1 / precision), tau, tau * tau];
            });
        string[] names = [.. Effects.Select((_, j) => $"theta[{j + 1}]"), "mu", "tau"];
        return [.. names.Select((name, i) => Exact(name, moments[2 * i], moments[(2 * i) + 1]))];
    }

    /// <summary>
    /// Draws of a normal of twice the variance in the posterior's coordinates, weighted; its own test holds the density to another formula.
    /// </summary>
    private static Moments[] MixtureMoments()
    {
        const int Draws = 200_000;
        const double Spread = 1.4;
        ReferencePosterior posterior = Make(Mixture);
        var random = new Random(1);
        double[] gradient = new double[5], position = new double[5], logWeights = new double[Draws], quantities = new double[Draws * 5];
        for (int i = 0; i < Draws; i++)
        {
            double square = 0;
            for (int k = 0; k < 5; k++)
            {
                double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
                square += normal * normal;
                position[k] = Spread * normal;
            }

            logWeights[i] = posterior.LogDensity(position, gradient) + (square / 2);
            posterior.Report(position, quantities.AsSpan(5 * i, 5));
        }

        double highest = logWeights.Max();
        double[] weights = [.. logWeights.Select(weight => Math.Exp(weight - highest))];
        double sum = weights.Sum(), size = sum * sum / weights.Sum(weight => weight * weight);
        Assert.InRange(size, 20_000, Draws);
        double Mean(int k, int power) => Enumerable.Range(0, Draws).Sum(i => weights[i] * Math.Pow(quantities[(5 * i) + k], power)) / sum;
        string[] names = ["mu[1]", "mu[2]", "sigma[1]", "sigma[2]", "theta"];
        return [.. names.Select((name, k) =>
            new Moments(name, Mean(k, 1), Mean(k, 2), Math.Sqrt(Mean(k, 4) - Math.Pow(Mean(k, 2), 2)), size))];
    }

    /// <summary>Means under a density of one number by its logarithm, trapezia between two numbers beyond which there is nothing.</summary>
    private static double[] Quadrature(double low, double high, Func<double, double> logDensity, Func<double, double[]> values)
    {
        const int Points = 4000;
        double[] places = [.. Enumerable.Range(0, Points + 1).Select(i => low + ((high - low) * i / Points))],
            logarithms = [.. places.Select(logDensity)];
        double highest = logarithms.Max();
        double[] weights = [.. logarithms.Select(value => Math.Exp(value - highest))];
        Assert.InRange(Math.Max(weights[0], weights[^1]), 0, 1e-5);
        double[][] all = [.. places.Select(values)];
        return [.. Enumerable.Range(0, all[0].Length)
            .Select(k => all.Zip(weights, (row, weight) => row[k] * weight).Sum() / weights.Sum())];
    }

    private static Moments Exact(string name, double mean, double meanSquare) => new(name, mean, meanSquare, meanSquare, 1e12);

    private static void Write(Sandbox sandbox, string directory, string data, Moments[] moments)
    {
        Directory.CreateDirectory(sandbox.In(Path.Combine("data", directory)));
        sandbox.Write(Path.Combine("data", directory, "data.json"), data);
        sandbox.Write(Path.Combine("data", directory, "moments.json"), Json(moments));
    }

    private static string List(double[] numbers)
        => $"[{string.Join(",", numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture)))}]";

    internal sealed record Moments(string Name, double Mean, double MeanSquare, double SquareDeviation, double Size)
    {
        internal double Deviation => Math.Sqrt(MeanSquare - (Mean * Mean));
    }
}
