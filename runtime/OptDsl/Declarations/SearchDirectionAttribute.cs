namespace OptDsl;

/// <summary>
/// Declares the direction of a step search, which tries parameter - rate x direction.
/// <see cref="Optimizer{T, TRule}.ComputeSearchDirection"/> gives it, from the step's gradients and the states as they would become,
/// without storing them. At most one.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SearchDirectionAttribute : Attribute;
