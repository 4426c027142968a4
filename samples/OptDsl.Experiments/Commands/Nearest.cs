using OptDsl.Generator.Language;

namespace OptDsl.Experiments;

/// <summary>The names that somebody may have meant.</summary>
internal static class Nearest
{
    /// <summary>The nearest of some names, at most three, whatever their case.</summary>
    internal static IReadOnlyList<string> To(string name, IEnumerable<string> names)
        => [.. names.OrderBy(other => Spelling.Distance(name.ToLowerInvariant(), other.ToLowerInvariant())).Take(3)];
}
