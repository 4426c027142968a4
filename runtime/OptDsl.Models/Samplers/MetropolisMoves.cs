using System.Numerics;
using System.Numerics.Tensors;

namespace OptDsl.Models;

/// <summary>
/// Langevin proposals of all rows, each with its own step size h and inverse temperature b; their acceptance probabilities; and the return
/// of refused rows.
/// </summary>
/// <remarks>
/// The potential, gradient and position of a row are always finite: a proposal without these is refused, whatever its ratio. If the
/// potential is positive infinity, the density is zero and the proposal is an ordinary one. Every other such proposal is counted
/// (<see cref="InvalidProposals"/>).
/// </remarks>
internal sealed class MetropolisMoves<T> : IRowWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const uint AcceptanceStream = 0x61636370;

    private readonly Chains<T> chains;
    private readonly T[] gradients;
    private readonly double[] potentials, draws;

    /// <param name="target">The target; not stochastic.</param>
    /// <param name="chains">The rows.</param>
    internal MetropolisMoves(ITarget<T> target, Chains<T> chains)
    {
        if (target.IsStochastic)
        {
            throw new ArgumentException(
                "The target is stochastic: its gradient is an estimate, as from batches. Accepting by an estimate would not sample the target. Use an UnadjustedSampler, or a target over all examples.", nameof(target));
        }

        this.chains = chains;
        (Ratio, PutBack) = (LogRatio, Reject);
        Proposals = new LangevinProposals<T>(chains, OnNonFinite.Ignore);
        gradients = new T[chains.Positions.Length];
        (potentials, draws) = (new double[chains.Count], new double[chains.Count]);
        (Acceptances, InvalidProposals) = (new double[chains.Count], new long[chains.Count]);
    }

    /// <summary>
    /// The logarithm of the Metropolis ratio of a row's proposal: <see cref="LogRatio"/>, unless a test replaces it with a wrong one.
    /// </summary>
    internal Func<int, double> Ratio { get; set; }

    /// <summary>Returns a row to its previous state: <see cref="Reject"/>, unless a test replaces it with a wrong one.</summary>
    internal Action<int> PutBack { get; set; }

    /// <summary>The proposals. The owner sets their step sizes and inverse temperatures.</summary>
    internal LangevinProposals<T> Proposals { get; }

    /// <summary>The acceptance probability of each row's last proposal.</summary>
    internal double[] Acceptances { get; }

    /// <summary>
    /// Per row, the number of invalid proposals: the potential was NaN or negative infinity, or it was finite and the gradient or position
    /// was not.
    /// </summary>
    internal long[] InvalidProposals { get; }

    /// <summary>The number of invalid proposals per chain, summed over its rows.</summary>
    internal long[] InvalidProposalsOfChains()
        => [.. InvalidProposals.Chunk(chains.Replicas).Select(rows => rows.Sum())];

    /// <summary>Moves every row to its proposal, or leaves it at its position.</summary>
    internal void Move(int transition)
    {
        Proposals.Step();
        chains.Draw(AcceptanceStream, transition, draws);
        chains.Evaluate(transition, this);
    }

    void IRowWork.Before(int from, int count)
    {
        int dimensions = chains.Dimensions;
        chains.Gradients.Slice(from * dimensions, count * dimensions).CopyTo(gradients.AsSpan(from * dimensions));
        chains.Potentials.AsSpan(from, count).CopyTo(potentials.AsSpan(from));
    }

    void IRowWork.After(int from, int count)
    {
        for (int row = from; row < from + count; row++)
        {
            double ratio = Ratio(row);
            if (!double.IsFinite(ratio))
            {
                ratio = AbnormalRatio(row);
            }

            Acceptances[row] = ratio >= 0 ? 1 : Math.Exp(ratio);
            if (!(draws[row] < Acceptances[row]))
            {
                PutBack(row);
            }
        }
    }

    /// <summary>The logarithm of the Metropolis ratio of a row's proposal, for the density exp(-b U).</summary>
    internal double LogRatio(int row)
    {
        double inverseTemperature = Proposals.InverseTemperature(row);
        return (inverseTemperature * PotentialRatio(row))
            + MetropolisRatio.Proposals<T>(Proposals.Origin(row), chains.GetPosition(row), Old(row), New(chains.Gradients, row),
                inverseTemperature, Proposals.StepSize(row));
    }

    /// <summary>
    /// The logarithm of the ratio, if <see cref="LogRatio"/> computes one that is not finite. It is negative infinity for an invalid
    /// proposal or a density of zero. If finite numbers overflowed, it is computed again from scaled numbers.
    /// </summary>
    /// <remarks>
    /// If the ratio is finite, so are all gradients and positions, because each of them enters it through sums and products.
    /// </remarks>
    private double AbnormalRatio(int row)
    {
        double potential = chains.Potentials[row];
        if (double.IsPositiveInfinity(potential))
        {
            return double.NegativeInfinity;
        }

        if (!double.IsFinite(potential) || !TensorPrimitives.IsFiniteAll(chains.GetPosition(row))
            || !TensorPrimitives.IsFiniteAll<T>(New(chains.Gradients, row)))
        {
            InvalidProposals[row]++;
            return double.NegativeInfinity;
        }

        double scaled = MetropolisRatio.Scaled(potentials[row], potential, Proposals.Origin(row), chains.GetPosition(row), Old(row),
            New(chains.Gradients, row), Proposals.InverseTemperature(row), Proposals.StepSize(row));
        return double.IsNaN(scaled) ? double.NegativeInfinity : scaled;
    }

    /// <summary>U of a row before its proposal, minus U of the proposal.</summary>
    internal double PotentialRatio(int row) => potentials[row] - chains.Potentials[row];

    /// <summary>Returns a row to its previous state.</summary>
    internal void Reject(int row)
    {
        RejectPosition(row);
        Old(row).CopyTo(New(chains.Gradients, row));
    }

    /// <summary>Returns everything except the gradient.</summary>
    internal void RejectPosition(int row)
    {
        Proposals.Origin(row).CopyTo(New(chains.WritablePositions, row));
        chains.Potentials[row] = potentials[row];
    }

    private ReadOnlySpan<T> Old(int row) => gradients.AsSpan(row * chains.Dimensions, chains.Dimensions);

    private Span<T> New(Span<T> rows, int row) => rows.Slice(row * chains.Dimensions, chains.Dimensions);
}
