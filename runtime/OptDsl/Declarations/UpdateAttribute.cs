namespace OptDsl;

/// <summary>
/// Declares the new content of the parameter buffer: the point at which the next gradient is taken. A rule has exactly one.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UpdateAttribute : Attribute;
