using OptDsl.Conformance.Tests.Harness;
using Xunit;

namespace OptDsl.Conformance.Tests;

/// <summary>The promise: the kernel is the declaration, whatever the width, length, alignment and values.</summary>
public class KernelEqualityTests
{
    private const string ChildVariable = "OPTDSL_EXPECTED_WIDTH";

    private static readonly SimdWidth[] Widths = [SimdWidth.Scalar, SimdWidth.Bits128, SimdWidth.Bits256, SimdWidth.Bits512];

    // Every length of the defaults; threads have a test of their own.
    private static readonly RuleAssertOptions OneThread = new() { Threads = [1] };

    public static TheoryData<string> Rules => [.. AllRules.Cases.Select(rule => rule.Name)];

    public static TheoryData<string> StrictRules
        => [.. AllRules.Cases.Where(rule => rule.Arithmetic == Arithmetic.Strict).Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(StrictRules))]
    public void A_strict_kernel_equals_its_declaration(string rule) => AllRules.Named(rule).KernelEqualsDeclaration(OneThread);

    [Theory]
    [MemberData(nameof(Rules))]
    public void Widths_agree_in_double_and_in_float(string rule) => AllRules.Named(rule).WidthsAgree(OneThread);

    [Theory]
    [MemberData(nameof(Rules))]
    public void Numbers_of_threads_agree(string rule)
    {
        var options = new RuleAssertOptions { Lengths = [133, 1025, 4097], Threads = [2, 3, 7], Steps = 2 };
        AllRules.Named(rule).KernelEqualsDeclaration(options);
        AllRules.Named(rule).WidthsAgree(options with { SpecialValues = false });
    }

    /// <summary>Catches a row taken for a column, a tile that ends within a row, and a sum over the wrong tensors.</summary>
    [Theory]
    [MemberData(nameof(Rules))]
    public void Shapes_agree(string rule) => AllRules.Named(rule).ShapesAgree();

    /// <summary>Rules that take a second gradient need the loss, which the other tests do not give.</summary>
    [Fact]
    public void Second_gradients_agree()
    {
        ShapeCheck.Run<double, OptDsl.Rules.SharpnessAware>(new(), declaration: true);
        ShapeCheck.Run<float, OptDsl.Rules.SharpnessAware>(new(), declaration: false);
        ShapeCheck.Run<double, OptDsl.Rules.AdaptiveSharpnessAware>(new(), declaration: true);
        ShapeCheck.Run<float, OptDsl.Rules.AdaptiveSharpnessAware>(new(), declaration: false);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void State_survives_a_round_trip(string rule)
    => AllRules.Named(rule).StateRoundTrip(new RuleAssertOptions { Lengths = [0, 1, 2, 37, 133] });

    [Theory]
    [MemberData(nameof(Rules))]
    public void No_value_that_is_not_finite_goes_unnoticed(string rule)
    {
        foreach (SimdWidth width in Widths)
        {
            AllRules.Named(rule).NoFaultIsMissed(width);
        }
    }

    /// <summary>The same suite on processors with less: the runtime then compiles other instructions for every width.</summary>
    [Theory]
    [InlineData("DOTNET_EnableAVX512", SimdWidth.Bits256)]
    [InlineData("DOTNET_EnableAVX2", SimdWidth.Bits128)]
    [InlineData("DOTNET_EnableHWIntrinsic", SimdWidth.Scalar)]
    public Task The_suite_passes_on_a_lesser_processor(string switchedOff, SimdWidth widest)
        => ChildProcess.Run(typeof(LesserProcessorTests), (switchedOff, "0"), (ChildVariable, widest.ToString()));

    /// <summary>What the child processes run: fewer lengths, all rules.</summary>
    public class LesserProcessorTests
    {
        private static readonly RuleAssertOptions Few = new()
        {
            Lengths = [0, 1, 2, 3, 5, 8, 15, 17, 31, 33, 64, 66, 133],
            Threads = [1, 2]
        };

        [Fact]
        public void Kernels_equal_their_declarations_and_widths_agree()
        {
            string? expected = Environment.GetEnvironmentVariable(ChildVariable);
            using var buffer = new ParameterBuffer<float>();

            // Adam divides, so it runs at the widest there is; a rule that only streams never runs at 512 bits.
            SimdWidth widest = buffer.Optimize(new OptDsl.Rules.Adam()).Width;
            Assert.True(expected is null || widest <= Enum.Parse<SimdWidth>(expected),
                $"The child runs at {widest}, but {expected} was to be its widest.");
            foreach (RuleCase rule in AllRules.Cases)
            {
                rule.WidthsAgree(Few);
                if (rule.Arithmetic == Arithmetic.Strict)
                {
                    rule.KernelEqualsDeclaration(Few);
                }
            }
        }
    }
}
