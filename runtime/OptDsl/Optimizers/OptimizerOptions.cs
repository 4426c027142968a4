using OptDsl.Simd;

namespace OptDsl;

/// <summary>How an optimizer runs, apart from its rule.</summary>
public sealed record OptimizerOptions
{
    private const int MaxThreads = 1024;

    /// <summary>What to do about values that are not finite.</summary>
    public OnNonFinite OnNonFinite { get; init; } = OnNonFinite.Throw;

    /// <summary>Refusals in a row after which a step throws; at least 1. Used with <see cref="OnNonFinite.Refuse"/>.</summary>
    public int RefusalLimit { get; init; } = 100;

    /// <summary>The vector width; narrower than the hardware's, or wider and emulated, for tests.</summary>
    public SimdWidth Width { get; init; }

    /// <summary>
    /// Threads a step runs on, from 0 to 1024: 0 for one, or as many as there are processors where the buffer is large enough
    /// to gain by it; else exactly as many, also where that is slower. The bits of the result do not depend on it.
    /// </summary>
    public int Threads { get; init; }

    /// <summary>What the draws of a rule with noise are keyed by, beside the attempt and the place.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// The place among the draws of the buffer's first parameter: one that continues another buffer's parameters, as a batch of a
    /// sampler's chains does, begins where that one ends. With the parameters at most 2^49.
    /// </summary>
    public ulong NoiseOffset { get; init; }

    /// <summary>
    /// Whether a fused rule may run on a processor without fused multiply-add, where it is emulated some 75 times slower.
    /// </summary>
    public bool AllowEmulatedFusedArithmetic { get; init; }

    /// <summary>Refuses what a rule cannot run with here.</summary>
    /// <param name="schema">The rule's.</param>
    /// <param name="count">Parameters in the buffer.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="PlatformNotSupportedException">The rule is fused, and the processor has no fused multiply-add.</exception>
    internal void Require(RuleSchema schema, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(RefusalLimit, 1, "options.RefusalLimit");
        if (!Enum.IsDefined(OnNonFinite))
        {
            throw new ArgumentOutOfRangeException("options", OnNonFinite, "OnNonFinite must be Throw, Ignore or Refuse.");
        }

        if (Threads is < 0 or > MaxThreads)
        {
            throw new ArgumentOutOfRangeException(
                "options", Threads, $"Threads must be from 0 to {MaxThreads}; 0 leaves the choice to the library.");
        }

        ulong largest = Noise.Elements - (ulong)count;
        if (NoiseOffset > largest)
        {
            throw new ArgumentOutOfRangeException(
                "options", NoiseOffset, $"NoiseOffset must be from 0 to {largest}: it and the {count} parameters number draws below 2^49.");
        }

        if (schema.Arithmetic == Arithmetic.Fused && !Processor.HasFusedMultiplyAdd && !AllowEmulatedFusedArithmetic)
        {
            throw new PlatformNotSupportedException(
                $"{schema.Name} is declared with fused arithmetic, and {Processor.WithoutFusedMultiplyAdd}; emulating it is some 75 times slower. "
                + $"{Processor.Remedy}or set AllowEmulatedFusedArithmetic.");
        }
    }
}
