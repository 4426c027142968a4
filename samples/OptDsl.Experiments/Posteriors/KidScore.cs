using OptDsl.Models;

namespace OptDsl.Experiments;

/// <summary>
/// A regression line (Gelman and Hill 2007, chapter 3): kid_score_i ~ N(beta_1 + beta_2 mom_iq_i, sigma), flat in beta, sigma ~
/// half-Cauchy(0, 2.5); beta and sigma are reported.
/// </summary>
/// <remarks>
/// beta_1 and beta_2 have a correlation of -.99 and deviations that differ by a hundred, because no score is near 0. The line's height at
/// the mean score a and its slope per deviation of the scores c are independent given sigma, both of deviation sigma / sqrt N. The position
/// is their distance from the least squares line in units of s / sqrt N, and log(sigma / s) in units of 1 / sqrt(2 N), with s the
/// residuals' deviation. Residuals are orthogonal to the line, so that the data matter through N and the sum of their squares only.
/// </remarks>
internal sealed class KidScore : ReferencePosterior
{
    private const double PriorScale = 2.5;

    private readonly int count;
    private readonly double mean, spread, height, slope, deviation;

    /// <param name="data">N, kid_score and mom_iq.</param>
    /// <exception cref="InputException">They are no points of which a line and its deviation can be told.</exception>
    internal KidScore(PosteriorData data)
    {
        count = data.Count("N", least: 3);
        double[] outputs = data.Numbers("kid_score", count), inputs = data.Numbers("mom_iq", count);
        mean = inputs.Average();
        height = outputs.Average();
        spread = Math.Sqrt(inputs.Average(x => (x - mean) * (x - mean)));
        if (!double.IsFinite(spread) || spread == 0)
        {
            throw data.Wrong($"mom_iq has the standard deviation {PosteriorData.Text(spread)}; a slope needs a finite one above 0");
        }

        slope = inputs.Zip(outputs, (x, y) => (x - mean) / spread * (y - height)).Average();
        deviation = Math.Sqrt(inputs.Zip(outputs, (x, y) => Math.Pow(y - height - (slope * (x - mean) / spread), 2)).Average());
        if (!double.IsFinite(deviation) || deviation == 0)
        {
            throw data.Wrong(
                $"kid_score has the standard deviation {PosteriorData.Text(deviation)} about its regression line; the posterior needs a finite one above 0");
        }
    }

    internal override string Model => "kidscore_momiq";

    public override int Dimensions => 3;

    internal override IReadOnlyList<SampledVariable> Reported { get; } = [new("beta", [2]), new("sigma", [])];

    internal override double LogDensity(ReadOnlySpan<double> position, Span<double> gradient)
    {
        // In units of s: sigma, and the sum of squares about the line, N (1 + (p^2 + q^2) / N).
        double sigma = Math.Exp(position[2] / Math.Sqrt(2.0 * count)), precision = 1 / (sigma * sigma);
        double squares = count + (position[0] * position[0]) + (position[1] * position[1]);
        double prior = deviation * sigma / PriorScale;
        prior *= prior;
        gradient[0] = -position[0] * precision;
        gradient[1] = -position[1] * precision;
        gradient[2] = (1 - count + (squares * precision) - (2 * prior / (1 + prior))) / Math.Sqrt(2.0 * count);

        // log sigma once more, as the Jacobian.
        double density = ((1 - count) * Math.Log(sigma)) - (squares * precision / 2) - Math.Log(1 + prior);
        return double.IsFinite(density) ? density : double.NegativeInfinity;
    }

    internal override void Report(ReadOnlySpan<double> position, Span<double> quantities)
    {
        double unit = deviation / Math.Sqrt(count);
        quantities[1] = (slope + (unit * position[1])) / spread;
        quantities[0] = height + (unit * position[0]) - (quantities[1] * mean);
        quantities[2] = deviation * Math.Exp(position[2] / Math.Sqrt(2.0 * count));
    }
}
