namespace OptDsl;

/// <summary>What <see cref="RuleAssert"/> tries. With the defaults an assertion takes a few tenths of a second per rule.</summary>
public sealed record RuleAssertOptions
{
    /// <summary>
    /// Numbers of parameters, each at least 0. The default has every remainder of every width and unrolling, and longer runs around
    /// multiples of them.
    /// </summary>
    public IReadOnlyList<int> Lengths { get; init; } = [.. Enumerable.Range(0, 134), 1023, 1024, 1025, 4095, 4096, 4097];

    /// <summary>The vector widths of the kernel. Widths that the processor does not have are emulated.</summary>
    public IReadOnlyList<SimdWidth> Widths { get; init; } = [SimdWidth.Scalar, SimdWidth.Bits128, SimdWidth.Bits256, SimdWidth.Bits512];

    /// <summary>
    /// The numbers of threads, each at least 1. Numbers above 1 are tried only with more than 128 parameters, which are divided among
    /// threads.
    /// </summary>
    public IReadOnlyList<int> Threads { get; init; } = [1, 2, 3, 7];

    /// <summary>The number of steps from each start; at least 1.</summary>
    public int Steps { get; init; } = 4;

    /// <summary>The seed of all random values. The same seed gives the same values on every machine.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// Whether to run a second time with NaN, infinities, subnormal numbers, negative zeros and the largest numbers among the parameters
    /// and gradients.
    /// </summary>
    public bool SpecialValues { get; init; } = true;

    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Steps, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Lengths.DefaultIfEmpty(0).Min(), nameof(Lengths));
        ArgumentOutOfRangeException.ThrowIfLessThan(Threads.DefaultIfEmpty(0).Min(), 1, nameof(Threads));

        // An empty list would test nothing.
        ArgumentOutOfRangeException.ThrowIfZero(Lengths.Count, nameof(Lengths));
        ArgumentOutOfRangeException.ThrowIfZero(Widths.Count, nameof(Widths));
    }
}
