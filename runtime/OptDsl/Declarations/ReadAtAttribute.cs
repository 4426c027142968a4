namespace OptDsl;

/// <summary>
/// Declares the model to use and to save, where it differs from the point at which the next gradient is taken. Examples are Nesterov's
/// lookahead, schedule-free methods and averages of the iterates. <see cref="Optimizer{T, TRule}.Read"/> returns it. A rule has at most
/// one.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReadAtAttribute : Attribute;
