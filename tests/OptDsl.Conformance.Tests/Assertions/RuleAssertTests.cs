using OptDsl.Conformance.Tests.Rules;
using OptDsl.Rules;
using Xunit;

namespace OptDsl.Conformance.Tests.Assertions;

/// <summary>The assertions pass what keeps the promises and, above all, fail what does not.</summary>
public class RuleAssertTests
{
    private static readonly RuleAssertOptions Few = new() { Lengths = [0, 1, 5, 8, 133], Threads = [1, 2] };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void What_keeps_the_promises_passes()
    {
        RuleAssert.KernelEqualsDeclaration(new Adam(), cancellation: Token);
        RuleAssert.KernelEqualsDeclaration(new FusedMany(), Few, Token);
        RuleAssert.KernelEqualsDeclaration<float, SingleAdam>(new SingleAdam(), Few, Token);
        RuleAssert.StateRoundTrip(new UniformProduct(), Few, Token);
        RuleAssert.StateRoundTrip<float, SingleAdam>(new SingleAdam(), Few, Token);
        RuleAssert.KernelEqualsDeclaration(new TamperedRule<With.None>(), Few, Token);
        RuleAssert.StateRoundTrip(new TamperedRule<With.None>(), Few, Token);
        Assert.InRange(RuleAssert.FloatDistance(new TamperedRule<With.None>(), 4, Few, Token), 1, 4);
    }

    [Fact]
    public void One_bit_at_one_width_fails_and_is_named()
    {
        RuleAssertionException thrown = Assert.Throws<RuleAssertionException>(() =>
            RuleAssert.KernelEqualsDeclaration<double, TamperedRule<With.OneBit>>(new(), Few, Token));
        Assert.Equal(("Tampered", "double", "parameter", 8, 1, 5),
            (thrown.Rule, thrown.Element, thrown.Member, thrown.Length, thrown.Step, thrown.Index));
        Assert.Equal(double.BitIncrement(thrown.Expected), thrown.Actual);
        Assert.Matches(
            "^Tampered in double: the kernel differs from the declaration. 256 bits on 1 thread, ordinary values of seed 1, 8 parameters, after step 1: parameter 5 should be [-0-9.E]+ and is [-0-9.E]+.$", thrown.Message);
        RuleAssert.KernelEqualsDeclaration<double, TamperedRule<With.OneBit>>(new(),
            Few with { Widths = [SimdWidth.Scalar, SimdWidth.Bits128, SimdWidth.Bits512] }, Token);
    }

    [Fact]
    public void A_state_that_differs_fails_and_is_named()
    {
        RuleAssertionException thrown = Assert.Throws<RuleAssertionException>(() =>
            RuleAssert.KernelEqualsDeclaration(new TamperedRule<With.State>(), Few, Token));
        Assert.Equal("Velocity", thrown.Member);
    }

    [Fact]
    public void What_only_special_values_show_fails_with_them()
    {
        RuleAssertionException thrown = Assert.Throws<RuleAssertionException>(() =>
            RuleAssert.KernelEqualsDeclaration(new TamperedRule<With.Saturating>(), Few, Token));
        Assert.Contains("special values", thrown.Message, StringComparison.Ordinal);
        RuleAssert.KernelEqualsDeclaration(new TamperedRule<With.Saturating>(), Few with { SpecialValues = false }, Token);
    }

    [Fact]
    public void A_write_past_the_end_fails()
    {
        RuleAssertionException thrown = Assert.Throws<RuleAssertionException>(() =>
            RuleAssert.KernelEqualsDeclaration(new TamperedRule<With.PastTheEnd>(), Few, Token));
        Assert.Contains("wrote outside its parameters", thrown.Message, StringComparison.Ordinal);
        Assert.Equal((1, 1, 1), (thrown.Length, thrown.Index, thrown.Actual));
    }

    [Fact]
    public void What_depends_on_the_tiles_of_threads_fails()
    {
        RuleAssertOptions one = Few with { Lengths = [133], Threads = [1] };
        RuleAssert.KernelEqualsDeclaration(new TamperedRule<With.Tile>(), one, Token);
        RuleAssertionException thrown = Assert.Throws<RuleAssertionException>(() =>
            RuleAssert.KernelEqualsDeclaration(new TamperedRule<With.Tile>(), one with { Threads = [1, 2] }, Token));
        Assert.Contains("on 2 threads", thrown.Message, StringComparison.Ordinal);
        Assert.Throws<RuleAssertionException>(() =>
            RuleAssert.WidthsAgree<float, TamperedRule<With.Tile>>(new(), one with { Threads = [2] }, Token));
    }

    [Fact]
    public void A_coarse_float_kernel_is_far_and_its_widths_still_agree_with_each_other()
    {
        RuleAssertionException thrown = Assert.Throws<RuleAssertionException>(() =>
            RuleAssert.FloatDistance(new TamperedRule<With.Coarse>(), 100, Few, Token));
        Assert.Equal("float", thrown.Element);
        Assert.InRange(RuleAssert.FloatDistance(new TamperedRule<With.Coarse>(), double.PositiveInfinity, Few, Token), 10_000, 20_000);
        RuleAssert.KernelEqualsDeclaration<double, TamperedRule<With.Coarse>>(new(), Few, Token);
        Assert.Throws<ArgumentException>(() => RuleAssert.KernelEqualsDeclaration<float, TamperedRule<With.Coarse>>(new(), Few, Token));
        RuleAssert.WidthsAgree<float, TamperedRule<With.Coarse>>(new(), Few, Token);
    }

    [Fact]
    public void Memory_outside_the_states_fails_the_round_trip()
    {
        RuleAssertionException thrown = Assert.Throws<RuleAssertionException>(() =>
            RuleAssert.StateRoundTrip(new TamperedRule<With.Hidden>(), Few, Token));
        Assert.Contains("does not continue like the original", thrown.Message, StringComparison.Ordinal);
    }

    /// <summary>The bounds are the largest k found over the default data, rounded up.</summary>
    [Fact]
    public void Float_kernels_lie_near_their_declarations()
    {
        Near(new Sgd(), 2);
        Near(new Momentum(), 7);
        Near(new NesterovMomentum(), 5);
        Near(new AdaGrad(), 3);
        Near(new RmsProp(), 4);
        Near(new Adam(), 5);
        Near(new AdamW(), 5);
    }

    [Fact]
    public void Nothing_to_try_is_refused_and_a_cancelled_token_stops()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            RuleAssert.KernelEqualsDeclaration(new Sgd(), new RuleAssertOptions { Lengths = [] }, Token));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            RuleAssert.KernelEqualsDeclaration(new Sgd(), new RuleAssertOptions { Widths = [] }, Token));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            RuleAssert.KernelEqualsDeclaration(new Sgd(), new RuleAssertOptions { Threads = [] }, Token));
        Assert.Throws<ArgumentOutOfRangeException>(() => RuleAssert.StateRoundTrip(new Sgd(), new RuleAssertOptions { Steps = 0 }, Token));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            RuleAssert.StateRoundTrip(new Sgd(), new RuleAssertOptions { Lengths = [-1] }, Token));
        Assert.Throws<ArgumentOutOfRangeException>(() => RuleAssert.FloatDistance(new Sgd(), double.NaN, cancellation: Token));
        Assert.Throws<OperationCanceledException>(() =>
            RuleAssert.KernelEqualsDeclaration(new Sgd(), cancellation: new CancellationToken(canceled: true)));
        Assert.Throws<ArgumentNullException>(() => RuleAssert.StateRoundTrip<double, Sgd>(null!, cancellation: Token));
    }

    private static void Near<TRule>(TRule rule, double bound)
        where TRule : class, IUpdateRule<double>, IUpdateRule<float>
    {
        double found = RuleAssert.FloatDistance(rule, bound, cancellation: Token);
        Assert.True(found > bound / 2, $"{rule}: with a k of {found} the bound {bound} says little.");
    }

    internal static class With
    {
        internal sealed class None : IFault
        {
            public static Fault Fault => Fault.None;
        }

        internal sealed class OneBit : IFault
        {
            public static Fault Fault => Fault.OneBit;
        }

        internal sealed class Saturating : IFault
        {
            public static Fault Fault => Fault.Saturating;
        }

        internal sealed class PastTheEnd : IFault
        {
            public static Fault Fault => Fault.PastTheEnd;
        }

        internal sealed class Tile : IFault
        {
            public static Fault Fault => Fault.Tile;
        }

        internal sealed class Hidden : IFault
        {
            public static Fault Fault => Fault.Hidden;
        }

        internal sealed class Coarse : IFault
        {
            public static Fault Fault => Fault.Coarse;
        }

        internal sealed class State : IFault
        {
            public static Fault Fault => Fault.State;
        }
    }
}
