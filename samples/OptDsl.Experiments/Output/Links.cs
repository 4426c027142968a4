namespace OptDsl.Experiments;

/// <summary>Symbolic links: what is written to a link goes where it leads, and the link stays.</summary>
internal static class Links
{
    /// <summary>The place that a path stands for, links at its end followed.</summary>
    /// <exception cref="IOException">The links lead in a circle.</exception>
    internal static string Target(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        return new FileInfo(full) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : full;
    }
}
