namespace OptDsl;

/// <summary>Which sequence of draws: every seed, attempt and stream has its own.</summary>
/// <param name="Seed">The seed of the run: the key of the generator.</param>
/// <param name="Attempt">The attempted step, below 2^48: one that was refused is not drawn again.</param>
/// <param name="Stream">The input that is drawn, and whatever else is to be independent within a step.</param>
public readonly record struct NoiseKey(ulong Seed, ulong Attempt, uint Stream);
