using System.Numerics;

namespace OptDsl.Models;

/// <summary>
/// What a sampler samples: a density exp(-U) of a vector, by its potential U = -log density + constant and U's gradient.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <remarks>
/// Chains do not depend on each other: what a target computes of a chain must not depend on which others are in the batch, so that the
/// draws are the same for any number of threads and any division of the chains.
/// </remarks>
public interface ITarget<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Components of a position; at least 1.</summary>
    int Dimensions { get; }

    /// <summary>What the components are called: variables whose elements are the components, one variable after another.</summary>
    IReadOnlyList<SampledVariable> Variables => [new SampledVariable("x", [Dimensions])];

    /// <summary>Whether several threads may evaluate different chains at a time.</summary>
    bool IsThreadSafe { get; }

    /// <summary>
    /// Whether the gradient is an estimate, of a batch of examples for instance: then no sampler that accepts or swaps by U can use it.
    /// </summary>
    bool IsStochastic => false;

    /// <summary>Sets U and its gradient for every chain of the batch, whatever was there before.</summary>
    /// <param name="batch">
    /// The chains. U is a finite number and its gradient finite; outside of the density's support U is positive infinity, and the gradient
    /// anything. A potential of NaN or negative infinity is a mistake: samplers that accept or refuse do not go there and count it
    /// (<see cref="MetropolisLangevin{T}.InvalidProposals"/>), all others end the run (<see cref="SamplingException"/>).
    /// </param>
    void Evaluate(in ChainBatch<T> batch);
}

/// <summary>A target that knows the diagonal of U's Hessian, for rules with an input <c>curvature</c>.</summary>
/// <typeparam name="T">The element, float or double.</typeparam>
public interface ICurvatureTarget<T> : ITarget<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Sets the diagonal of U's Hessian at every chain's position.</summary>
    /// <param name="batch">The chains; its gradients are not to be written.</param>
    /// <param name="diagonals">Of all chains, chain after chain.</param>
    void ComputeCurvature(in ChainBatch<T> batch, Span<T> diagonals);
}

/// <summary>Neighbouring chains to evaluate, each a row of <see cref="Dimensions"/> components.</summary>
/// <typeparam name="T">The element, float or double.</typeparam>
public readonly ref struct ChainBatch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A batch.</summary>
    /// <param name="positions">Chain after chain.</param>
    /// <param name="gradients">As many elements; to be filled.</param>
    /// <param name="potentials">One a chain; to be filled.</param>
    /// <param name="firstChain">The number of the first chain among all of the run.</param>
    /// <param name="step">
    /// Transitions before this evaluation; with <paramref name="seed"/> and the chain it keys whatever a target draws.
    /// </param>
    /// <param name="seed">The sampler's.</param>
    /// <exception cref="ArgumentException">There is no chain, or the lengths do not fit.</exception>
    public ChainBatch(ReadOnlySpan<T> positions, Span<T> gradients, Span<double> potentials, int firstChain = 0, long step = 0,
        ulong seed = 0)
    {
        if (potentials.IsEmpty || positions.Length != gradients.Length || positions.Length % potentials.Length != 0 || positions.IsEmpty)
        {
            throw new ArgumentException(
                $"{potentials.Length} chains have {positions.Length} components and {gradients.Length} of the gradient: both must be the same multiple of the chains, and not zero.", nameof(positions));
        }

        Positions = positions;
        Gradients = gradients;
        Potentials = potentials;
        (FirstChain, Step, Seed) = (firstChain, step, seed);
        Dimensions = positions.Length / potentials.Length;
    }

    /// <summary>Chains.</summary>
    public int Count => Potentials.Length;

    /// <summary>Components of each.</summary>
    public int Dimensions { get; }

    /// <summary>The positions, chain after chain.</summary>
    public ReadOnlySpan<T> Positions { get; }

    /// <summary>The gradients of U, chain after chain.</summary>
    public Span<T> Gradients { get; }

    /// <summary>U of each chain.</summary>
    public Span<double> Potentials { get; }

    /// <summary>The number of the first chain among all of the run.</summary>
    public int FirstChain { get; }

    /// <summary>Transitions before this evaluation.</summary>
    public long Step { get; }

    /// <summary>The sampler's seed.</summary>
    public ulong Seed { get; }

    /// <summary>A chain's position.</summary>
    /// <param name="chain">From 0 within the batch.</param>
    public ReadOnlySpan<T> GetPosition(int chain) => Positions.Slice(chain * Dimensions, Dimensions);

    /// <summary>A chain's gradient.</summary>
    /// <param name="chain">From 0 within the batch.</param>
    public Span<T> GetGradient(int chain) => Gradients.Slice(chain * Dimensions, Dimensions);
}
