namespace OptDsl;

/// <summary>
/// Declares an input of one number per parameter that the caller fills, laid out like the parameters: per-example squares, masks,
/// rates. See <see cref="Optimizer{T, TRule}.GetInput(string)"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class PerParameterAttribute : Attribute;
