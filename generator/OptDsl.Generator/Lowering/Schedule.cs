using OptDsl.Generator.Model;

namespace OptDsl.Generator.Lowering;

/// <summary>What a sequence of passes is for, in the order of the runtime's enum.</summary>
internal enum ScheduleKind
{
    /// <summary>A step.</summary>
    Step,

    /// <summary>A step that records what is observed.</summary>
    Observed,

    /// <summary>The states' content before the first step.</summary>
    Initial,

    /// <summary>The model to use and save.</summary>
    Read,

    /// <summary>The search direction of the step to come.</summary>
    Direction,
}

/// <summary>What is done for one purpose, in order.</summary>
/// <param name="Kind">What it is for.</param>
/// <param name="Steps">The steps, the last of which has no sweep.</param>
internal sealed record Schedule(ScheduleKind Kind, IReadOnlyList<PlannedStep> Steps)
{
    /// <summary>The passes over the parameters.</summary>
    internal IEnumerable<PassPlan> Passes => Steps.Select(step => step.Sweep).OfType<PassPlan>();
}

/// <summary>
/// One place on the way through a schedule: what is computed there for groups and for tensors, then the sweep, then what the host does with
/// it.
/// </summary>
/// <param name="Id">Its number among the steps of all schedules.</param>
/// <param name="IsBarrier">
/// Whether every tensor must have ended the step before: elsewhere one tensor goes through step after step while it is in the cache.
/// </param>
/// <param name="Group">What is computed once per group; null for nothing.</param>
/// <param name="Tensor">What is computed once per tensor, row or column; null for nothing.</param>
/// <param name="Sweep">The pass over the parameters; null after the last one.</param>
/// <param name="Evaluations">The scratch buffers of the points at which the host takes gradients after the sweep.</param>
internal sealed record PlannedStep(int Id, bool IsBarrier, GroupPhase? Group, TensorPhase? Tensor, PassPlan? Sweep,
    IReadOnlyList<int> Evaluations);

/// <summary>What is computed at one kind: uniforms that sweeps read, values left for the next step, and what can throw.</summary>
/// <param name="Uniforms">Where each goes, its node, and the sweep that reads it.</param>
/// <param name="Carried">The carried values.</param>
/// <param name="Checks">Each is computed before anything that is finer or comes later reads it, and before the first store.</param>
internal sealed record PhaseValues(IReadOnlyList<(int Slot, int Node, PassPlan Reader)> Uniforms,
    IReadOnlyList<(int Slot, int Node)> Carried, IReadOnlyList<CheckSpec> Checks)
{
    internal bool IsEmpty => Uniforms.Count + Carried.Count + Checks.Count == 0;

    internal IEnumerable<int> Nodes
        => Uniforms.Select(uniform => uniform.Node).Concat(Carried.Select(value => value.Node))
        .Concat(Checks.SelectMany(check => check.Nodes));
}

/// <summary>What is computed once per group: all that the sweeps up to the next barrier read.</summary>
/// <param name="Values">The values.</param>
/// <param name="Begins">Whether states that begin with one value per group take it here.</param>
internal sealed record GroupPhase(PhaseValues Values, bool Begins);

/// <summary>What is computed once per tensor, and then for each of its rows and columns.</summary>
/// <param name="IsChecked">Whether it can throw: then it is computed for all tensors first.</param>
/// <param name="Tensor">Per tensor.</param>
/// <param name="Row">Per row.</param>
/// <param name="Column">Per column.</param>
internal sealed record TensorPhase(bool IsChecked, PhaseValues Tensor, PhaseValues Row, PhaseValues Column);
