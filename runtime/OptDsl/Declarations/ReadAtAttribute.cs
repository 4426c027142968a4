namespace OptDsl;

/// <summary>
/// Declares the model to use and to save, where it differs from the point at which the next gradient is taken: Nesterov's lookahead,
/// schedule-free methods, averages of the iterates. <see cref="Optimizer{T, TRule}.Read"/> gives it. At most one.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReadAtAttribute : Attribute;
