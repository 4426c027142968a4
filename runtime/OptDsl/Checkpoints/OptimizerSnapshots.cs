using System.Collections.Immutable;
using System.Numerics;
using OptDsl.Contract;
using OptDsl.Engine;

namespace OptDsl.Checkpoints;

/// <summary>Copies the states of an optimizer and puts them back.</summary>
/// <typeparam name="T">The element type.</typeparam>
/// <typeparam name="TRule">The rule.</typeparam>
/// <param name="engine">The optimizer's engine.</param>
internal sealed class OptimizerSnapshots<T, TRule>(StepEngine<T, TRule> engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    private readonly TensorUnit<T, TRule>[] units = engine.Layout.Units;
    private readonly OptimizerGroup<T, TRule>[] groups = engine.Layout.Groups;

    /// <summary>Copies the step count and all states.</summary>
    internal OptimizerSnapshot<T> Take()
    {
        engine.Enter("Snapshot");
        try
        {
            return TakeAlone();
        }
        finally
        {
            engine.Leave();
        }
    }

    /// <summary>Puts the states back, after checking that the snapshot fits the optimizer.</summary>
    internal void Restore(OptimizerSnapshot<T> snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        engine.Enter();
        try
        {
            RestoreAlone(snapshot);
        }
        finally
        {
            engine.Leave();
        }
    }

    private OptimizerSnapshot<T> TakeAlone()
        => new(
            TRule.Schema, Layout(), engine.Progress.Steps, engine.Seed.Attempts,
            [.. Enumerable.Range(0, engine.State.BufferCount).Select(index => engine.State.Buffer(index).ToArray())],
            groups.ToImmutableDictionary(group => group.Name, group => group.Frame.Carried.ToArray()),
            CarryingUnits()
                .ToImmutableDictionary(unit => unit.Tensor.Name,
                    unit => unit.Frame.AllCarried.Select(values => (double[])values.Clone()).ToArray()));

    private void RestoreAlone(OptimizerSnapshot<T> snapshot)
    {
        snapshot.RequireMatch(TRule.Schema, Layout());
        for (int i = 0; i < engine.State.BufferCount; i++)
        {
            snapshot.State(i).CopyTo(engine.State.Buffer(i));
        }

        foreach (OptimizerGroup<T, TRule> group in groups)
        {
            group.Frame.Restore(snapshot.Carried(group.Name));
        }

        foreach (TensorUnit<T, TRule> unit in CarryingUnits())
        {
            double[][] values = snapshot.CarriedOf(unit.Tensor.Name);
            for (int i = 0; i < values.Length; i++)
            {
                values[i].CopyTo(unit.Frame.AllCarried[i], 0);
            }
        }

        engine.Seed.Attempts = snapshot.Attempts;
        engine.Progress.Steps = snapshot.StepCount;
        engine.Progress.RefusedInARow = 0;
    }

    /// <summary>The tensors, if the rule carries values per tensor, row or column.</summary>
    private TensorUnit<T, TRule>[] CarryingUnits() => TRule.Schema.Carried.IsEmpty ? [] : units;

    private ImmutableArray<SnapshotTensor> Layout()
    {
        bool byRow = TRule.Schema.CarriedKinds.Any(kind => kind is ValueKind.Row or ValueKind.Column);
        return [.. units.Select(unit =>
            new SnapshotTensor(unit.Tensor.Name, unit.Length, unit.Tensor.Group, byRow ? unit.Frame.Rows : null))];
    }
}
