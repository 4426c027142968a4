namespace OptDsl.Engine;

/// <summary>The outcome of work between two stages.</summary>
internal enum HostOutcome
{
    /// <summary>The step goes on.</summary>
    Continue,

    /// <summary>The step is refused: it counts as an attempt, and nothing of it is kept.</summary>
    Refused,

    /// <summary>The step fails with an exception.</summary>
    Fault,
}

/// <summary>The outcome of work between two stages, and the exception if it failed.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Cause">The exception for the caller.</param>
internal readonly record struct HostResult(HostOutcome Outcome, Exception? Cause = null);

/// <summary>
/// Work between two stages that no kernel does. It runs on the caller's thread. All earlier passes have ended on all tensors, and no later
/// pass has begun. The step has stored nothing yet, so it can still be refused.
/// </summary>
internal abstract class HostStep
{
    /// <summary>Does the work. Exceptions from the caller's code pass through.</summary>
    internal abstract HostResult Run();
}
