using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using OptDsl.Conformance.Tests.Harness;
using Xunit;

namespace OptDsl.Conformance.Tests.Disassembly;

/// <summary>What decides a kernel's speed, counted in the compiler's own listing: calls, spilled values, roots and divisions.</summary>
/// <remarks>
/// With AVX2 alone there are 16 registers and not 32: who needs no stack there needs none elsewhere. Another version of the
/// runtime may compile otherwise; then these counts are to be taken anew, and the benchmark with them.
/// </remarks>
public class DisassemblyTests
{
    private const string WidthVariable = "OPTDSL_DISASSEMBLED_WIDTH";

    // Bodies in a kernel: four unrolled, and one for the vectors that are left.
    private const int Bodies = 5;

    // Roots and divisions of one body. RmsPropVariance divides by the variance itself; a window's correction is a factor.
    private static readonly Dictionary<string, (int Roots, int Divisions)> Shipped = new()
    {
        ["Sgd"] = (0, 0),
        ["Momentum"] = (0, 0),
        ["NesterovMomentum"] = (0, 0),
        ["AdaGrad"] = (1, 1),
        ["RmsProp"] = (1, 1),
        ["Adam"] = (1, 1),
        ["AdamW"] = (1, 1),
        ["Lion"] = (0, 0),
        ["VelocityMomentum"] = (0, 0),
        ["MeanMomentum"] = (0, 0),
        ["RmsPropRootEpsilon"] = (1, 1),
        ["RmsPropVariance"] = (0, 1),
        ["GrowingWindowAdam"] = (1, 1),
    };

    // Rules of the tests that hold more values than there are registers: at most so many stores to the stack, of all bodies.
    private static readonly Dictionary<string, int> StackStores = new()
    {
        ["Selecting"] = 53,
        ["Functions"] = 58,
        ["Guarded"] = 7,
        ["Past"] = 19,
        ["FusedMany"] = 23,
        ["Approximations"] = 32,

        // The address of the columns' values.
        ["Sm3"] = 1,

        // More uniforms and values live at once than there are registers of 256 bits.
        ["Adopt"] = 3,
        ["CorrectedPreconditionedLangevin"] = 12,
        ["RAdam"] = 7,
        ["Complete"] = 79,
        ["Kinds"] = 7,
        ["CautiousLion"] = 3,
        ["Ftrl"] = 16,
        ["Lamb"] = 10,
        ["Prodigy"] = 8,
        ["StableAdamW"] = 7,

        // Constants of the branches that its enums choose between, and of the watch for what is not finite.
        ["Formed"] = 23,

        // Values that live over the cube root's call.
        ["Madgrad"] = 13,
    };

    // An approximate function is one call a vector, and with one the body is not unrolled.
    private static readonly Dictionary<string, int> Calls = new() { ["Approximations"] = 12, ["Madgrad"] = 1 };

    [Fact]
    public async Task Kernels_of_256_bits_call_nothing_and_spill_no_more_than_stated()
    {
        RequireVersion();
        Assert.SkipUnless(Avx2.IsSupported && Fma.IsSupported, "The processor has no AVX2 and FMA.");
        Check(await Compile(SimdWidth.Bits256, avx512: false));
    }

    [Fact]
    public async Task Kernels_of_512_bits_call_nothing_and_spill_no_more_than_stated()
    {
        RequireVersion();
        Assert.SkipUnless(Vector512.IsHardwareAccelerated,
            "The processor has no vectors of 512 bits, or the runtime prefers not to use them.");
        Check(await Compile(SimdWidth.Bits512, avx512: true));
    }

    private static void RequireVersion()
        => Assert.SkipUnless(Environment.Version is { Major: 10, Minor: 0 },
            $"The counts are those of .NET 10.0, not {Environment.Version}.");

    private static void Check(IReadOnlyList<KernelListing> kernels)
    {
        foreach (string rule in Shipped.Keys.Concat(StackStores.Keys))
        {
            Assert.Equal([false, true], kernels.Where(kernel => kernel.Rule == rule).Select(kernel => kernel.Reports).Order());
        }

        Assert.All(kernels, kernel =>
        {
            Assert.True(
                kernel.Calls == Calls.GetValueOrDefault(kernel.Rule) && kernel.Scalars == 0,
                $"{kernel}: a kernel must compute no single numbers, and call nothing but approximate functions.");
            int bound = StackStores.GetValueOrDefault(kernel.Rule);
            Assert.True(kernel.StackStores <= bound, $"{kernel}: at most {bound} stack stores were stated.");
            if (Shipped.TryGetValue(kernel.Rule, out (int Roots, int Divisions) body))
            {
                Assert.True((kernel.Roots, kernel.Divisions) == (Bodies * body.Roots, Bodies * body.Divisions),
                    $"{kernel}: {body.Roots} roots and {body.Divisions} divisions are due in each of {Bodies} bodies.");
            }
        });
    }

    private static async Task<IReadOnlyList<KernelListing>> Compile(SimdWidth width, bool avx512)
    {
        string listing = Path.GetTempFileName();
        try
        {
            await ChildProcess.Run(
                typeof(Child), ("DOTNET_EnableAVX512", avx512 ? "1" : "0"), ("DOTNET_JitDisasm", "Sweep Sweep0"),
                    ("DOTNET_JitStdOutFile", listing),
                (WidthVariable, width.ToString()));
            return KernelListing.Read(listing, width);
        }
        finally
        {
            File.Delete(listing);
        }
    }

    /// <summary>What a child process runs: every kernel of a width.</summary>
    public class Child
    {
        [Fact(Explicit = true)]
        public void Every_kernel_is_compiled()
        {
            SimdWidth width = Enum.Parse<SimdWidth>(Environment.GetEnvironmentVariable(WidthVariable) ?? nameof(SimdWidth.Bits256));
            foreach (RuleCase rule in AllRules.Cases)
            {
                rule.WidthsAgree(new RuleAssertOptions { Lengths = [133], Widths = [width], Threads = [1], SpecialValues = false });
                rule.NoFaultIsMissed(width);
            }
        }
    }
}
