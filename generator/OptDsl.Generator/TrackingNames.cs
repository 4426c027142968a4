namespace OptDsl.Generator;

/// <summary>The names of the pipeline's steps, by which tests ask why a step ran.</summary>
internal static class TrackingNames
{
    internal const string Rules = nameof(Rules);
    internal const string ValidRules = nameof(ValidRules);
    internal const string InvalidRules = nameof(InvalidRules);
    internal const string UpdatesOutsideRules = nameof(UpdatesOutsideRules);
}
