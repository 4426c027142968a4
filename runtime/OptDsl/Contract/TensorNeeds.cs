using System.Collections.Immutable;

namespace OptDsl.Contract;

/// <summary>The memory that a rule's passes need per tensor, computed once.</summary>
internal sealed class TensorNeeds
{
    internal TensorNeeds(RuleSchema schema)
    {
        PassSchema[] passes = [.. schema.Sequences.SelectMany(schedule => schedule.Passes)];
        Carried = schema.CarriedKinds;
        HasUniforms = passes.Any(pass => pass.TensorPhase >= 0);
        RowUniforms = [.. passes.SelectMany(pass => pass.RowUniforms)];
        ColumnValues = passes.Select(pass => pass.ColumnCount).DefaultIfEmpty(0).Max();
        RowReductions = schema.Reductions.Count(reduction => reduction.Scope == Scope.Row);
        ColumnReductions = schema.Reductions.Count(reduction => reduction.Scope == Scope.Column);
    }

    /// <summary>The kind of each carried value.</summary>
    internal ImmutableArray<ValueKind> Carried { get; }

    /// <summary>Whether uniforms differ from tensor to tensor.</summary>
    internal bool HasUniforms { get; }

    /// <summary>The uniforms that differ from row to row.</summary>
    internal ImmutableArray<int> RowUniforms { get; }

    /// <summary>The largest number of values per column that a pass reads.</summary>
    internal int ColumnValues { get; }

    /// <summary>The number of reductions over rows.</summary>
    internal int RowReductions { get; }

    /// <summary>The number of reductions over columns.</summary>
    internal int ColumnReductions { get; }

    /// <summary>Whether a tensor needs its own memory for any of them.</summary>
    internal bool IsLocal => HasUniforms || ColumnValues + RowReductions + ColumnReductions > 0;
}
