using System.Numerics.Tensors;
using OptDsl.Models;

namespace OptDsl.Experiments;

/// <summary>
/// A posterior whose moments others have published: its density on all of R^d, parameters with bounds transformed and the Jacobian of the
/// transformation with it, and the quantities that are reported of a position.
/// </summary>
/// <remarks>
/// The samplers here have one step size for all components. So the coordinates are shifted and scaled by constants, of the prior or of the
/// data, until every component's deviation is about 1; a constant factor adds nothing to a density known up to a constant.
/// </remarks>
internal abstract class ReferencePosterior : ITarget<double>
{
    /// <summary>The model's name in posteriordb.</summary>
    internal abstract string Model { get; }

    public abstract int Dimensions { get; }

    public bool IsThreadSafe => true;

    /// <summary>What is reported, in this order.</summary>
    internal abstract IReadOnlyList<SampledVariable> Reported { get; }

    /// <summary>The density's logarithm, up to a constant.</summary>
    /// <param name="position">Any numbers, <see cref="Dimensions"/> of them.</param>
    /// <param name="gradient">To be filled.</param>
    /// <returns>Negative infinity, and any gradient, where a scale is beyond the range of doubles.</returns>
    internal abstract double LogDensity(ReadOnlySpan<double> position, Span<double> gradient);

    /// <summary>The reported quantities of a position.</summary>
    internal abstract void Report(ReadOnlySpan<double> position, Span<double> quantities);

    public void Evaluate(in ChainBatch<double> batch)
    {
        for (int chain = 0; chain < batch.Count; chain++)
        {
            batch.Potentials[chain] = -LogDensity(batch.GetPosition(chain), batch.GetGradient(chain));
        }

        TensorPrimitives.Negate(batch.Gradients, batch.Gradients);
    }

    /// <summary>The reported quantities of draws of positions, with the sampler's statistics.</summary>
    internal Samples<double> Report(Samples<double> positions)
    {
        int size = Reported.Sum(variable => variable.Size);
        double[] values = new double[positions.Chains * positions.Draws * size];
        for (int i = 0; i < positions.Chains * positions.Draws; i++)
        {
            Report(positions.Values.Slice(i * Dimensions, Dimensions), values.AsSpan(i * size, size));
        }

        return new Samples<double>(positions.Chains, positions.Draws, Reported, values,
            positions.StatisticNames.ToDictionary(name => name, name => positions.GetStatistic(name).ToArray()));
    }
}
