namespace OptDsl;

/// <summary>Declares a value without memory that is the rule's per-parameter learning rate.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RateAttribute : Attribute;
