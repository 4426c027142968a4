namespace OptDsl;

/// <summary>The vector width of a kernel. Results do not depend on it, neither strict nor fused ones.</summary>
public enum SimdWidth
{
    /// <summary>
    /// The widest vectors that the processor has and that make the rule faster. Rules that are limited by memory do not use 512 bits.
    /// </summary>
    Widest = 0,

    /// <summary>One element at a time.</summary>
    Scalar = 1,

    /// <summary>128-bit vectors.</summary>
    Bits128 = 128,

    /// <summary>256-bit vectors.</summary>
    Bits256 = 256,

    /// <summary>512-bit vectors.</summary>
    Bits512 = 512,
}
