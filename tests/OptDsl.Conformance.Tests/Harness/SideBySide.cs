using System.Numerics;
using System.Runtime.InteropServices;
using Xunit;

namespace OptDsl.Conformance.Tests.Harness;

/// <summary>Two optimizers of one rule on equal, unaligned memory between guard elements, stepped together.</summary>
internal static unsafe class SideBySide<T, TRule>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    private const int Steps = 4, Guard = 19;

    /// <param name="rule">The rule.</param>
    /// <param name="length">Parameters, in two tensors.</param>
    /// <param name="width">The width of the kernel under test.</param>
    /// <param name="special">Whether gradients and parameters hold NaN, infinities, denormals and negative zeros.</param>
    /// <param name="declaration">Beside the declaration itself; else beside the one-lane kernel.</param>
    internal static void Run(TRule rule, int length, SimdWidth width, bool special, bool declaration)
    {
        // An odd offset from the alignment, another one for the gradients.
        int misalignment = 1 + (length % 5);
        T* memory = (T*)NativeMemory.AlignedAlloc((nuint)((4 * (length + (2 * Guard) + 8)) * sizeof(T)), 64);
        try
        {
            T* left = memory + Guard + misalignment, leftGradients = left + length + Guard + 1;
            T* right = leftGradients + length + Guard + 2, rightGradients = right + length + Guard;
            var whole = new Span<T>(memory, 4 * (length + (2 * Guard) + 8));
            whole.Fill(T.CreateTruncating(12345));
            TestData.Fill(new Span<T>(left, length), seed: 1, special);
            new Span<T>(left, length).CopyTo(new Span<T>(right, length));
            T[] before = whole.ToArray();

            using var tested = ParameterBuffer<T>.Adopt(left, leftGradients, length);
            using var expected = ParameterBuffer<T>.Adopt(right, rightGradients, length);
            Optimizer<T, TRule> kernel = Bind(tested, rule, length, width), reference = Bind(expected, rule, length, SimdWidth.Scalar);
            for (int step = 1; step <= Steps; step++)
            {
                TestData.Fill(new Span<T>(leftGradients, length), seed: 1 + step, special);
                new Span<T>(leftGradients, length).CopyTo(new Span<T>(rightGradients, length));
                kernel.Step();
                if (declaration)
                {
                    reference.StepReference();
                }
                else
                {
                    reference.Step();
                }

                string where = $"{typeof(TRule).Name} on {length} {typeof(T).Name}, width {width}, step {step}";
                RequireSame(expected.ReadOnlyValues, tested.ReadOnlyValues, $"{where}: parameter");
                foreach (string state in kernel.State.Names)
                {
                    RequireSame(reference.State[state], kernel.State[state], $"{where}: {state}");
                }
            }

            RequireGuards(before, whole, memory, [left, leftGradients, right, rightGradients], length);
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    private static Optimizer<T, TRule> Bind(ParameterBuffer<T> buffer, TRule rule, int length, SimdWidth width)
    {
        if (length > 1)
        {
            buffer.Add("first", [length / 2]);
        }

        if (length > 0)
        {
            buffer.Add("second", [length - (length / 2)]);
        }

        return buffer.Optimize(rule, new OptimizerOptions { Width = width, OnNonFinite = OnNonFinite.Ignore, AllowEmulatedFusedArithmetic = true });
    }

    /// <summary>NaN equals NaN, whatever its sign and payload; everything else bit for bit.</summary>
    private static void RequireSame(ReadOnlySpan<T> expected, ReadOnlySpan<T> actual, string what)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            bool same = T.IsNaN(expected[i]) ? T.IsNaN(actual[i]) : expected[i].Equals(actual[i]) && T.IsNegative(expected[i]) == T.IsNegative(actual[i]);
            if (!same)
            {
                Assert.Fail($"{what} {i}: expected {expected[i]}, got {actual[i]}");
            }
        }
    }

    private static void RequireGuards(T[] before, Span<T> after, T* memory, T*[] runs, int length)
    {
        for (int i = 0; i < before.Length; i++)
        {
            bool inside = false;
            foreach (T* run in runs)
            {
                inside |= memory + i >= run && memory + i < run + length;
            }

            Assert.True(inside || before[i] == after[i], $"{typeof(TRule).Name} on {length}: element {i} outside the parameters was written");
        }
    }
}
