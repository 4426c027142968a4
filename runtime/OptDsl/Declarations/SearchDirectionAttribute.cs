namespace OptDsl;

/// <summary>
/// Declares the direction of a step search, which tries parameter - rate x direction.
/// <see cref="Optimizer{T, TRule}.ComputeSearchDirection"/> computes it from the gradients in the buffer and the states as the next step
/// would make them. It stores no state. A rule has at most one.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SearchDirectionAttribute : Attribute;
