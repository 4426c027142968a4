namespace OptDsl;

/// <summary>Identifies a sequence of draws. Every combination of seed, attempt and stream has its own sequence.</summary>
/// <param name="Seed">The seed of the run: the key of the generator.</param>
/// <param name="Attempt">The number of the attempted step, below 2^48. A refused step also counts, so its noise is not drawn again.</param>
/// <param name="Stream">The stream. Inputs whose draws must be independent within a step need different streams.</param>
public readonly record struct NoiseKey(ulong Seed, ulong Attempt, uint Stream);
