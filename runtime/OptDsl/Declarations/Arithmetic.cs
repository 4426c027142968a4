namespace OptDsl;

/// <summary>How a generated kernel rounds <c>a * b + c</c>.</summary>
public enum Arithmetic
{
    /// <summary>
    /// Every operation rounds on its own, as the C# of the declaration does: the kernel equals the declaration bit for bit.
    /// </summary>
    Strict,

    /// <summary>
    /// A product that is added or subtracted is contracted to one fused multiply-add, the left product first, alike in
    /// every vector width. Needs a processor with FMA; faster in cache, and equal to the declaration only up to rounding.
    /// </summary>
    Fused,
}
