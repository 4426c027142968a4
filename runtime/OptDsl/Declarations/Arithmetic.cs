namespace OptDsl;

/// <summary>How a generated kernel rounds <c>a * b + c</c>.</summary>
public enum Arithmetic
{
    /// <summary>
    /// Every operation rounds on its own, as the C# of the declaration does. The kernel equals the declaration bit for bit.
    /// </summary>
    Strict,

    /// <summary>
    /// A product that is added or subtracted becomes one fused multiply-add. If both operands are products, the left one is fused. Every
    /// vector width does the same. This needs a processor with FMA, is faster in cache, and equals the declaration only up to rounding.
    /// </summary>
    Fused,
}
