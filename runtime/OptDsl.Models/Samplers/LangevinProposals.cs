using System.Numerics;
using OptDsl.Checkpoints;

namespace OptDsl.Models;

/// <summary>
/// Langevin steps of all rows (<see cref="LangevinProposal"/>), each with the step size and inverse temperature that it was set.
/// </summary>
/// <param name="chains">The rows.</param>
/// <param name="onNonFinite">Whether a step to where no number is throws; it does not where it can be refused.</param>
internal sealed class LangevinProposals<T>(Chains<T> chains, OnNonFinite onNonFinite)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IOptimizer<T> optimizer = chains.Buffer.OptimizeEither(new LangevinProposal(), chains.OptimizerOptions(onNonFinite));
    private readonly T[] stepSizes = new T[chains.Count], inverseTemperatures = new T[chains.Count];

    // Rows that the rule's inputs do not have yet, each once.
    private readonly int[] changed = new int[chains.Count];
    private readonly bool[] isChanged = new bool[chains.Count];
    private int changes;

    /// <summary>As an element holds it.</summary>
    internal double StepSize(int row) => double.CreateTruncating(stepSizes[row]);

    /// <summary>As an element holds it.</summary>
    internal double InverseTemperature(int row) => double.CreateTruncating(inverseTemperatures[row]);

    /// <summary>Sets how a row moves from here on.</summary>
    internal void Set(int row, double stepSize, double inverseTemperature)
    {
        (T step, T inverse) = (T.CreateTruncating(stepSize), T.CreateTruncating(inverseTemperature));
        if (step == stepSizes[row] && inverse == inverseTemperatures[row])
        {
            return;
        }

        (stepSizes[row], inverseTemperatures[row]) = (step, inverse);
        if (!isChanged[row])
        {
            isChanged[row] = true;
            changed[changes++] = row;
        }
    }

    /// <summary>Moves every row; U and gradients are still those of where it was.</summary>
    internal void Step()
    {
        Fill();
        optimizer.Step();
    }

    /// <summary>Where a row was before its last step.</summary>
    internal ReadOnlySpan<T> Origin(int row) => optimizer.State["Origin"].Slice(row * chains.Dimensions, chains.Dimensions);

    internal void Save(string path, CheckpointCompanion companion) => optimizer.Save(path, companion, CancellationToken.None);

    internal void Load(string path, CheckpointCompanion companion) => optimizer.Load(path, companion);

    private void Fill()
    {
        if (changes == 0)
        {
            return;
        }

        Span<T> drifts = optimizer.GetInput("drift"), spreads = optimizer.GetInput("spread");
        int dimensions = chains.Dimensions;
        foreach (int row in changed.AsSpan(0, changes))
        {
            double step = StepSize(row);
            drifts.Slice(row * dimensions, dimensions).Fill(T.CreateTruncating(step * InverseTemperature(row)));
            spreads.Slice(row * dimensions, dimensions).Fill(T.CreateTruncating(Math.Sqrt(2 * step)));
            isChanged[row] = false;
        }

        changes = 0;
    }
}
