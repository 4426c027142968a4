using OptDsl.Models;

namespace OptDsl.Experiments;

/// <summary>
/// Effects of one treatment at J schools (Rubin 1981), not centred: y_j ~ N(mu + tau z_j, sigma_j), z_j ~ N(0, 1), mu ~ N(0, 5) and
/// tau ~ half-Cauchy(0, 5); theta_j = mu + tau z_j is reported, then mu and tau.
/// </summary>
/// <remarks>The position is z, mu / 5 and log(tau / 5), by the priors' scales.</remarks>
internal sealed class EightSchools : ReferencePosterior
{
    private const double PriorScale = 5;

    private readonly double[] effects, deviations;

    /// <param name="data">J, y and sigma.</param>
    /// <exception cref="InputException">They are no effects with their standard errors.</exception>
    internal EightSchools(PosteriorData data)
    {
        int schools = data.Count("J", least: 1);
        (effects, deviations) = (data.Numbers("y", schools), data.Numbers("sigma", schools));
        int wrong = Array.FindIndex(deviations, deviation => deviation <= 0);
        if (wrong >= 0)
        {
            throw data.Wrong($"sigma[{wrong + 1}] is {PosteriorData.Text(deviations[wrong])}; a standard error is above 0");
        }
    }

    internal override string Model => "eight_schools_noncentered";

    public override int Dimensions => effects.Length + 2;

    internal override IReadOnlyList<SampledVariable> Reported => [new("theta", [effects.Length]), new("mu", []), new("tau", [])];

    internal override double LogDensity(ReadOnlySpan<double> position, Span<double> gradient)
    {
        ReadOnlySpan<double> z = position[..effects.Length];
        (double mu, double tau) = (Mean(position), Deviation(position));
        double scaled = position[^2], square = tau / PriorScale * (tau / PriorScale);

        // The Jacobian is tau, and its logarithm the position up to a constant.
        double density = position[^1] - Math.Log(1 + square) - (scaled * scaled / 2);
        double byMean = 0, byDeviation = 0;
        for (int j = 0; j < z.Length; j++)
        {
            double residual = (effects[j] - mu - (tau * z[j])) / deviations[j], slope = residual / deviations[j];
            density -= ((residual * residual) + (z[j] * z[j])) / 2;
            gradient[j] = (tau * slope) - z[j];
            byMean += slope;
            byDeviation += slope * tau * z[j];
        }

        gradient[^2] = (PriorScale * byMean) - scaled;
        gradient[^1] = byDeviation + 1 - (2 * square / (1 + square));
        return double.IsFinite(density) ? density : double.NegativeInfinity;
    }

    internal override void Report(ReadOnlySpan<double> position, Span<double> quantities)
    {
        (quantities[^2], quantities[^1]) = (Mean(position), Deviation(position));
        for (int j = 0; j < effects.Length; j++)
        {
            quantities[j] = quantities[^2] + (quantities[^1] * position[j]);
        }
    }

    private static double Mean(ReadOnlySpan<double> position) => PriorScale * position[^2];

    private static double Deviation(ReadOnlySpan<double> position) => PriorScale * Math.Exp(position[^1]);
}
