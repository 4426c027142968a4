namespace OptDsl.Generator.Model;

/// <summary>How a reduction combines.</summary>
internal enum ReductionOperator
{
    Sum,
    Mean,
    Max,
    Min,
}

/// <summary>What a reduction or a draw goes over, in the order of the runtime's enum.</summary>
internal enum ScopeKind
{
    Parameter,
    Row,
    Column,
    Tensor,
    Group,
    Global,
}

/// <summary>A reduction: how it combines and over what.</summary>
internal readonly record struct ReductionSpec(ReductionOperator Operator, ScopeKind Scope)
{
    /// <summary>The kind of the result.</summary>
    internal Kind Kind => KindOf(Scope);

    /// <summary>As the bits of a node.</summary>
    internal long Bits => ((long)Operator << 8) | (long)Scope;

    internal static ReductionSpec Of(Expression node) => new((ReductionOperator)(node.Bits >> 8), (ScopeKind)(node.Bits & 255));

    internal static Kind KindOf(ScopeKind scope) => scope switch
    {
        ScopeKind.Parameter => Kind.Parameter,
        ScopeKind.Row => Kind.Row,
        ScopeKind.Column => Kind.Column,
        ScopeKind.Tensor => Kind.Tensor,
        _ => Kind.Group,
    };
}
