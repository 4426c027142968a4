namespace OptDsl;

/// <summary>
/// Declares an input of one number per tensor that the caller fills. See
/// <see cref="Optimizer{T, TRule}.SetTensorInput(string, ParameterTensor{T}, double)"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class PerTensorAttribute : Attribute;
