using System.Numerics;

namespace OptDsl.Checkpoints;

/// <summary>An optimizer whose files also hold what its owner keeps beside it.</summary>
internal interface ICompanionCheckpoint
{
    /// <summary>Writes what its owner keeps beside it to the same file.</summary>
    void Save(string path, CheckpointCompanion companion, CancellationToken cancellation);

    /// <summary>Takes over a file with what its owner keeps beside it.</summary>
    void Load(string path, CheckpointCompanion companion);
}

/// <summary>The same of an optimizer whose rule is not known.</summary>
internal static class CompanionCheckpoints
{
    /// <inheritdoc cref="ICompanionCheckpoint.Save"/>
    internal static void Save<T>(this IOptimizer<T> optimizer, string path, CheckpointCompanion companion, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => ((ICompanionCheckpoint)optimizer).Save(path, companion, cancellation);

    /// <inheritdoc cref="ICompanionCheckpoint.Load"/>
    internal static void Load<T>(this IOptimizer<T> optimizer, string path, CheckpointCompanion companion)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => ((ICompanionCheckpoint)optimizer).Load(path, companion);
}
