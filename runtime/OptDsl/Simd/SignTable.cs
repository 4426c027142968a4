namespace OptDsl.Simd;

/// <summary>
/// The sign function through the processor's instruction for special values, which has a response for each class of operand.
/// </summary>
internal static class SignTable
{
    private const uint Operand = 1, Quiet = 2, MinusOne = 9, One = 10;

    /// <summary>
    /// Four bits per class: quiet NaN, signalling NaN, zero, one, the infinities, other values below zero, and other values above zero.
    /// </summary>
    internal const int Responses = unchecked((int)(
        Operand | (Quiet << 4) | (Operand << 8) | (One << 12) | (MinusOne << 16) | (One << 20) | (MinusOne << 24) | (One << 28)));
}
