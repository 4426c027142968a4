using System.ComponentModel;

namespace OptDsl.Contract;

/// <summary>Whether a sweep notices values that are not finite; a type, so that the compiler drops the check where it is off.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IFaultCheck
{
    /// <summary>Whether the sweep reports.</summary>
    static abstract bool Enabled { get; }
}

/// <summary>The sweep reports whether it met or made a value that is not finite.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct ReportFaults : IFaultCheck
{
    /// <inheritdoc/>
    public static bool Enabled => true;
}

/// <summary>The sweep does not look.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct IgnoreFaults : IFaultCheck
{
    /// <inheritdoc/>
    public static bool Enabled => false;
}
