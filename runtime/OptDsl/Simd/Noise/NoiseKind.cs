namespace OptDsl;

/// <summary>What is drawn.</summary>
public enum NoiseKind
{
    /// <summary>
    /// The standard normal distribution. No draw is larger than 6.764 in float and 9.493 in double: by chance, one of 2^33 and
    /// one of 2^65 would be.
    /// </summary>
    Gaussian = 0,

    /// <summary>The odd multiples of 2^-24 in float, of 2^-53 in double, between 0 and 1: neither bound is ever drawn.</summary>
    Uniform = 1,

    /// <summary>1 or -1.</summary>
    Rademacher = 2,
}
