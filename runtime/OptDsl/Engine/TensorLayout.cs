using System.Numerics;
using OptDsl.Contract;

namespace OptDsl.Engine;

/// <summary>A run of neighbouring tensors of one group.</summary>
/// <param name="Group">The group.</param>
/// <param name="Start">The place in the buffer.</param>
/// <param name="Place">The place in each state.</param>
/// <param name="Length">The number of parameters.</param>
/// <param name="Block">The block that a kernel sweeps.</param>
internal readonly record struct Segment<T, TRule>(OptimizerGroup<T, TRule> Group, int Start, int Place, int Length, KernelBlock<T> Block)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>;

/// <summary>The tensors of an optimizer: one by one, by group, and as the runs of memory that a pass over everything sweeps.</summary>
/// <typeparam name="T">The element type.</typeparam>
/// <typeparam name="TRule">The rule.</typeparam>
internal sealed class TensorLayout<T, TRule>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    private readonly Dictionary<string, OptimizerGroup<T, TRule>> byName = new(StringComparer.Ordinal);

    /// <param name="tensors">The tensors, in the buffer's order.</param>
    /// <param name="state">Their states.</param>
    /// <param name="seed">The key of draws.</param>
    /// <param name="create">Creates the group of a name.</param>
    internal TensorLayout(
        IReadOnlyList<ParameterTensor<T>> tensors, OptimizerState<T> state, OptimizerSeed seed,
            Func<string, OptimizerGroup<T, TRule>> create)
    {
        Tensors = [.. tensors];
        RuleSchema schema = TRule.Schema;
        var segments = new List<Segment<T, TRule>>();
        foreach (ParameterTensor<T> tensor in Tensors)
        {
            if (!byName.TryGetValue(tensor.Group, out OptimizerGroup<T, TRule>? group))
            {
                byName.Add(tensor.Group, group = create(tensor.Group));
            }

            (int start, int place, int length) = (tensor.Offset, state.PlaceOf(tensor), tensor.Length);
            if (segments.Count > 0 && segments[^1].Group == group && segments[^1].Start + segments[^1].Length == start)
            {
                (start, place, length) = (segments[^1].Start, segments[^1].Place, segments[^1].Length + length);
                segments.RemoveAt(segments.Count - 1);
            }

            segments.Add(new Segment<T, TRule>(group, start, place, length, state.Block(group.Frame, start, place, length)));
        }

        Segments = [.. segments];
        Groups = [.. byName.Values];
        var needs = new TensorNeeds(schema);
        Units = [.. Tensors.Select(tensor => UnitOf(tensor, state, seed, needs, schema))];
        foreach (IGrouping<OptimizerGroup<T, TRule>, TensorUnit<T, TRule>> group in Units.GroupBy(unit => unit.Group))
        {
            group.Key.Units = [.. group];
        }
    }

    /// <summary>The tensors, in the buffer's order.</summary>
    internal ParameterTensor<T>[] Tensors { get; }

    /// <summary>The tensors as passes see them.</summary>
    internal TensorUnit<T, TRule>[] Units { get; }

    /// <summary>The groups, in the order of their first tensors.</summary>
    internal OptimizerGroup<T, TRule>[] Groups { get; }

    /// <summary>The groups by name.</summary>
    internal IReadOnlyDictionary<string, OptimizerGroup<T, TRule>> GroupsByName => byName;

    /// <summary>The runs of neighbouring tensors of a group.</summary>
    internal Segment<T, TRule>[] Segments { get; }

    private TensorUnit<T, TRule> UnitOf(
        ParameterTensor<T> tensor, OptimizerState<T> state, OptimizerSeed seed, TensorNeeds needs, RuleSchema schema)
    {
        OptimizerGroup<T, TRule> group = byName[tensor.Group];
        int place = state.PlaceOf(tensor);
        var frame = new TensorFrame<T>(schema, needs, seed, tensor);
        return new TensorUnit<T, TRule>(tensor, group, frame, state.Block(group.Frame, tensor.Offset, place, tensor.Length), place, schema);
    }
}
