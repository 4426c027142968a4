using OptDsl.Models;

namespace OptDsl.Experiments;

/// <summary>What the sampling experiments share: quadratic targets, runs of a rule, histograms.</summary>
internal static class Sampled
{
    /// <summary>The potential sum of k_i x_i^2 / 2.</summary>
    internal static ITarget<double> Quadratic(params double[] curvatures) => new QuadraticTarget(curvatures);

    /// <summary>A run from zero, or from where it is told, that nothing corrects.</summary>
    internal static Samples<double> Run<TRule>(
        Trial trial, ITarget<double> target, TRule rule, int chains, int warmUp, int draws, int thinning,
            Action<UnadjustedSampler<double, TRule>>? prepare = null, ChainStart<double>? start = null,
                Func<TRule, int, TRule>? schedule = null)
        where TRule : class, IUpdateRule<double>
    {
        var options = new SamplerOptions { Chains = chains, WarmUp = warmUp, Draws = draws, Thinning = thinning, Seed = trial.Seed };
        using var sampler = new UnadjustedSampler<double, TRule>(target, rule, options,
            start ?? (static (chain, position) => position.Clear()), schedule);
        prepare?.Invoke(sampler);
        SamplingResult<double> result = sampler.Run(cancellation: trial.Cancellation);
        trial.Cancellation.ThrowIfCancellationRequested();
        return result.Samples!;
    }

    /// <summary>The same numbers for every chain, in an input that is laid out chain after chain.</summary>
    internal static void Repeat(Span<double> input, params ReadOnlySpan<double> values)
    {
        for (int i = 0; i < input.Length; i++)
        {
            input[i] = values[i % values.Length];
        }
    }

    internal static double MeanSquare(Samples<double> samples, int component) => samples.GetComponent(component).Average(x => x * x);

    /// <summary>The shares of the draws by bin, over the bins' width.</summary>
    internal static (double X, double Y)[] Histogram(double[] draws, double low, double high, int bins)
    {
        double width = (high - low) / bins;
        var counts = new int[bins];
        foreach (double draw in draws)
        {
            int bin = (int)Math.Floor((draw - low) / width);
            if (bin >= 0 && bin < bins)
            {
                counts[bin]++;
            }
        }

        return [.. counts.Select((count, bin) => (low + ((bin + 0.5) * width), count / (draws.Length * width)))];
    }

    /// <summary>A density from its negative logarithm, normalised over a range far beyond which there is nothing.</summary>
    internal static Func<double, double> Normalised(Func<double, double> potential, double low, double high)
    {
        const int Points = 4000;
        double width = (high - low) / Points,
            mass = Enumerable.Range(0, Points).Sum(i => Math.Exp(-potential(low + ((i + 0.5) * width)))) * width;
        return x => Math.Exp(-potential(x)) / mass;
    }

    /// <summary>
    /// Half the integral of the difference, the density taken in the middle of each bin; what lies beyond the bins counts in full.
    /// </summary>
    internal static double TotalVariation((double X, double Y)[] histogram, Func<double, double> density)
    {
        double width = histogram[1].X - histogram[0].X;
        double within = histogram.Sum(bin => Math.Abs(bin.Y - density(bin.X))) * width, beyond = 1 - (histogram.Sum(bin => bin.Y) * width);
        return (within + beyond) / 2;
    }

    /// <summary>All chains at once: with few dimensions, most of the time would go into one call per chain.</summary>
    private sealed class QuadraticTarget(double[] curvatures) : ITarget<double>
    {
        public int Dimensions => curvatures.Length;

        public bool IsThreadSafe => true;

        public void Evaluate(in ChainBatch<double> batch)
        {
            ReadOnlySpan<double> positions = batch.Positions;
            Span<double> gradients = batch.Gradients;
            for (int chain = 0, at = 0; chain < batch.Count; chain++)
            {
                double potential = 0;
                foreach (double curvature in curvatures)
                {
                    gradients[at] = curvature * positions[at];
                    potential += gradients[at] * positions[at] / 2;
                    at++;
                }

                batch.Potentials[chain] = potential;
            }
        }
    }
}
