using System.Numerics;
using System.Numerics.Tensors;

namespace OptDsl.Models;

/// <summary>
/// Langevin proposals of all rows, each with a step size h and an inverse temperature b of its own, what each is accepted with, and the
/// way back.
/// </summary>
/// <remarks>
/// A row's potential, gradient and position are finite from its beginning on: a proposal without these is refused, whatever its ratio.
/// Where the potential is positive infinity the density is zero and the proposal an ordinary one; all others are counted
/// (<see cref="InvalidProposals"/>).
/// </remarks>
internal sealed class MetropolisMoves<T> : IRowWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const uint AcceptanceStream = 0x61636370;

    private readonly Chains<T> chains;
    private readonly T[] gradients;
    private readonly double[] potentials, draws;

    /// <param name="target">Not stochastic.</param>
    /// <param name="chains">The rows.</param>
    internal MetropolisMoves(ITarget<T> target, Chains<T> chains)
    {
        if (target.IsStochastic)
        {
            throw new ArgumentException(
                "The target is stochastic, an estimate from batches; what is accepted by an estimate of U is not the target. Use an UnadjustedSampler, or a target over all examples.", nameof(target));
        }

        this.chains = chains;
        (Ratio, PutBack) = (LogRatio, Reject);
        Proposals = new LangevinProposals<T>(chains, OnNonFinite.Ignore);
        gradients = new T[chains.Positions.Length];
        (potentials, draws) = (new double[chains.Count], new double[chains.Count]);
        (Acceptances, InvalidProposals) = (new double[chains.Count], new long[chains.Count]);
    }

    /// <summary>The logarithm of the Metropolis ratio of a row's proposal: <see cref="LogRatio"/>, unless a test gets it wrong.</summary>
    internal Func<int, double> Ratio { get; set; }

    /// <summary>Puts a row back where it was: <see cref="Reject"/>, unless a test gets it wrong.</summary>
    internal Action<int> PutBack { get; set; }

    /// <summary>What is proposed; its step sizes and inverse temperatures are the owner's to set.</summary>
    internal LangevinProposals<T> Proposals { get; }

    /// <summary>The probability of acceptance of each row's last proposal.</summary>
    internal double[] Acceptances { get; }

    /// <summary>
    /// Proposals of each row that had no number to compute with: a potential of NaN or negative infinity, or a gradient or position that is
    /// not finite beside a finite potential.
    /// </summary>
    internal long[] InvalidProposals { get; }

    /// <summary>The same per chain, over its rows.</summary>
    internal long[] InvalidProposalsOfChains()
        => [.. InvalidProposals.Chunk(chains.Replicas).Select(rows => rows.Sum())];

    /// <summary>Moves every row to its proposal, or leaves it where it is.</summary>
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

    /// <summary>The logarithm of the Metropolis ratio of a row's proposal, of the density exp(-b U).</summary>
    internal double LogRatio(int row)
    {
        double inverseTemperature = Proposals.InverseTemperature(row);
        return (inverseTemperature * PotentialRatio(row))
            + MetropolisRatio.Proposals<T>(Proposals.Origin(row), chains.GetPosition(row), Old(row), New(chains.Gradients, row),
                inverseTemperature, Proposals.StepSize(row));
    }

    /// <summary>
    /// The logarithm of the ratio where it is not finite as <see cref="LogRatio"/> computes it: negative infinity where there is no number
    /// to compute with, and otherwise, where finite numbers overflowed, by numbers that are scaled down.
    /// </summary>
    /// <remarks>
    /// That the ratio is finite says that all it was made of is, gradient and position too: each of their sums and products is part of it.
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

    /// <summary>U of a row before less that of its proposal.</summary>
    internal double PotentialRatio(int row) => potentials[row] - chains.Potentials[row];

    /// <summary>Puts a row back where it was.</summary>
    internal void Reject(int row)
    {
        RejectPosition(row);
        Old(row).CopyTo(New(chains.Gradients, row));
    }

    /// <summary>Puts back all but the gradient.</summary>
    internal void RejectPosition(int row)
    {
        Proposals.Origin(row).CopyTo(New(chains.WritablePositions, row));
        chains.Potentials[row] = potentials[row];
    }

    private ReadOnlySpan<T> Old(int row) => gradients.AsSpan(row * chains.Dimensions, chains.Dimensions);

    private Span<T> New(Span<T> rows, int row) => rows.Slice(row * chains.Dimensions, chains.Dimensions);
}
