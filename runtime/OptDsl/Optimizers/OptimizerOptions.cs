using OptDsl.Simd;

namespace OptDsl;

/// <summary>How an optimizer runs, apart from its rule.</summary>
public sealed record OptimizerOptions
{
    private const int MaxThreads = 1024;

    /// <summary>What to do about values that are not finite.</summary>
    public OnNonFinite OnNonFinite { get; init; } = OnNonFinite.Throw;

    /// <summary>
    /// The number of refusals in a row above which a step throws; at least 1. Used with <see cref="OnNonFinite.Refuse"/>.
    /// </summary>
    public int RefusalLimit { get; init; } = 100;

    /// <summary>The vector width. Tests can set a narrower one, or a wider one, which is then emulated.</summary>
    public SimdWidth Width { get; init; }

    /// <summary>
    /// The number of threads that make a step, from 0 to 1024. With 0 the library chooses: one thread, or one per processor if the buffer
    /// is large enough to gain from it. Any other number is used as it is, even if that is slower. The bits of the result do not depend on
    /// it.
    /// </summary>
    public int Threads { get; init; }

    /// <summary>The seed of the random draws of a rule with noise.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// The place of the buffer's first parameter among the random draws. A buffer that continues another buffer's parameters, such as a
    /// batch of a sampler's chains, starts where that one ends. The offset plus the number of parameters must be at most 2^49.
    /// </summary>
    public ulong NoiseOffset { get; init; }

    /// <summary>
    /// Whether a fused rule may run on a processor without fused multiply-add. It is then emulated, some 75 times slower.
    /// </summary>
    public bool AllowEmulatedFusedArithmetic { get; init; }

    /// <summary>Throws if the rule cannot run with these options on this processor.</summary>
    /// <param name="schema">The rule's schema.</param>
    /// <param name="count">The number of parameters in the buffer.</param>
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
                "options", Threads, $"Threads must be from 0 to {MaxThreads}; with 0 the library chooses.");
        }

        ulong largest = Noise.Elements - (ulong)count;
        if (NoiseOffset > largest)
        {
            throw new ArgumentOutOfRangeException(
                "options", NoiseOffset, $"NoiseOffset must be from 0 to {largest}: with the {count} parameters at most 2^49.");
        }

        if (schema.Arithmetic == Arithmetic.Fused && !Processor.HasFusedMultiplyAdd && !AllowEmulatedFusedArithmetic)
        {
            throw new PlatformNotSupportedException(
                $"{schema.Name} is declared with fused arithmetic, and {Processor.WithoutFusedMultiplyAdd}; emulating it is some 75 times slower. "
                + $"{Processor.Remedy}or set AllowEmulatedFusedArithmetic.");
        }
    }
}
