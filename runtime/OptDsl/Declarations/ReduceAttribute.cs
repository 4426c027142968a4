namespace OptDsl;

/// <summary>
/// Declares a value made of all parameters of a scope: the method returns what one parameter contributes. A barrier: what reads it
/// belongs to a later pass. On buffers of float the inputs are widened first and the body is computed in double, unless the rule is
/// declared in float.
/// </summary>
/// <param name="reduction">How the contributions are combined.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReduceAttribute(Reduction reduction) : Attribute
{
    /// <summary>How the contributions are combined.</summary>
    public Reduction Reduction => reduction;

    /// <summary>What it goes over; a tensor unless said otherwise.</summary>
    public Scope Scope { get; set; } = Scope.Tensor;
}
