using System.Numerics;

namespace OptDsl.Checkpoints;

/// <summary>An optimizer whose checkpoints also hold what its owner keeps beside it.</summary>
internal interface ICompanionCheckpoint
{
    /// <summary>Writes a checkpoint with what the owner keeps beside the optimizer.</summary>
    void Save(string path, CheckpointCompanion companion, CancellationToken cancellation);

    /// <summary>Loads a checkpoint with what the owner keeps beside the optimizer.</summary>
    void Load(string path, CheckpointCompanion companion);
}

/// <summary>The same methods for an optimizer whose rule type is not known.</summary>
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
