namespace OptDsl.Benchmarks;

/// <summary>One row to come: how it is measured, and what it should reach.</summary>
internal sealed record Entry(string Name, string Element, int Size, int Threads, string Competitor, double? Goal,
    Func<Sampler, Ratios> Measure)
{
    /// <summary>Why it cannot be measured here; null if it can.</summary>
    internal string? Missing { get; init; }

    /// <summary>How far the control may be from 1.</summary>
    internal double Tolerance { get; init; } = .01;
}

/// <summary>What is compared with what, and the goals.</summary>
internal sealed class Plan(bool quick, Rivals rivals)
{
    private const int Small = 4096, Middle = 65_536, Large = 1_048_576, Largest = 16_777_216;
    private const double OfC = .97, OfTensorPrimitives = 2.2, OfBandwidth = .95, OfOneThread = 1.6, OfOpenBlas = .9, OfPlatform = 1,
        OfSystemRandom = 9, OfBlockedC = 2, OfBytes = 1 / 1.15, OfRatings = .5, OfNumpy = 7.5;

    private static readonly int[] Sizes = [Small, Middle, Large, Largest];

    /// <summary>A thousand tensors of a thousand, and ever more and smaller ones.</summary>
    private static readonly Shape[] ManyTensors = [new(1000, 1000), new(10_000, 100), new(50_000, 16)];

    internal IEnumerable<Entry> Entries() =>
    [
        .. AgainstC(),
        .. ManyTensors.Select(shape => C("adam-fused", $"-{shape.Tensors}x{shape.Length}", "adam_fused", shape, OnNonFinite.Throw, OfC)),
        .. AgainstTensorPrimitives(),
        C("adam-fused", "", "bandwidth", new(1, Largest), OnNonFinite.Throw, OfBandwidth) with { Competitor = "bandwidth" },
        .. OnTwoThreads(),
        .. Products(),
        .. Functions(),
        .. Draws(),
        .. Passes(),
        new("ratings-epoch", "float", RatingsContest.Ratings, 1, "bytes-moved", OfRatings, sampler =>
        {
            using var contest = new RatingsContest();
            contest.Verify();
            return sampler.Compare(contest);
        }),
        .. ChainsTogether(),
        .. AgainstTorch(),
        .. AgainstNumpy(),
    ];

    private IEnumerable<Entry> AgainstC()
    {
        foreach (string arithmetic in (string[])["fused", "strict"])
        {
            foreach (string rule in RuleContests.Rules)
            {
                foreach (int size in Sizes)
                {
                    yield return C(rule, arithmetic, size, OnNonFinite.Throw, OfC);
                    if (!quick || (arithmetic == "fused" && rule is "adam" or "momentum" && size <= Middle))
                    {
                        yield return C(rule, arithmetic, size, OnNonFinite.Ignore, OfC);
                    }

                    if (arithmetic == "fused" && rule == "adam")
                    {
                        yield return C(rule, arithmetic, size, OnNonFinite.Refuse, goal: null);
                    }
                }
            }
        }
    }

    private Entry C(string rule, string arithmetic, int size, OnNonFinite check, double? goal)
        => C($"{rule}-{arithmetic}", check switch { OnNonFinite.Throw => "", OnNonFinite.Ignore => "-ignore", _ => "-refuse" },
            $"{rule}_{arithmetic}", new(1, size), check, goal);

    private Entry C(string name, string suffix, string function, Shape shape, OnNonFinite check, double? goal)
    {
        string competitor = function.EndsWith("_strict", StringComparison.Ordinal) ? "c-strict" : "c-avx2";
        return Rule(name, suffix, competitor, shape, check, goal, rate => CRivals.Step(rivals.C!, function, rate),
            verify: function != "bandwidth") with
        {
            Missing = rivals.C is null ? rivals.NoC : null,
        };
    }

    private IEnumerable<Entry> AgainstTensorPrimitives()
    {
        foreach (string rule in quick ? ["adam"] : RuleContests.Rules)
        {
            foreach (int size in quick ? [Middle, Large] : Sizes)
            {
                // The goal is Adam's; the others have fewer operations to compose, and so less to lose.
                yield return Rule(
                    rule + "-fused", "", "tensor-primitives", new(1, size), OnNonFinite.Throw, rule == "adam" ? OfTensorPrimitives : null,
                    rate => TensorPrimitivesRival.Step(rule, rate), verify: true);
            }
        }
    }

    private IEnumerable<Entry> OnTwoThreads()
    {
        foreach (int size in (int[])[Small, 16_384, Middle, Large, Largest])
        {
            double? goal = size == Largest ? OfOneThread : size <= 16_384 ? .97 : null;
            yield return Threads(new FusedAdam(RuleContests.TimingRate), "adam-fused", size, goal);
            if (!quick)
            {
                yield return Threads(new FusedMomentum(RuleContests.TimingRate), "momentum-fused", size, goal);
            }
        }
    }

    private IEnumerable<Entry> Products()
    {
        int[] sides = quick ? [100, 256, 512] : [96, 100, 128, 192, 256, 384, 512];
        foreach (int side in sides)
        {
            yield return Product("float", side, blas => new ProductContest<float>(blas, side));
            yield return Product("double", side, blas => new ProductContest<double>(blas, side));
        }
    }

    /// <summary>
    /// What a draw of a target of one component costs with one chain, over what it costs with many: it grows until vectors are full, and
    /// then no more.
    /// </summary>
    private static IEnumerable<Entry> ChainsTogether()
        => ((int[])[2, 8, 32, 64, 128, 256]).Select(chains => new Entry("chains-of-one", "double", chains, 1, "one-chain", null, sampler =>
    {
        using var contest = new ChainsContest(chains);
        contest.Verify();
        return sampler.Compare(contest);
    })
        { Tolerance = .1 });

    private IEnumerable<Entry> AgainstTorch()
    {
        if (rivals.Torch is not { } torch)
        {
            yield break;
        }

        foreach ((Shape shape, double goal) in ((Shape, double)[])[(new(1, Small), 15), (new(1, Middle), 4.5), (new(1, Large), 4.5),
            (new(1, Largest), 4.5), (new(1000, 1000), 20)])
        {
            string suffix = shape.Tensors == 1 ? "" : $"-{shape.Tensors}x{shape.Length}";
            yield return new("adam-fused" + suffix, "float", shape.Count, 1, "torch", goal, sampler =>
            {
                using Contest contest = RuleContests.Create("adam-fused", (in Memory _, int _) => { }, shape, RuleContests.TimingRate,
                    OnNonFinite.Throw, bitwise: false);
                return torch.Compare(FormattableString.Invariant($"adam {shape.Tensors} {shape.Length}"), contest, sampler);
            })
            { Tolerance = .1 };
            if (shape.Count == Small || shape.Tensors > 1)
            {
                // There PyTorch's time is that of its calls: its arithmetic, in C, stands beside it.
                yield return C("adam-fused", suffix + "-torch-arithmetic", "adam_torch", shape, OnNonFinite.Throw, goal: null);
            }
        }

        // A gradient and a step of GroupRMSprop, against a loop with einsum; the last two with everything observed.
        foreach ((int order, int side, int components, int observed, double? goal) in ((int, int, int, int, double?)[])[(3, 8, 64, 300, 10),
            (4, 10, 100, 2000, 4), (3, 30, 30, 27_000, null), (4, 10, 100, 10_000, null)])
        {
            string all = observed == (int)Math.Pow(side, order) ? "-all" : "";
            yield return new($"cp-order{order}{all}", "float", observed, 1, "torch", goal, sampler =>
            {
                using var contest = new CpContest(order, side, components, observed);
                contest.Verify();
                return torch.Compare(FormattableString.Invariant($"cp {order} {side} {components} {observed}"), contest, sampler);
            })
            { Tolerance = .1 };
        }

        yield return new("langevin", "float", Large, 1, "torch", 3, sampler =>
        {
            using var contest = new LangevinContest(Large);
            contest.Verify();
            return torch.Compare(FormattableString.Invariant($"langevin {Large}"), contest, sampler);
        })
        { Tolerance = .1 };

        // Three was set against .56 to .72 ms an iteration. In processor time on one quiet thread PyTorch takes .2, and three dense
        // products at the processor's peak, which nobody can do without, a fourth of that.
        foreach (string kind in (string[])["deep", "deep-by-hand"])
        {
            yield return Deep(torch, kind, 100, 2000, 3);
            yield return Deep(torch, kind, 512, 20_000, 1);
        }
    }

    private IEnumerable<Entry> AgainstNumpy()
    {
        if (rivals.Numpy is not { } numpy)
        {
            yield break;
        }

        // Draws are worth as much on both sides, so that this is effective draws a second. NumPy has no second thread for it; ours has, in
        // time that passes.
        foreach (int threads in (int[])[1, 2])
        {
            yield return new("mala", "float", MetropolisContest.Chains * MetropolisContest.Dimensions, threads, "numpy",
                threads == 2 ? 10 : null, sampler =>
            {
                using var contest = new MetropolisContest(threads);
                contest.Verify();
                return numpy.Compare(FormattableString.Invariant($"mala {MetropolisContest.Chains} {MetropolisContest.Dimensions}"),
                    contest, sampler);
            })
            {
                Missing = threads > Environment.ProcessorCount ? "one processor"
                    : threads > 1 && Clock.MachineIsBusy() ? "the machine is busy" : null,
                Tolerance = .1,
            };
        }

        // Twenty was set against a script that takes 101 microseconds for a transition of 200 chains. Written in as few operations as here
        // NumPy takes 40, with the mixture's components in arrays or by the odds of the two.
        yield return new("simulated-tempering", "double", TemperingContest.Chains, 1, "numpy", OfNumpy, sampler =>
        {
            using var contest = new TemperingContest();
            contest.Verify();
            return numpy.Compare(FormattableString.Invariant($"tempering {TemperingContest.Chains}"), contest, sampler);
        })
        { Tolerance = .1 };
    }

    private static Entry Deep(PythonRival torch, string kind, int side, int observed, double goal)
        => new("deep-factorization-3", "float", side, 1, "torch-" + kind, goal, sampler =>
    {
        using var contest = new DeepFactorizationContest(side, depth: 3, observed);
        contest.Verify();
        return torch.Compare(FormattableString.Invariant($"{kind} {side} 3 {observed}"), contest, sampler);
    })
        { Tolerance = .1 };

    private static Entry Rule(string name, string suffix, string competitor, Shape shape, OnNonFinite check, double? goal,
        Func<double, RivalStep> rival, bool verify)
        => new(name + suffix, "float", shape.Count, 1, competitor, goal, sampler =>
        {
            bool bitwise = competitor == "c-strict";
            if (verify)
            {
                Shape odd = shape.Tensors == 1 ? new(1, Math.Min(shape.Length, 100_000) + 5) : new(3, shape.Length);
                using Contest checking = RuleContests.Create(name, rival(RuleContests.CheckingRate), odd, RuleContests.CheckingRate, check,
                    bitwise);
                checking.Verify();
            }

            using Contest contest = RuleContests.Create(name, rival(RuleContests.TimingRate), shape, RuleContests.TimingRate, check,
                bitwise);
            return sampler.Compare(contest);
        })
        { Tolerance = ToleranceOf(shape.Count) };

    private static Entry Threads<TRule>(TRule rule, string name, int size, double? goal)
        where TRule : class, IUpdateRule<float>
        => new(name, "float", size, 2, "one-thread", goal, sampler =>
        {
            // Up to there the library's own choice is one thread; from there, two.
            using var contest = new ThreadsContest<TRule>(rule, size, threads: size <= 16_384 ? 0 : 2);
            contest.Verify();
            return sampler.Compare(contest);
        })
        {
            Missing = Environment.ProcessorCount < 2 ? "one processor" : Clock.MachineIsBusy() ? "the machine is busy" : null,
            Tolerance = ToleranceOf(size),
        };

    private Entry Product(string element, int side, Func<OpenBlas, Contest> create)
        => new("product", element, side, 1, "openblas", OfOpenBlas, sampler =>
    {
        using Contest contest = create(rivals.Blas!);
        contest.Verify();
        return sampler.Compare(contest);
    })
        { Missing = rivals.Blas is null ? "OpenBLAS is not installed" : null };

    private IEnumerable<Entry> Functions() => FunctionContests.All
        .Where(function => !quick || function.Element == "float")
        .Select(function => Checked(function.Name, function.Element, Small, "platform", OfPlatform, function.Create));

    private IEnumerable<Entry> Draws()
    {
        foreach (int size in (int[])[Middle, Large])
        {
            yield return Checked("normals", "float", size, "system-random", OfSystemRandom,
                () => new NoiseContest(size, new RandomNormals()));
            yield return Checked("normals", "float", size, "c-libmvec", OfBlockedC,
                () => new NoiseContest(size, new LibraryNormals(rivals.C!))) with
            {
                Missing = rivals.C is null ? rivals.NoC : null,
            };
        }
    }

    /// <summary>Rules of more than one pass, and rules with noise.</summary>
    private IEnumerable<Entry> Passes()
    {
        foreach (int size in (int[])[Middle, Large, Largest])
        {
            yield return OfLibrary(
                Checked("clip-fused", "float", size, "bytes", OfBytes,
                    () => new PassContest<FusedClip>(new FusedClip(), size, PassRivals.ClipBytes(rivals.C!), equal: false)));
        }

        foreach (int size in (int[])[Middle, Large])
        {
            yield return OfLibrary(
                Checked("langevin-fused", "float", size, "c-libmvec", OfBlockedC,
                    () => new PassContest<FusedLangevin>(new FusedLangevin(), size, PassRivals.Langevin(rivals.C!), equal: true)));
            yield return Checked("langevin-fused", "float", size, "system-random", OfSystemRandom,
                () => new PassContest<FusedLangevin>(new FusedLangevin(), size, PassRivals.LangevinByRandom(), equal: false));
        }

        Entry OfLibrary(Entry entry) => entry with { Missing = rivals.C is null ? rivals.NoC : null };
    }

    private static Entry Checked(string name, string element, int size, string competitor, double goal, Func<Contest> create)
        => new(name, element, size, 1, competitor, goal, sampler =>
    {
        using Contest contest = create();
        contest.Verify();
        return sampler.Compare(contest);
    })
        { Tolerance = ToleranceOf(size) };

    private static double ToleranceOf(int size) => size >= Large ? .03 : .01;
}
