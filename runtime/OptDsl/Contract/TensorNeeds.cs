using System.Collections.Immutable;

namespace OptDsl.Contract;

/// <summary>What a rule's passes need of each tensor, found once for all.</summary>
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

    /// <summary>What each carried value is one of.</summary>
    internal ImmutableArray<ValueKind> Carried { get; }

    /// <summary>Whether uniforms differ from tensor to tensor.</summary>
    internal bool HasUniforms { get; }

    /// <summary>The uniforms that change from row to row.</summary>
    internal ImmutableArray<int> RowUniforms { get; }

    /// <summary>The most values of one per column that a pass reads.</summary>
    internal int ColumnValues { get; }

    /// <summary>Reductions over rows.</summary>
    internal int RowReductions { get; }

    /// <summary>Reductions over columns.</summary>
    internal int ColumnReductions { get; }

    /// <summary>Whether a tensor needs memory of its own for any of them.</summary>
    internal bool IsLocal => HasUniforms || ColumnValues + RowReductions + ColumnReductions > 0;
}
