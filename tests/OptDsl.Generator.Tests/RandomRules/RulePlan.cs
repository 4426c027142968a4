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
/// <param name="NoticesFaults">
/// Whether it runs with <see cref="OnNonFinite.Throw"/>, and must throw where that is due, and only there.
/// </param>
/// <param name="Watches">Whether the kernel records what can be observed, and is asked for a search direction before each step.</param>
/// <param name="Seed">What the values and the shapes of tensors are drawn from.</param>
internal sealed record RulePlan(bool InFloat, Beside Beside, SimdWidth Width, int Length, Values Values, int Threads, bool NoticesFaults,
    bool Watches, int Seed)
{
    private static readonly SimdWidth[] Widths = [SimdWidth.Scalar, SimdWidth.Bits128, SimdWidth.Bits256, SimdWidth.Bits512];

    private static readonly int[] LongLengths = [1023, 1024, 1025, 4095, 4096, 4097, 8193, 9999];

    // Above it a tensor is cut into tiles, pass by pass.
    private const int Huge = 70_001;

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
            // A fused kernel, and one of another element than the declaration's, is what the interpreter says it is.
            bool declared = inFloat == rule.IsFloat && !rule.IsFused, blind = random.Next(3) == 0;
            foreach (Values values in Enum.GetValues<Values>())
            {
                yield return new RulePlan(inFloat, Beside.Interpreter, SimdWidth.Scalar,
                    random.Next(12) == 0 ? 4097 + random.Next(200) : 1 + random.Next(60), values, 1, !blind, random.Next(2) == 0,
                        random.Next());
            }

            foreach (SimdWidth width in Widths)
            {
                bool notices = width == SimdWidth.Scalar ? !blind : random.Next(3) != 0;
                foreach (Values values in Enum.GetValues<Values>())
                {
                    for (int i = 0; i < 2; i++)
                    {
                        bool isLong = random.Next(12) == 0;
                        int threads = random.Next(isLong ? 2 : 10) == 0 ? ManyThreads[random.Next(ManyThreads.Length)] : 1;
                        int length = !isLong ? random.Next(134)
                            : random.Next(12) == 0 ? Huge : LongLengths[random.Next(LongLengths.Length)];
                        yield return new RulePlan(inFloat, declared ? Beside.Declaration : Beside.OneLane, width, length, values, threads,
                            notices, random.Next(2) == 0, random.Next());
                    }
                }
            }
        }
    }

    /// <summary>
    /// Matrices with odd sides, vectors, numbers, and one of more dimensions, of one group or of two; as many parameters as the length
    /// says.
    /// </summary>
    internal IReadOnlyList<(int[] Shape, int Group)> Tensors
    {
        get
        {
            var random = new Random(Seed);
            var tensors = new List<(int[] Shape, int Group)>();
            bool groups = random.Next(2) == 0;
            for (int rest = Length; rest > 0;)
            {
                // A long buffer has one long tensor, or two.
                int most = tensors.Count == 4 || random.Next(Length > 500 ? 2 : 6) == 0 ? rest : 1 + random.Next(rest);
                int[] shape = Shape(random, most);
                tensors.Add((shape, tensors.Count > 0 && groups ? random.Next(2) : 0));
                rest -= shape.Aggregate(1, (a, b) => a * b);
            }

            // Numbered in order of appearance, which the first tensor begins.
            return tensors;
        }
    }

    private static int[] Shape(Random random, int most)
    {
        int rows = random.Next(3) == 0 && most > 200 ? 1 + (most / (3 + random.Next(5))) : 2 + random.Next(6), columns = most / rows;
        return random.Next(5) switch
        {
            0 when most < 40 => [],
            0 or 1 => [most],
            2 when columns >= 6 => [rows, columns / 2, 2],
            _ when columns >= 1 => [rows, columns],
            _ => [most],
        };
    }
}
