using System.ComponentModel;

namespace OptDsl.Contract;

/// <summary>
/// Whether a sweep detects values that are not finite. It is a type, so that the compiler drops the check where it is off.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IFaultCheck
{
    /// <summary>Whether the sweep reports such values.</summary>
    static abstract bool Enabled { get; }
}

/// <summary>The sweep reports whether it read or computed a value that is not finite.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct ReportFaults : IFaultCheck
{
    /// <inheritdoc/>
    public static bool Enabled => true;
}

/// <summary>The sweep does not check.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct IgnoreFaults : IFaultCheck
{
    /// <inheritdoc/>
    public static bool Enabled => false;
}
