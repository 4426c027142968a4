namespace OptDsl.Engine;

/// <summary>How work between two stages ended.</summary>
internal enum HostOutcome
{
    /// <summary>The step goes on.</summary>
    Continue,

    /// <summary>The step is refused: it was an attempt, and nothing of it is kept.</summary>
    Refused,

    /// <summary>The step fails, and the caller is told why.</summary>
    Fault,
}

/// <summary>How work between two stages ended, and why it failed.</summary>
/// <param name="Outcome">How.</param>
/// <param name="Cause">What the caller is told of a fault.</param>
internal readonly record struct HostResult(HostOutcome Outcome, Exception? Cause = null);

/// <summary>
/// Work between two stages that no kernel does. It runs on the caller's thread: all passes before it have ended on all tensors, and none
/// after it has begun. The step has stored nothing yet, so that it can still be refused.
/// </summary>
internal abstract class HostStep
{
    /// <summary>Does the work. What the caller's code throws passes through.</summary>
    internal abstract HostResult Run();
}
