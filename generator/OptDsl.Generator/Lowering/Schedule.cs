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

/// <summary>A uniform value that a schedule leaves for later.</summary>
/// <param name="Slot">Which carried value.</param>
/// <param name="Node">Its next value.</param>
/// <param name="Kind">What it is one of.</param>
/// <param name="Level">The barriers before it.</param>
internal readonly record struct CarriedOutput(int Slot, int Node, Kind Kind, int Level);

/// <summary>Something that can throw, where a schedule first knows whether it does.</summary>
internal readonly record struct PlacedCheck(CheckSpec Check, Kind Kind, int Level);

/// <summary>Passes in order, with what lies between them.</summary>
/// <param name="Kind">What it is for.</param>
/// <param name="Passes">The passes.</param>
/// <param name="Barriers">
/// Whether every tensor must have ended the pass before, by pass, and one more for the end: elsewhere one tensor goes through
/// pass after pass while it is in the cache.
/// </param>
/// <param name="IsChecked">By pass, whether what is computed per tensor before it can throw: then it is computed for all tensors first.</param>
/// <param name="Carried">The uniform values it leaves.</param>
/// <param name="Checks">What can throw. Each is computed before anything that is finer or comes later reads it, and before the first store.</param>
/// <param name="Evaluations">By pass, the scratch buffers of the points at which gradients are taken after it.</param>
internal sealed record Schedule(
    ScheduleKind Kind, List<PassPlan> Passes, bool[] Barriers, bool[] IsChecked, List<CarriedOutput> Carried, List<PlacedCheck> Checks, List<int>[] Evaluations)
{
    /// <summary>The pass with which the part between barriers begins that a pass lies in.</summary>
    internal int StageOf(int pass)
    {
        while (!Barriers[pass])
        {
            pass--;
        }

        return pass;
    }

    /// <summary>What is computed once a group before a pass.</summary>
    internal bool HasGroupPhase(int pass) => Barriers[pass]
        && (pass == 0 || Carried.Exists(value => value.Kind == Model.Kind.Group && value.Level == pass) || Checks.Exists(check => check.Kind == Model.Kind.Group && check.Level == pass)
            || Enumerable.Range(pass, Passes.Count - pass).TakeWhile(other => other == pass || !Barriers[other]).Any(other => Passes[other].Uniforms.Any(node => Passes[other].Nodes[node].Kind == Model.Kind.Group)));

    /// <summary>Whether there is something to compute once a tensor, row or column before a pass.</summary>
    internal bool HasTensorPhase(int pass) => Carried.Exists(value => value.Kind != Model.Kind.Group && value.Level == pass)
        || Checks.Exists(check => check.Kind != Model.Kind.Group && check.Level == pass)
        || (pass < Passes.Count && (Passes[pass].Columns.Count > 0 || Passes[pass].Uniforms.Any(node => Passes[pass].Nodes[node].Kind != Model.Kind.Group)));
}
