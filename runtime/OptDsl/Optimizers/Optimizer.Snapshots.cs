using System.Collections.Immutable;
using OptDsl.Contract;
using OptDsl.Engine;

namespace OptDsl;

/// <content>What an optimizer has learnt, copied and put back.</content>
public sealed partial class Optimizer<T, TRule>
{
    /// <summary>Copies the step count and all states.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public OptimizerSnapshot<T> Snapshot()
    {
        Enter();
        try
        {
            return SnapshotAlone();
        }
        finally
        {
            Leave();
        }
    }

    private OptimizerSnapshot<T> SnapshotAlone()
        => new(
            TRule.Schema, Layout(), StepCount, seed.Attempt,
            [.. Enumerable.Range(0, State.BufferCount).Select(index => State.Buffer(index).ToArray())],
            groupsInOrder.ToImmutableDictionary(group => group.Name, group => group.Frame.Carried.ToArray()),
            CarryingUnits().ToImmutableDictionary(unit => unit.Tensor.Name, unit => unit.Frame.AllCarried.Select(values => (double[])values.Clone()).ToArray()));

    /// <summary>
    /// Takes up where the snapshot was taken: the next step is its step count plus one, from its states. With the same
    /// parameters, gradients and rule values it makes the same bits.
    /// </summary>
    /// <param name="snapshot">Of an optimizer of the same rule, over tensors of the same names, shapes, groups and order.</param>
    /// <exception cref="ArgumentException">It is of another rule, or of other tensors; nothing was changed.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public void Restore(OptimizerSnapshot<T> snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        Enter();
        try
        {
            RestoreAlone(snapshot);
        }
        finally
        {
            Leave();
        }
    }

    private void RestoreAlone(OptimizerSnapshot<T> snapshot)
    {
        snapshot.RequireMatch(TRule.Schema, Layout());
        for (int i = 0; i < State.BufferCount; i++)
        {
            snapshot.State(i).CopyTo(State.Buffer(i));
        }

        foreach (OptimizerGroup<T, TRule> group in groupsInOrder)
        {
            group.Frame.Restore(snapshot.Carried(group.Name));
        }

        foreach (TensorUnit<T, TRule> unit in CarryingUnits())
        {
            double[][] values = snapshot.OfTensor(unit.Tensor.Name);
            for (int i = 0; i < values.Length; i++)
            {
                values[i].CopyTo(unit.Frame.AllCarried[i], 0);
            }
        }

        seed.Attempt = snapshot.Attempts;
        StepCount = snapshot.StepCount;
        refusedInARow = 0;
    }

    /// <summary>The tensors, if the rule carries values of one a tensor, row or column.</summary>
    private TensorUnit<T, TRule>[] CarryingUnits() => TRule.Schema.Carried.IsEmpty ? [] : units;

    private ImmutableArray<SnapshotTensor> Layout()
    {
        bool byRow = TRule.Schema.CarriedKinds.Any(kind => kind is ValueKind.Row or ValueKind.Column);
        return [.. units.Select(unit => new SnapshotTensor(unit.Tensor.Name, unit.Length, unit.Tensor.Group, byRow ? unit.Frame.Rows : null))];
    }
}
