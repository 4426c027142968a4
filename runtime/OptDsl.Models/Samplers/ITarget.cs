using System.Numerics;

namespace OptDsl.Models;

/// <summary>
/// The density that a sampler samples: exp(-U) of a vector, where the potential U is the negative log density up to a constant.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <remarks>
/// Chains are independent. What a target computes for a chain must not depend on the other chains in the batch. Then the draws are the same
/// for any number of threads and any division of the chains.
/// </remarks>
public interface ITarget<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The number of components of a position; at least 1.</summary>
    int Dimensions { get; }

    /// <summary>The variables whose elements are the components of a position, one variable after the other.</summary>
    IReadOnlyList<SampledVariable> Variables => [new SampledVariable("x", [Dimensions])];

    /// <summary>Whether several threads may evaluate different chains at the same time.</summary>
    bool IsThreadSafe { get; }

    /// <summary>
    /// Whether the gradient is an estimate, for instance from a batch of examples. Samplers that accept or swap by U refuse such a target.
    /// </summary>
    bool IsStochastic => false;

    /// <summary>Sets U and its gradient for every chain of the batch, overwriting previous values.</summary>
    /// <param name="batch">
    /// The chains. U and its gradient must be finite. Outside the support of the density, U is positive infinity and the gradient may hold
    /// anything. A potential of NaN or negative infinity is an error. Samplers that accept or refuse proposals refuse it and count it
    /// (<see cref="MetropolisLangevin{T}.InvalidProposals"/>). All others end the run with a <see cref="SamplingException"/>.
    /// </param>
    void Evaluate(in ChainBatch<T> batch);
}

/// <summary>A target that computes the diagonal of U's Hessian, for rules with an input <c>curvature</c>.</summary>
/// <typeparam name="T">The element, float or double.</typeparam>
public interface ICurvatureTarget<T> : ITarget<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Sets the diagonal of U's Hessian at every chain's position.</summary>
    /// <param name="batch">The chains; their gradients must not be written.</param>
    /// <param name="diagonals">Receives the diagonals, chain by chain.</param>
    void ComputeCurvature(in ChainBatch<T> batch, Span<T> diagonals);
}

/// <summary>Consecutive chains to evaluate, each a row of <see cref="Dimensions"/> components.</summary>
/// <typeparam name="T">The element, float or double.</typeparam>
public readonly ref struct ChainBatch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Creates a batch.</summary>
    /// <param name="positions">The positions, chain by chain.</param>
    /// <param name="gradients">As many elements, to be filled.</param>
    /// <param name="potentials">One element per chain, to be filled.</param>
    /// <param name="firstChain">The number of the first chain among all chains of the run.</param>
    /// <param name="step">
    /// The number of transitions before this evaluation. Together with <paramref name="seed"/> and the chain, it keys any random draws of
    /// the target.
    /// </param>
    /// <param name="seed">The seed of the sampler.</param>
    /// <exception cref="ArgumentException">There is no chain, or the lengths do not match.</exception>
    public ChainBatch(ReadOnlySpan<T> positions, Span<T> gradients, Span<double> potentials, int firstChain = 0, long step = 0,
        ulong seed = 0)
    {
        if (potentials.IsEmpty || positions.Length != gradients.Length || positions.Length % potentials.Length != 0 || positions.IsEmpty)
        {
            throw new ArgumentException(
                $"There are {potentials.Length} potentials, {positions.Length} components of positions and {gradients.Length} of gradients; positions and gradients must have the same length, which must be a positive multiple of the number of potentials.", nameof(positions));
        }

        Positions = positions;
        Gradients = gradients;
        Potentials = potentials;
        (FirstChain, Step, Seed) = (firstChain, step, seed);
        Dimensions = positions.Length / potentials.Length;
    }

    /// <summary>The number of chains.</summary>
    public int Count => Potentials.Length;

    /// <summary>The number of components of a position.</summary>
    public int Dimensions { get; }

    /// <summary>The positions, chain by chain.</summary>
    public ReadOnlySpan<T> Positions { get; }

    /// <summary>The gradients of U, chain by chain.</summary>
    public Span<T> Gradients { get; }

    /// <summary>U of each chain.</summary>
    public Span<double> Potentials { get; }

    /// <summary>The number of the first chain among all chains of the run.</summary>
    public int FirstChain { get; }

    /// <summary>The number of transitions before this evaluation.</summary>
    public long Step { get; }

    /// <summary>The sampler's seed.</summary>
    public ulong Seed { get; }

    /// <summary>A chain's position.</summary>
    /// <param name="chain">The chain, from 0 within the batch.</param>
    public ReadOnlySpan<T> GetPosition(int chain) => Positions.Slice(chain * Dimensions, Dimensions);

    /// <summary>A chain's gradient.</summary>
    /// <param name="chain">The chain, from 0 within the batch.</param>
    public Span<T> GetGradient(int chain) => Gradients.Slice(chain * Dimensions, Dimensions);
}
