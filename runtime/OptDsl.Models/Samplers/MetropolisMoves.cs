using System.Numerics;

namespace OptDsl.Models;

/// <summary>
/// Langevin proposals of all rows, each with a step size h and an inverse temperature b of its own, what each is accepted with, and the
/// way back.
/// </summary>
internal sealed class MetropolisMoves<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const uint AcceptanceStream = 0x61636370;

    private readonly Chains<T> chains;
    private readonly T[] positions, gradients;
    private readonly double[] potentials, draws;

    internal MetropolisMoves(ITarget<T> target, Chains<T> chains)
    {
        if (target.IsStochastic)
        {
            throw new ArgumentException("The target is stochastic, an estimate from batches; what is accepted by an estimate of U is not the target. Use an UnadjustedSampler, or a target over all examples.", nameof(target));
        }

        this.chains = chains;
        Proposals = new LangevinProposals<T>(chains);
        (positions, gradients) = (new T[chains.Positions.Length], new T[chains.Positions.Length]);
        (potentials, draws, Acceptances) = (new double[chains.Count], new double[chains.Count], new double[chains.Count]);
    }

    /// <summary>What is proposed; its step sizes and inverse temperatures are the owner's to set.</summary>
    internal LangevinProposals<T> Proposals { get; }

    /// <summary>The probability of acceptance of each row's last proposal.</summary>
    internal double[] Acceptances { get; }

    /// <summary>Moves every row to its proposal.</summary>
    internal void Propose(int transition)
    {
        chains.Positions.CopyTo(positions);
        chains.Gradients.CopyTo(gradients);
        chains.Potentials.CopyTo(potentials, 0);
        Proposals.Step();
        chains.Evaluate(transition);
        chains.Draw(AcceptanceStream, transition, draws);
    }

    /// <summary>The logarithm of the Metropolis ratio of a row's proposal, of the density exp(-b U).</summary>
    internal double LogRatio(int row)
    {
        double inverseTemperature = Proposals.InverseTemperature(row);
        return (inverseTemperature * PotentialRatio(row))
            + MetropolisRatio.Proposals<T>(Old(positions, row), chains.Position(row), Old(gradients, row), New(chains.Gradients, row), inverseTemperature, Proposals.StepSize(row));
    }

    /// <summary>U of a row before less that of its proposal.</summary>
    internal double PotentialRatio(int row) => potentials[row] - chains.Potentials[row];

    /// <summary>Whether a row keeps its proposal.</summary>
    internal bool Accepts(int row, double logRatio)
    {
        // Of a NaN nothing is accepted.
        Acceptances[row] = logRatio >= 0 ? 1 : double.IsNaN(logRatio) ? 0 : Math.Exp(logRatio);
        return draws[row] < Acceptances[row];
    }

    /// <summary>Puts a row back where it was.</summary>
    internal void Reject(int row)
    {
        RejectPosition(row);
        Old(gradients, row).CopyTo(New(chains.Gradients, row));
    }

    /// <summary>Puts back all but the gradient.</summary>
    internal void RejectPosition(int row)
    {
        Old(positions, row).CopyTo(New(chains.WritablePositions, row));
        chains.Potentials[row] = potentials[row];
    }

    private ReadOnlySpan<T> Old(T[] rows, int row) => rows.AsSpan(row * chains.Dimensions, chains.Dimensions);

    private Span<T> New(Span<T> rows, int row) => rows.Slice(row * chains.Dimensions, chains.Dimensions);
}
