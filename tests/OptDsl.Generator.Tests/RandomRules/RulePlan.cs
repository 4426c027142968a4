namespace OptDsl.Generator.Tests.RandomRules;

/// <summary>What a kernel is compared with.</summary>
internal enum Beside
{
    Declaration,
    OneLane,
    Interpreter,
}

/// <summary>What gradients and parameters are.</summary>
internal enum Values
{
    Ordinary,

    /// <summary>A third of them NaN, infinite, denormal, zero of either sign, huge, or at a half.</summary>
    Special,

    /// <summary>All ordinary but one, which is not finite or almost so.</summary>
    OneBad,
}

/// <summary>One comparison.</summary>
/// <param name="InFloat">Whether the buffer is of float, else of double.</param>
/// <param name="Beside">What the kernel is compared with.</param>
/// <param name="Width">The kernel's vector width.</param>
/// <param name="Length">Parameters.</param>
/// <param name="Values">What they are.</param>
/// <param name="Threads">Threads of the kernel.</param>
/// <param name="NoticesFaults">Whether it runs with <see cref="OnNonFinite.Throw"/>, and must throw where that is due, and only there.</param>
/// <param name="Seed">What the values are drawn from.</param>
internal sealed record RulePlan(bool InFloat, Beside Beside, SimdWidth Width, int Length, Values Values, int Threads, bool NoticesFaults, int Seed)
{
    private static readonly SimdWidth[] Widths = [SimdWidth.Scalar, SimdWidth.Bits128, SimdWidth.Bits256, SimdWidth.Bits512];

    private static readonly int[] LongLengths = [1023, 1024, 1025, 4095, 4096, 4097];

    private static readonly int[] ManyThreads = [2, 3, 7];

    /// <summary>
    /// The comparisons of a rule: every element and width, with lengths, values and threads drawn. Every kernel is compiled
    /// once, with or without its check, because compiling them is most of the time.
    /// </summary>
    internal static IEnumerable<RulePlan> Of(RuleSyntax rule, int seed)
    {
        var random = new Random(seed);
        foreach (bool inFloat in rule.IsFloat ? (bool[])[true] : [false, true])
        {
            bool declared = inFloat == rule.IsFloat && !rule.IsFused;

            // A fused kernel, and one of another element than the declaration's, is what the interpreter says it is.
            if (!declared)
            {
                foreach (Values values in Enum.GetValues<Values>())
                {
                    yield return new RulePlan(inFloat, Beside.Interpreter, SimdWidth.Scalar, 1 + random.Next(40), values, 1, NoticesFaults: true, random.Next());
                }
            }

            SimdWidth? unobserved = random.Next(3) == 0 ? Widths[random.Next(Widths.Length)] : null;
            foreach (SimdWidth width in Widths)
            {
                bool notices = declared ? width != unobserved : width == SimdWidth.Scalar || width != unobserved;
                foreach (Values values in Enum.GetValues<Values>())
                {
                    for (int i = 0; i < 2; i++)
                    {
                        bool isLong = random.Next(12) == 0;
                        int threads = random.Next(isLong ? 2 : 10) == 0 ? ManyThreads[random.Next(ManyThreads.Length)] : 1;
                        int length = isLong ? LongLengths[random.Next(LongLengths.Length)] : random.Next(134);
                        yield return new RulePlan(inFloat, declared ? Beside.Declaration : Beside.OneLane, width, length, values, threads, notices, random.Next());
                    }
                }
            }
        }
    }
}
