using System.Numerics;
using Xunit;

namespace OptDsl.Conformance.Tests.Harness;

/// <summary>
/// Several tensors of several ranks in two groups: what reduces over rows, columns, tensors and groups has the declaration's bits there,
/// too.
/// </summary>
internal static class ShapeCheck
{
    private const int Steps = 3;

    // Below and above a tile, ragged in both directions; the groups lie by turns.
    private static readonly nint[][] Shapes = [[3, 5], [65, 19], [37], [], [2, 3, 4], [1, 9], [9, 1], [300]];

    /// <summary>
    /// Requires that kernels of every width and number of threads have the bits of the declaration, or of the one-lane kernel.
    /// </summary>
    internal static void Run<T, TRule>(TRule rule, bool declaration)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        T[] expected = Walk<T, TRule>(rule, SimdWidth.Scalar, threads: 1, declaration);
        foreach (SimdWidth width in (SimdWidth[])[SimdWidth.Scalar, SimdWidth.Bits128, SimdWidth.Bits256, SimdWidth.Bits512])
        {
            foreach (int threads in (int[])[1, 3])
            {
                T[] actual = Walk<T, TRule>(rule, width, threads, declaration: false);
                int place = Bits.FirstDifference<T>(expected, actual);
                Assert.True(place < 0,
                    $"{typeof(TRule).Name} in {typeof(T).Name} at width {width} on {threads} threads, number {place}: expected {expected[Math.Max(place, 0)]}, got {actual[Math.Max(place, 0)]}");
            }
        }
    }

    /// <summary>Parameters, model and states after the steps.</summary>
    private static T[] Walk<T, TRule>(TRule rule, SimdWidth width, int threads, bool declaration)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        using var parameters = new ParameterBuffer<T>();
        for (int i = 0; i < Shapes.Length; i++)
        {
            parameters.Add($"tensor{i}", Shapes[i], i % 3 == 0 ? "first" : "second");
        }

        TestData.Fill(parameters.Values, seed: 0, special: false);
        Optimizer<T, TRule> optimizer = parameters.Optimize(rule,
            new OptimizerOptions
            {
                Width = width,
                Threads = threads,
                OnNonFinite = OnNonFinite.Ignore,
                AllowEmulatedFusedArithmetic = true
            });
        for (int step = 1; step <= Steps; step++)
        {
            // A pull to the parameters, so that a gradient at another point is another one.
            double Evaluate()
            {
                TestData.Fill(parameters.Gradients, seed: step, special: false);
                for (int i = 0; i < parameters.Count; i++)
                {
                    parameters.Gradients[i] += parameters.Values[i];
                }

                return 1;
            }

            if (declaration)
            {
                optimizer.StepReference(Evaluate, TestContext.Current.CancellationToken);
            }
            else
            {
                optimizer.Step(Evaluate, TestContext.Current.CancellationToken);
            }
        }

        var model = new T[parameters.Count];
        optimizer.Read(model);
        return [.. parameters.Values, .. model, .. optimizer.State.Names.SelectMany(name => optimizer.State[name].ToArray())];
    }
}
