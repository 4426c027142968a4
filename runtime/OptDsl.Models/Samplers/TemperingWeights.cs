using System.Numerics.Tensors;
using OptDsl.Checkpoints;

namespace OptDsl.Models;

/// <summary>
/// Learns log weights that make all levels equally likely while the chains run, by self-adjusted mixture sampling (Tan, "Optimally adjusted
/// mixture sampling and locally weighted histogram analysis", Journal of Computational and Graphical Statistics 26, 2017). It uses the
/// probabilities of all levels given a position, averaged over the chains.
/// </summary>
/// <remarks>
/// A log weight falls by the gain times the ratio of its level's probability to the intended one. As in the paper, the gain is t^-0.8, but
/// at most the intended probability of a level. After half as many steps as the warm-up has, it falls like 1 / t. Unlike in the paper, t
/// counts from the first round trip of a chain through all levels and back. Until then the gain is the largest one, so that distant weights
/// are reached.
/// <para>
/// The weights refer to potentials minus a reference, which is the smallest potential of any chain before the first round trip. So a
/// constant in U, or chains that begin at a high potential, need not be learned in steps of the gain. <see cref="Stated"/> returns the
/// weights that refer to U itself.
/// </para>
/// </remarks>
internal sealed class TemperingWeights
{
    private const double Decay = 0.8;

    private readonly double[] inverseTemperatures, logWeights, probabilities, sums;

    private readonly RoundTrips trips;
    private readonly int half;

    // The number of steps since the first round trip of a chain.
    private int steps;

    internal TemperingWeights(double[] inverseTemperatures, double[] logWeights, SamplerOptions options)
    {
        (this.inverseTemperatures, this.logWeights, half) = (inverseTemperatures, logWeights, options.WarmUp / 2);
        (probabilities, sums) = (new double[logWeights.Length], new double[logWeights.Length]);
        trips = new RoundTrips(options.Chains);
    }

    /// <summary>The potential subtracted from all others; finite once <see cref="Refer"/> was called.</summary>
    internal double Reference { get; private set; } = double.PositiveInfinity;

    /// <summary>Lowers the reference to the smallest of the given potentials, until a chain has made its first round trip.</summary>
    internal void Refer(ReadOnlySpan<double> potentials)
    {
        if (!trips.Any)
        {
            Reference = Math.Min(Reference, TensorPrimitives.Min(potentials));
        }
    }

    /// <summary>The log weights for U itself, relative to that of the last level.</summary>
    internal double[] Stated()
        => [.. logWeights.Zip(inverseTemperatures,
            (weight, inverse) => weight + (double.IsFinite(Reference) ? (inverse - 1) * Reference : 0))];

    /// <summary>Updates the weights from the potentials and levels of all chains, in their order.</summary>
    internal void Learn(ReadOnlySpan<double> potentials, ReadOnlySpan<int> levels)
    {
        Array.Clear(sums);
        for (int chain = 0; chain < potentials.Length; chain++)
        {
            trips.Visit(chain, levels[chain], logWeights.Length - 1);
            AddProbabilities(Relative(potentials[chain], Reference));
        }

        double gain = Gain();
        for (int level = 0; level < logWeights.Length; level++)
        {
            logWeights[level] -= gain * logWeights.Length * sums[level] / potentials.Length;
        }

        double last = logWeights[^1];
        for (int level = 0; level < logWeights.Length; level++)
        {
            logWeights[level] -= last;
        }
    }

    /// <summary>A potential minus a reference, limited to finite numbers, because the difference may overflow.</summary>
    internal static double Relative(double potential, double reference)
        => Math.Clamp(potential - reference, -double.MaxValue, double.MaxValue);

    internal void AddTo(CheckpointCompanion companion)
    {
        companion.Add("sampler/log_weights", logWeights, logWeights.Length);
        companion.Add("sampler/weight_steps", [steps], read => steps = (int)read[0], int.MaxValue);
        companion.Add("sampler/reference_potential", [Reference], read => Reference = read[0]);
        trips.AddTo(companion, "warm_up_");
    }

    private double Gain()
    {
        double most = 1.0 / logWeights.Length;
        if (!trips.Any)
        {
            return most;
        }

        double step = ++steps;
        return Math.Min(most, step <= half ? Math.Pow(step, -Decay) : 1 / (step - half + Math.Pow(half, Decay)));
    }

    private void AddProbabilities(double potential)
    {
        double largest = double.NegativeInfinity, sum = 0;
        for (int level = 0; level < probabilities.Length; level++)
        {
            probabilities[level] = logWeights[level] - (inverseTemperatures[level] * potential);
            largest = Math.Max(largest, probabilities[level]);
        }

        for (int level = 0; level < probabilities.Length; level++)
        {
            sum += probabilities[level] = Math.Exp(probabilities[level] - largest);
        }

        for (int level = 0; level < probabilities.Length; level++)
        {
            sums[level] += probabilities[level] / sum;
        }
    }
}
