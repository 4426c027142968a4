using OptDsl.Models;

namespace OptDsl.Experiments;

/// <summary>
/// A mixture of two normals: y_i ~ theta N(mu_1, sigma_1) + (1 - theta) N(mu_2, sigma_2), mu ~ N(0, 2) with mu_1 below mu_2, sigma ~
/// half-N(0, 2), theta ~ Beta(5, 5); mu, sigma and theta are reported.
/// </summary>
/// <remarks>
/// The data below and above their mean, n_1 and n_2 of them with means m and deviations s, are the two components but for a few. The
/// position has mu_1 - m_1 in units of s_1 / sqrt n_1. Next is log((mu_2 - mu_1) / (m_2 - m_1)) in units of its deviation to first order.
/// Next are log(sigma_k / s_k) in units of 1 / sqrt(2 n_k). The last is the logit of theta, less that of n_1 / n, in units of
/// sqrt(n / (n_1 n_2)).
/// </remarks>
internal sealed class GaussianMixture : ReferencePosterior
{
    private const double PriorVariance = 4, PriorCount = 5;

    private readonly double[] data;
    private readonly double low, gap, firstDeviation, secondDeviation, odds;
    private readonly double lowUnit, gapUnit, firstUnit, secondUnit, oddsUnit;

    /// <param name="data">N and y.</param>
    /// <exception cref="InputException">They are no numbers that fall into two groups.</exception>
    internal GaussianMixture(PosteriorData data)
    {
        int count = data.Count("N", least: 4);
        this.data = data.Numbers("y", count);
        double mean = this.data.Average();
        double[] below = [.. this.data.Where(y => y < mean)], above = [.. this.data.Where(y => !(y < mean))];
        (low, firstDeviation) = Moments(data, below, "below");
        (double high, secondDeviation) = Moments(data, above, "above");
        gap = high - low;
        odds = Math.Log((double)below.Length / above.Length);
        lowUnit = firstDeviation / Math.Sqrt(below.Length);
        gapUnit = Math.Sqrt((firstDeviation * firstDeviation / below.Length) + (secondDeviation * secondDeviation / above.Length)) / gap;
        firstUnit = 1 / Math.Sqrt(2.0 * below.Length);
        secondUnit = 1 / Math.Sqrt(2.0 * above.Length);
        oddsUnit = Math.Sqrt((double)count / below.Length / above.Length);
    }

    internal override string Model => "low_dim_gauss_mix";

    public override int Dimensions => 5;

    internal override IReadOnlyList<SampledVariable> Reported { get; } = [new("mu", [2]), new("sigma", [2]), new("theta", [])];

    internal override double LogDensity(ReadOnlySpan<double> position, Span<double> gradient)
    {
        Parameters at = Constrained(position);
        (double logFirst, double logSecond) = (-LogOnePlusExp(-at.Odds), -LogOnePlusExp(at.Odds));
        double theta = Math.Exp(logFirst), toFirst = logFirst - Math.Log(at.FirstDeviation),
            toSecond = logSecond - Math.Log(at.SecondDeviation);
        double density = 0, share = 0, first = 0, second = 0, firstSquares = 0, secondSquares = 0;
        foreach (double y in data)
        {
            double left = (y - at.Low) / at.FirstDeviation, right = (y - at.High) / at.SecondDeviation;
            double logLeft = toFirst - (left * left / 2), logRight = toSecond - (right * right / 2);

            // The larger of the two is taken out, so that a point far from both still has a likelihood.
            double smaller = Math.Exp(-Math.Abs(logLeft - logRight)), larger = 1 / (1 + smaller);
            density += Math.Max(logLeft, logRight) - Math.Log(larger);
            double responsibility = logLeft > logRight ? larger : 1 - larger, rest = logLeft > logRight ? 1 - larger : larger;
            share += responsibility;
            first += responsibility * left;
            second += rest * right;
            firstSquares += responsibility * left * left;
            secondSquares += rest * right * right;
        }

        // The logarithms after the priors are the Jacobian: of the gap, of both deviations, and of theta (1 - theta), once more than
        // Beta(5, 5) has it.
        density -= ((at.Low * at.Low) + (at.High * at.High) + (at.FirstDeviation * at.FirstDeviation)
            + (at.SecondDeviation * at.SecondDeviation)) / (2 * PriorVariance);
        density += Math.Log(at.High - at.Low) + Math.Log(at.FirstDeviation) + Math.Log(at.SecondDeviation)
            + (PriorCount * (logFirst + logSecond));
        double byLow = (first / at.FirstDeviation) - (at.Low / PriorVariance),
            byHigh = (second / at.SecondDeviation) - (at.High / PriorVariance);
        gradient[0] = lowUnit * (byLow + byHigh);
        gradient[1] = gapUnit * ((byHigh * (at.High - at.Low)) + 1);
        gradient[2] = firstUnit * (firstSquares - share - (at.FirstDeviation * at.FirstDeviation / PriorVariance) + 1);
        gradient[3] = secondUnit * (secondSquares - (data.Length - share) - (at.SecondDeviation * at.SecondDeviation / PriorVariance) + 1);
        gradient[4] = oddsUnit * (share - (data.Length * theta) + PriorCount - (2 * PriorCount * theta));
        return double.IsFinite(density) ? density : double.NegativeInfinity;
    }

    internal override void Report(ReadOnlySpan<double> position, Span<double> quantities)
    {
        Parameters at = Constrained(position);
        (quantities[0], quantities[1], quantities[2], quantities[3]) = (at.Low, at.High, at.FirstDeviation, at.SecondDeviation);
        quantities[4] = Math.Exp(-LogOnePlusExp(-at.Odds));
    }

    private Parameters Constrained(ReadOnlySpan<double> position)
    {
        double first = low + (lowUnit * position[0]);
        return new Parameters(
            first,
            first + (gap * Math.Exp(gapUnit * position[1])),
            firstDeviation * Math.Exp(firstUnit * position[2]),
            secondDeviation * Math.Exp(secondUnit * position[3]),
            odds + (oddsUnit * position[4]));
    }

    private static double LogOnePlusExp(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));

    private static (double Mean, double Deviation) Moments(PosteriorData data, double[] group, string where)
    {
        double mean = group.Length == 0 ? double.NaN : group.Average(), deviation = group.Length == 0 ? double.NaN
            : Math.Sqrt(group.Average(y => (y - mean) * (y - mean)));
        return double.IsFinite(deviation) && deviation > 0
            ? (mean, deviation)
            : throw data.Wrong(
                $"y has {group.Length} numbers {where} its mean, with the standard deviation {PosteriorData.Text(deviation)}; a component needs at least two different numbers");
    }

    private readonly record struct Parameters(double Low, double High, double FirstDeviation, double SecondDeviation, double Odds);
}
