namespace OptDsl;

/// <summary>The vector width a kernel runs at. Strict and fused results do not depend on it.</summary>
public enum SimdWidth
{
    /// <summary>The widest the processor has and the rule gains by: 512 bits not for one that only streams.</summary>
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
