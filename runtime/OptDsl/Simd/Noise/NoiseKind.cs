namespace OptDsl;

/// <summary>The distribution of a draw.</summary>
public enum NoiseKind
{
    /// <summary>
    /// The standard normal distribution. No draw is larger in size than 6.764 in float or 9.493 in double. For exact normal numbers, the
    /// probability of a larger one is about 2^-36 or 2^-69.
    /// </summary>
    Gaussian = 0,

    /// <summary>
    /// The uniform distribution on (0, 1). Draws are the odd multiples of 2^-24 in float and of 2^-53 in double, so neither 0 nor 1 is
    /// drawn.
    /// </summary>
    Uniform = 1,

    /// <summary>1 or -1, equally likely.</summary>
    Rademacher = 2,
}
