using System.Numerics.Tensors;
using OptDsl.Checkpoints;

namespace OptDsl.Models;

/// <summary>
/// Log weights of levels that make all of them equally likely, learnt while the chains run: self-adjusted mixture sampling (Tan, "Optimally
/// adjusted mixture sampling and locally weighted histogram analysis", Journal of Computational and Graphical Statistics 26, 2017), by the
/// probabilities of all levels given a position, averaged over the chains.
/// </summary>
/// <remarks>
/// A log weight falls by the gain times its level's probability over what it should be. As in the paper the gain is t^-.8, at most a
/// level's due probability, and in the second half of the warm-up's steps it falls as 1 / t. Unlike there, t is counted from where some
/// chain has been through all levels and back: until then the gain is the largest, so that weights any distance away are reached.
/// <para>The weights are those of potentials less a reference, the least that any chain has had until then: so a constant added to U, or
/// chains that begin far up, are not something that has to be learnt, a step of the gain at a time. <see cref="Stated"/> gives those of U
/// itself.</para>
/// </remarks>
internal sealed class TemperingWeights
{
    private const double Decay = 0.8;

    private readonly double[] inverseTemperatures, logWeights, probabilities, sums;

    private readonly RoundTrips trips;
    private readonly int half;

    // Since a chain's first round trip.
    private int steps;

    internal TemperingWeights(double[] inverseTemperatures, double[] logWeights, SamplerOptions options)
    {
        (this.inverseTemperatures, this.logWeights, half) = (inverseTemperatures, logWeights, options.WarmUp / 2);
        (probabilities, sums) = (new double[logWeights.Length], new double[logWeights.Length]);
        trips = new RoundTrips(options.Chains);
    }

    /// <summary>What potentials are less: finite once <see cref="Refer"/> was called.</summary>
    internal double Reference { get; private set; } = double.PositiveInfinity;

    /// <summary>Lets potentials that are below the reference become it, until a chain has made its first round trip.</summary>
    internal void Refer(ReadOnlySpan<double> potentials)
    {
        if (!trips.Any)
        {
            Reference = Math.Min(Reference, TensorPrimitives.Min(potentials));
        }
    }

    /// <summary>The log weights for U itself, relative to the last level's.</summary>
    internal double[] Stated()
        => [.. logWeights.Zip(inverseTemperatures,
            (weight, inverse) => weight + (double.IsFinite(Reference) ? (inverse - 1) * Reference : 0))];

    /// <summary>Learns from where all chains are, in their order.</summary>
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

    /// <summary>A potential less a reference; of finite numbers the difference may overflow.</summary>
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
