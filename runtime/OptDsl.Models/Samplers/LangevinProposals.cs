using System.Numerics;
using OptDsl.Checkpoints;

namespace OptDsl.Models;

/// <summary>
/// Langevin steps of all rows (<see cref="LangevinProposal"/>), each with its own step size and inverse temperature.
/// </summary>
/// <param name="chains">The rows.</param>
/// <param name="onNonFinite">Whether a step to a value that is not finite throws. It does not if the proposal can be refused.</param>
internal sealed class LangevinProposals<T>(Chains<T> chains, OnNonFinite onNonFinite)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IOptimizer<T> optimizer = chains.Buffer.OptimizeEither(new LangevinProposal(), chains.OptimizerOptions(onNonFinite));
    private readonly T[] stepSizes = new T[chains.Count], inverseTemperatures = new T[chains.Count];

    // The rows whose settings are not yet in the rule's inputs, each once.
    private readonly int[] changed = new int[chains.Count];
    private readonly bool[] isChanged = new bool[chains.Count];
    private int changes;

    /// <summary>The step size of a row, rounded to the element.</summary>
    internal double StepSize(int row) => double.CreateTruncating(stepSizes[row]);

    /// <summary>The inverse temperature of a row, rounded to the element.</summary>
    internal double InverseTemperature(int row) => double.CreateTruncating(inverseTemperatures[row]);

    /// <summary>Sets the step size and inverse temperature of a row for the following steps.</summary>
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

    /// <summary>Moves every row. U and the gradients are still those of the previous position.</summary>
    internal void Step()
    {
        Fill();
        optimizer.Step();
    }

    /// <summary>The position of a row before its last step.</summary>
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
