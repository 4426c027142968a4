namespace OptDsl;

/// <summary>Names of parameter groups.</summary>
public static class ParameterGroup
{
    /// <summary>The group of a tensor that was added without one.</summary>
    public const string Default = "default";
}
