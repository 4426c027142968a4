namespace OptDsl;

/// <summary>
/// Declares a value computed from all parameters of a scope: the method returns the contribution of one parameter. It is a barrier: members
/// that read the result belong to a later pass. On float buffers the inputs are widened to double and the body is computed in double,
/// unless the rule is declared in float.
/// </summary>
/// <param name="reduction">How the contributions are combined.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReduceAttribute(Reduction reduction) : Attribute
{
    /// <summary>How the contributions are combined.</summary>
    public Reduction Reduction => reduction;

    /// <summary>The scope that is reduced; a tensor by default.</summary>
    public Scope Scope { get; set; } = Scope.Tensor;
}
