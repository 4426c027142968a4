namespace OptDsl;

/// <summary>Declares a value with no memory that is the per-parameter learning rate of the rule.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RateAttribute : Attribute;
