using System.Numerics;

namespace OptDsl;

/// <summary>
/// Compares an optimizer with optimizers that were restored from its snapshot. All must give the same bits from there on.
/// </summary>
internal static class RoundTrip<T, TRule>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    internal static void Run(TRule rule, RuleAssertOptions options, CancellationToken cancellation)
    {
        options.Validate();
        foreach (int length in options.Lengths)
        {
            // Before the first step, and in between.
            foreach (int steps in (int[])[0, options.Steps])
            {
                Walk(rule, length, steps, options, cancellation);
            }
        }
    }

    private static void Walk(TRule rule, int length, int steps, RuleAssertOptions options, CancellationToken cancellation)
    {
        using ParameterBuffer<T> buffer = Create(length), other = Create(length);
        Optimizer<T, TRule> original = Bind(buffer, rule), copy = Bind(other, rule);
        TestData.Fill(buffer.Values, options.Seed, special: false);
        Advance(original, buffer, 0, steps, options, cancellation);
        OptimizerSnapshot<T> snapshot = original.Snapshot();
        T[] start = buffer.Values.ToArray();
        (T[] values, OptimizerSnapshot<T> end) = Continue(original, buffer, steps, options, cancellation);

        // Restores into an optimizer that has other states.
        TestData.Fill(other.Values, unchecked(options.Seed - 1), special: false);
        Advance(copy, other, 7, options.Steps + 1, options, cancellation);
        Resume(copy, other, "Another optimizer");
        Resume(original, buffer, "The same optimizer");

        void Resume(Optimizer<T, TRule> optimizer, ParameterBuffer<T> parameters, string who)
        {
            start.CopyTo(parameters.Values);
            optimizer.Restore(snapshot);
            RequireSame(snapshot, optimizer.Snapshot(), start, start, $"{who}, restored", length, steps);
            (T[] reached, OptimizerSnapshot<T> last) = Continue(optimizer, parameters, steps, options, cancellation);
            RequireSame(end, last, values, reached, $"{who}, restored after step {steps} and continued", length, steps + options.Steps);
        }
    }

    private static (T[] Values, OptimizerSnapshot<T> State) Continue(
        Optimizer<T, TRule> optimizer, ParameterBuffer<T> buffer, int from, RuleAssertOptions options, CancellationToken cancellation)
    {
        Advance(optimizer, buffer, from, options.Steps, options, cancellation);
        return (buffer.Values.ToArray(), optimizer.Snapshot());
    }

    private static void Advance(Optimizer<T, TRule> optimizer, ParameterBuffer<T> buffer, int from, int steps, RuleAssertOptions options,
        CancellationToken cancellation)
    {
        for (int step = from + 1; step <= from + steps; step++)
        {
            RuleInputs.Step(optimizer, buffer, unchecked(options.Seed + step), special: false, reference: false, cancellation);
        }
    }

    private static void RequireSame(OptimizerSnapshot<T> expected, OptimizerSnapshot<T> actual, T[] expectedValues, T[] actualValues,
        string how, int length, int step)
    {
        Require("step count", [expected.StepCount], [actual.StepCount]);
        Require<T>("parameter", expectedValues, actualValues);
        foreach (StateSchema state in TRule.Schema.States)
        {
            if (state.Kind == StateKind.PerParameter)
            {
                Require(state.Name, expected[state.Name], actual[state.Name]);
            }
            else if (state.Kind != StateKind.Uniform)
            {
                foreach (string tensor in Tensors(length))
                {
                    Require($"{state.Name} of tensor {tensor}", expected.GetTensorState(tensor, state.Name),
                        actual.GetTensorState(tensor, state.Name));
                }
            }
            else
            {
                foreach (string group in Tensors(length))
                {
                    Require($"{state.Name} of group {group}", [expected.GetUniformState(group, state.Name)],
                        [actual.GetUniformState(group, state.Name)]);
                }
            }
        }

        void Require<TValue>(string member, ReadOnlySpan<TValue> expects, ReadOnlySpan<TValue> has)
            where TValue : unmanaged, INumber<TValue>
        {
            for (int i = 0; i < expects.Length; i++)
            {
                double expect = double.CreateTruncating(expects[i]), have = double.CreateTruncating(has[i]);
                if (Bits.FirstDifference<double>([expect], [have]) >= 0)
                {
                    throw RuleAssertionException.Create("a restored optimizer does not continue like the original", TRule.Schema.Name,
                        Bits.NameOf<T>(), how,
                        member, length, step, expects.Length == 1 ? -1 : i, expect, have);
                }
            }
        }
    }

    /// <summary>The names of the tensors, which are also the names of their groups.</summary>
    private static string[] Tensors(int length) => length == 0 ? [] : length == 1 ? ["second"] : ["first", "second"];

    private static ParameterBuffer<T> Create(int length)
    {
        var buffer = new ParameterBuffer<T>();
        if (length > 1)
        {
            buffer.Add("first", [length / 2], "first");
        }

        if (length > 0)
        {
            buffer.Add("second", [length - (length / 2)], "second");
        }

        return buffer;
    }

    private static Optimizer<T, TRule> Bind(ParameterBuffer<T> buffer, TRule rule)
        => buffer.Optimize(rule, new OptimizerOptions { OnNonFinite = OnNonFinite.Ignore, AllowEmulatedFusedArithmetic = true });
}
