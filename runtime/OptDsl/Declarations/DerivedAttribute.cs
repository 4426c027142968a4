namespace OptDsl;

/// <summary>Declares a value with no memory, computed anew each step from the method's inputs.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DerivedAttribute : Attribute;
