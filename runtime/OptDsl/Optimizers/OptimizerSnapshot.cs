using System.Collections.Immutable;
using System.Numerics;

namespace OptDsl;

/// <summary>
/// A copy of an optimizer's step count and states. <see cref="Optimizer{T, TRule}.Snapshot"/> takes it and
/// <see cref="Optimizer{T, TRule}.Restore"/> puts it back. It does not hold parameters, gradients or rule values.
/// </summary>
/// <typeparam name="T">The element type, float or double.</typeparam>
public sealed class OptimizerSnapshot<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly RuleSchema schema;
    private readonly ImmutableArray<SnapshotTensor> tensors;
    private readonly T[][] states;
    private readonly ImmutableDictionary<string, double[]> carried;
    private readonly ImmutableDictionary<string, double[][]> perTensor;

    internal OptimizerSnapshot(
        RuleSchema schema, ImmutableArray<SnapshotTensor> tensors, int stepCount, ulong attempts, T[][] states,
        ImmutableDictionary<string, double[]> carried, ImmutableDictionary<string, double[][]> perTensor)
    {
        this.schema = schema;
        this.tensors = tensors;
        this.states = states;
        this.carried = carried;
        this.perTensor = perTensor;
        Attempts = attempts;
        StepCount = stepCount;
    }

    /// <summary>The number of steps made when the snapshot was taken.</summary>
    public int StepCount { get; }

    /// <summary>The number of steps made or refused. The draws of a rule with noise continue from it.</summary>
    public ulong Attempts { get; }

    /// <summary>A state with one value per parameter, for all tensors, laid out like the parameters.</summary>
    /// <param name="name">The member's name, such as <c>MeanSquare</c>.</param>
    /// <exception cref="KeyNotFoundException">The rule has no state of that name with one value per parameter.</exception>
    public ReadOnlySpan<T> this[string name] => states[schema.IndexOf(name, StateKind.PerParameter)];

    /// <summary>A state with one value per group.</summary>
    /// <param name="group">The group's name.</param>
    /// <param name="name">The member's name.</param>
    /// <exception cref="KeyNotFoundException">
    /// The buffer has no such group, or the rule has no such state with one value per group.
    /// </exception>
    public double GetUniformState(string group, string name)
        => carried.TryGetValue(group, out double[]? values)
            ? values[schema.IndexOf(name, StateKind.Uniform) - schema.BufferCount]
            : throw new KeyNotFoundException(
                $"There is no group '{group}'; the groups are {string.Join(", ", carried.Keys.Order(StringComparer.Ordinal).Select(known => $"'{known}'"))}.");

    /// <summary>A state with one value per tensor, row or column.</summary>
    /// <param name="tensor">The tensor's name.</param>
    /// <param name="name">The member's name.</param>
    /// <exception cref="KeyNotFoundException">The snapshot has no such tensor or state.</exception>
    public ReadOnlySpan<double> GetTensorState(string tensor, string name)
    {
        StateSchema state = schema.States.FirstOrDefault(state => state.Name == name
            && state.Kind is StateKind.PerTensor or StateKind.PerRow or StateKind.PerColumn)
            ?? throw new KeyNotFoundException($"{schema.Name} has no state '{name}' with one value per tensor, row or column.");
        return perTensor.TryGetValue(tensor, out double[][]? values)
            ? values[schema.States.IndexOf(state) - schema.BufferCount]
            : throw new KeyNotFoundException($"There is no tensor '{tensor}'.");
    }

    /// <summary>Converts the snapshot for a buffer of another element type. Each value is rounded once, or widened.</summary>
    /// <typeparam name="TOther">The other element type, float or double.</typeparam>
    public OptimizerSnapshot<TOther> ConvertTo<TOther>()
        where TOther : unmanaged, IBinaryFloatingPointIeee754<TOther>
        => new(schema, tensors, StepCount, Attempts, [.. states.Select(state => Array.ConvertAll(state, TOther.CreateTruncating))], carried,
            perTensor);

    internal ReadOnlySpan<T> State(int index) => states[index];

    internal ReadOnlySpan<double> Carried(string group) => carried[group];

    internal double[][] CarriedOf(string tensor) => perTensor[tensor];

    /// <summary>Throws unless the snapshot is of the given rule and of tensors like the given ones.</summary>
    internal void RequireMatch(RuleSchema rule, ImmutableArray<SnapshotTensor> others)
    {
        if (schema.Name != rule.Name || schema.CarriedCount != rule.CarriedCount || !schema.States.SequenceEqual(rule.States))
        {
            throw new ArgumentException(
                $"The snapshot is of {schema.Name} with {schema.Described}; the optimizer's rule is {rule.Name} with {rule.Described}.",
                    "snapshot");
        }

        for (int i = 0; i < Math.Max(tensors.Length, others.Length); i++)
        {
            SnapshotTensor? mine = i < tensors.Length ? tensors[i] : null, theirs = i < others.Length ? others[i] : null;
            if (mine != theirs)
            {
                throw new ArgumentException(
                    $"The snapshot's tensor {i} is {mine?.ToString() ?? "missing"}, the buffer's is {theirs?.ToString() ?? "missing"}; names, shapes, groups and order must be equal.", "snapshot");
            }
        }
    }
}

/// <summary>The properties of a tensor that states depend on. Rows is set only if the rule keeps a value per row or per column.</summary>
internal sealed record SnapshotTensor(string Name, int Length, string Group, int? Rows)
{
    public override string ToString() => $"'{Name}' of {Length}{(Rows is { } rows ? $" in {rows} rows" : "")} in group '{Group}'";
}
