using System.Numerics;

namespace OptDsl;

/// <summary>Compares kernels with what they must equal: the declaration, or the one-lane kernel. That runs once and is recorded.</summary>
internal static class SideBySide<T, TRule>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    // Shorter runs are a single tile, which cannot be divided among threads.
    private const int LongestTile = 128;

    internal static void Run(TRule rule, RuleAssertOptions options, bool declaration, CancellationToken cancellation)
    {
        options.Validate();
        foreach (int length in options.Lengths)
        {
            foreach (bool special in options.SpecialValues ? (bool[])[false, true] : [false])
            {
                var expected = new List<T[][]>();
                Walk(rule, length, SimdWidth.Scalar, threads: 1, special, declaration, options, (_, _, values) => expected.Add(values),
                    cancellation);
                foreach (SimdWidth width in options.Widths)
                {
                    foreach (int threads in options.Threads.Where(threads => threads == 1 || length > LongestTile))
                    {
                        string how = How(width, threads, special, options);
                        Walk(rule, length, width, threads, special, reference: false, options,
                            (step, names, values) => RequireSame(names, expected[step - 1], values, declaration, how, length, step),
                                cancellation);
                    }
                }
            }
        }
    }

    /// <summary>Makes the steps, and passes the parameters and states after each step to the caller.</summary>
    private static void Walk(
        TRule rule, int length, SimdWidth width, int threads, bool special, bool reference, RuleAssertOptions options,
        Action<int, string[], T[][]> show, CancellationToken cancellation)
    {
        using var guarded = new GuardedBuffer<T>(length);
        ParameterBuffer<T> buffer = guarded.Buffer;
        TestData.Fill(buffer.Values, options.Seed, special);
        Optimizer<T, TRule> optimizer = buffer.Optimize(rule, new OptimizerOptions
        {
            Width = width,
            Threads = threads,
            OnNonFinite = OnNonFinite.Ignore,
            AllowEmulatedFusedArithmetic = true,
        });
        string[] names = ["parameter", .. optimizer.State.Names];
        for (int step = 1; step <= options.Steps; step++)
        {
            RuleInputs.Step(optimizer, buffer, unchecked(options.Seed + step), special, reference, cancellation);

            show(step, names, [buffer.Values.ToArray(), .. optimizer.State.Names.Select(name => optimizer.State[name].ToArray())]);
        }

        if (guarded.WrittenGuard() is var (place, value))
        {
            throw RuleAssertionException.Create("a step wrote outside its parameters", TRule.Schema.Name, ElementName,
                reference ? "The declaration" : How(width, threads, special, options), "element", length, options.Steps, place,
                double.CreateTruncating(GuardedBuffer<T>.GuardValue), double.CreateTruncating(value));
        }
    }

    private static void RequireSame(string[] names, T[][] expected, T[][] actual, bool declaration, string how, int length, int step)
    {
        for (int member = 0; member < names.Length; member++)
        {
            int place = Bits.FirstDifference<T>(expected[member], actual[member]);
            if (place >= 0)
            {
                throw RuleAssertionException.Create(declaration ? "the kernel differs from the declaration"
                    : "the kernel differs from the one-lane kernel",
                    TRule.Schema.Name, ElementName, how, names[member], length, step, place,
                    double.CreateTruncating(expected[member][place]), double.CreateTruncating(actual[member][place]));
            }
        }
    }

    private static string How(SimdWidth width, int threads, bool special, RuleAssertOptions options)
    {
        string lanes = width switch
        {
            SimdWidth.Scalar => "One lane",
            SimdWidth.Widest => "The widest vectors",
            _ => $"{(int)width} bits",
        };
        return $"{lanes} on {threads} {(threads == 1 ? "thread" : "threads")}, {(special ? "special" : "ordinary")} values of seed {options.Seed}";
    }

    private static string ElementName => Bits.NameOf<T>();
}
