using System.Numerics;
using Xunit;

namespace OptDsl.Conformance.Tests.Harness;

/// <summary>One bad gradient or parameter among good ones, at every place: the pass must notice what a full scan finds.</summary>
internal static class FaultCheck<T, TRule>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    // Four unrolled 512-bit vectors of float, one more, and a tail.
    private const int Length = 83;

    internal static void Run(TRule rule, SimdWidth width)
    {
        // The square of the last one overflows, which only a state may show.
        foreach (T bad in (T[])[T.NaN, T.PositiveInfinity, T.NegativeInfinity, T.BitDecrement(T.PositiveInfinity)])
        {
            for (int place = 0; place < Length; place += 5)
            {
                Step(rule, width, bad, place, inGradient: true);
                Step(rule, width, bad, place, inGradient: false);
            }
        }
    }

    private static void Step(TRule rule, SimdWidth width, T bad, int place, bool inGradient)
    {
        using var parameters = new ParameterBuffer<T>();
        ParameterTensor<T> tensor = parameters.Add("p", [Length]);
        TestData.Fill(tensor.Values, seed: 1, special: false);
        TestData.Fill(tensor.Gradients, seed: 2, special: false);
        (inGradient ? tensor.Gradients : tensor.Values)[place] = bad;
        Optimizer<T, TRule> optimizer = parameters.Optimize(rule,
            new OptimizerOptions { Width = width, AllowEmulatedFusedArithmetic = true });
        NonFiniteException? thrown = null;
        try
        {
            RuleInputs.Advance(optimizer, parameters, 3, reference: false, TestContext.Current.CancellationToken);
        }
        catch (NonFiniteException exception)
        {
            thrown = exception;
        }

        // Squares of the largest double overflow in a reduction or in what is made of it, which is named although every value is finite.
        if (thrown is not null && bad == T.BitDecrement(T.PositiveInfinity)
            && (IsOfMoreThanOne(thrown.Quantity) || IsInfiniteInFloatAlone(thrown)))
        {
            return;
        }

        bool due = HasFault(tensor.Gradients) || HasFault(tensor.Values);
        foreach (string state in optimizer.State.Names)
        {
            due |= HasFault(optimizer.State[state]);
        }

        Assert.True(due == thrown is not null,
            $"{typeof(TRule).Name} in {typeof(T).Name} at width {width}: {bad} at {place} in the {(inGradient ? "gradient" : "parameter")} was {(due ? "missed" : "reported for nothing")}");

        // What a reduction has taken from a parameter, or made of a finite gradient, is everywhere; of a bad gradient it is the place that
        // is named.
        bool spreads = (!inGradient || T.IsFinite(bad)) && TRule.Schema.Reductions.Length > 0;
        Assert.True(thrown is null || spreads || thrown.Index == place, $"{typeof(TRule).Name}: reported at {thrown?.Index}, not {place}");
    }

    private static bool IsInfiniteInFloatAlone(NonFiniteException thrown)
        => typeof(T) == typeof(float) && double.IsFinite(thrown.Value) && Math.Abs(thrown.Value) > float.MaxValue;

    private static bool IsOfMoreThanOne(string quantity)
        => TRule.Schema.Members.Any(member => member.Name == quantity && member.Reduction is not null)
            || TRule.Schema.States.Any(state => state.Name == quantity && state.Kind != StateKind.PerParameter);

    private static bool HasFault(ReadOnlySpan<T> values)
    {
        foreach (T value in values)
        {
            if (!T.IsFinite(value))
            {
                return true;
            }
        }

        return false;
    }
}
