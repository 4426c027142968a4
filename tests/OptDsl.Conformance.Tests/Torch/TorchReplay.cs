using System.Numerics;
using Xunit;

namespace OptDsl.Conformance.Tests.Torch;

/// <summary>Makes the steps of a recorded run, by the kernel and by the declaration.</summary>
internal static class TorchReplay
{
    // Single-tensor PyTorch rounds to float after every operation; plain descent has no denominator to tame that.
    private const double Double = 1e-12, Single = 4e-6, SingleDescent = 1e-3;

    /// <summary>Follows a run in its element.</summary>
    /// <param name="run">The run.</param>
    /// <param name="rule">The rule with the run's settings.</param>
    /// <param name="states">PyTorch's states, and the rule's members that are the same.</param>
    /// <param name="exact">The tolerance in double, where it is not that of all.</param>
    /// <param name="ownDecay">Whether the rule adds its L2 penalty itself; else the gradients given hold it.</param>
    internal static void Follow<TRule>(TorchRun run, TRule rule, (string Torch, string Ours)[] states, double exact = Double,
        bool ownDecay = false)
        where TRule : class, IUpdateRule<double>, IUpdateRule<float>
    {
        foreach (bool declaration in (bool[])[false, true])
        {
            if (run.IsDouble)
            {
                Walk<double, TRule>(run, rule, [TorchRun.Start.Length], exact, declaration, states, ownDecay);
            }
            else
            {
                Walk<float, TRule>(run, rule, [TorchRun.Start.Length], run.Optimizer is "SGD" or "ASGD" ? SingleDescent : Single,
                    declaration, states, ownDecay);
            }
        }
    }

    /// <summary>Follows a run over tensors of those lengths.</summary>
    internal static void Walk<T, TRule>(TorchRun run, TRule rule, int[] lengths, double tolerance, bool declaration,
        (string Torch, string Ours)[] states, bool ownDecay = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        using var parameters = new ParameterBuffer<T>();
        for (int i = 0; i < lengths.Length; i++)
        {
            parameters.Add($"p{i}", [lengths[i]]);
        }

        for (int i = 0; i < TorchRun.Start.Length; i++)
        {
            parameters.Values[i] = T.CreateTruncating(TorchRun.Start[i]);
        }

        Optimizer<T, TRule> optimizer = parameters.Optimize(rule);
        for (int step = 1; step <= run.Steps; step++)
        {
            run.Gradient<T>(step, parameters.ReadOnlyValues, parameters.Gradients,
                coupledDecay: !ownDecay && run.Optimizer is not ("AdamW" or "Rprop" or "clipping"));
            if (declaration)
            {
                optimizer.StepReference(TestContext.Current.CancellationToken);
            }
            else
            {
                optimizer.Step(TestContext.Current.CancellationToken);
            }

            if (run.Parameters(step) is { } expected)
            {
                RequireNear(expected, parameters.ReadOnlyValues, tolerance, $"{run.Id}, step {step}");
            }
        }

        foreach ((string torch, string ours) in states)
        {
            RequireNear(run.State(torch)!, optimizer.State[ours], tolerance, $"{run.Id}, {torch}");
        }
    }

    private static void RequireNear<T>(double[] expected, ReadOnlySpan<T> actual, double tolerance, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = Math.Abs(double.CreateTruncating(actual[i]) - expected[i]) / Math.Max(1, Math.Abs(expected[i]));
            Assert.True(difference <= tolerance, $"{what}, element {i}: expected {expected[i]:R}, got {actual[i]}, off by {difference:E2}");
        }
    }
}
