using OptDsl.Generator.Model;

namespace OptDsl.Generator.Lowering;

/// <summary>A uniform value that a schedule leaves for later.</summary>
/// <param name="Slot">Which carried value.</param>
/// <param name="Node">Its next value.</param>
/// <param name="Kind">How fine it is.</param>
/// <param name="Level">The pass before which it is known.</param>
internal readonly record struct CarriedOutput(int Slot, int Node, Kind Kind, int Level);

/// <summary>Something that can throw, where a schedule first knows whether it does.</summary>
internal readonly record struct PlacedCheck(CheckSpec Check, Kind Kind, int Level);

/// <summary>
/// Puts what is uniform between the passes that read it: at the first place where it is known, once for all that lies up to the next
/// barrier.
/// </summary>
internal sealed class StepPlanner(IReadOnlyList<Expression> nodes, IReadOnlyList<PassPlan> passes, bool[] barriers,
    IReadOnlyList<CarriedOutput> carried, IReadOnlyList<PlacedCheck> checks)
{
    /// <summary>The steps of a schedule.</summary>
    /// <param name="firstId">The number of the first.</param>
    /// <param name="begins">Whether states begin in the first one.</param>
    /// <param name="evaluations">By pass, the scratch buffers of the points at which gradients are taken after it.</param>
    internal IReadOnlyList<PlannedStep> Plan(int firstId, bool begins, Func<int, IReadOnlyList<int>> evaluations)
        => [.. Enumerable.Range(0, passes.Count + 1).Select(pass => new PlannedStep(
            firstId + pass, barriers[pass], Group(pass, begins), Tensor(pass), pass < passes.Count ? passes[pass] : null,
                pass < passes.Count ? evaluations(pass) : []))];

    private GroupPhase? Group(int pass, bool begins)
    {
        if (!barriers[pass])
        {
            return null;
        }

        IEnumerable<PassPlan> stage = Enumerable.Range(pass, passes.Count - pass).TakeWhile(other => other == pass || !barriers[other])
            .Select(other => passes[other]);
        PhaseValues values = Values(pass, Kind.Group, [.. stage.SelectMany(reader => Slots(reader, Kind.Group))]);
        return pass == 0 || !values.IsEmpty ? new GroupPhase(values, begins && pass == 0) : null;
    }

    private TensorPhase? Tensor(int pass)
    {
        PassPlan? reader = pass < passes.Count ? passes[pass] : null;
        PhaseValues At(Kind kind) => Values(pass, kind, reader is null ? []
            : kind == Kind.Column ? [.. reader.Columns.Select((node, index) => (index, node, reader))]
            : [.. Slots(reader, kind)]);
        var phase = new TensorPhase(checks.Any(check => check.Kind != Kind.Group && check.Level == pass), At(Kind.Tensor), At(Kind.Row),
            At(Kind.Column));
        return phase.Tensor.IsEmpty && phase.Row.IsEmpty && phase.Column.IsEmpty ? null : phase;
    }

    private PhaseValues Values(int pass, Kind kind, IReadOnlyList<(int Slot, int Node, PassPlan Reader)> uniforms) => new(
        uniforms,
        [.. carried.Where(value => value.Kind == kind && value.Level == pass).Select(value => (value.Slot, value.Node))],
        [.. checks.Where(check => check.Kind == kind && check.Level == pass).Select(check => check.Check)]);

    private IEnumerable<(int Slot, int Node, PassPlan Reader)> Slots(PassPlan reader, Kind kind)
        => reader.Uniforms.Where(node => nodes[node].Kind == kind)
        .Select(node => (reader.UniformStart + reader.UniformSlot(node), node, reader));
}
