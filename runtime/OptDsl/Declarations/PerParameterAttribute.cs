namespace OptDsl;

/// <summary>
/// Declares an input with one number per parameter, laid out like the parameters, that the caller fills: per-example squares, masks or
/// learning rates, for instance. See <see cref="Optimizer{T, TRule}.GetInput(string)"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class PerParameterAttribute : Attribute;
