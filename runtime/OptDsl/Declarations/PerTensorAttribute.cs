namespace OptDsl;

/// <summary>
/// Declares an input with one number per tensor that the caller sets. See
/// <see cref="Optimizer{T, TRule}.SetTensorInput(string, ParameterTensor{T}, double)"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class PerTensorAttribute : Attribute;
