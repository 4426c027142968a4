namespace OptDsl;

/// <summary>Declares a value without memory: each step computes it from the method's inputs.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DerivedAttribute : Attribute;
