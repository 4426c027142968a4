using System.Numerics;
using OptDsl.Contract;

namespace OptDsl.Recorded.Tests;

/// <summary>A run of a rule over tensors of several shapes in two groups; no length is a multiple of a vector's.</summary>
internal static class RuleRun
{
    internal const int Steps = 25;
    internal const ulong Seed = 7;

    private static readonly nint[][] Shapes = [[3, 5], [65, 19], [37], [], [2, 3, 5], [1, 9], [9, 1], [301]];

    /// <summary>What a rule leaves after the steps.</summary>
    internal static (Digest Digest, bool HasNoise) Of<T, TRule>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        using ParameterBuffer<T> parameters = Begin<T>();
        Optimizer<T, TRule> optimizer = parameters.Optimize(
            LibraryRules.Make<TRule>(TRule.Schema), new OptimizerOptions { Seed = Seed, AllowEmulatedFusedArithmetic = true });
        GiveInputs(optimizer);
        Walk(optimizer, Steps);
        return (Left(optimizer),
            TRule.Schema.Inputs.Any(input => input.Source is InputSource.Gaussian or InputSource.Uniform or InputSource.Rademacher));
    }

    internal static ParameterBuffer<T> Begin<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var parameters = new ParameterBuffer<T>();
        for (int i = 0; i < Shapes.Length; i++)
        {
            parameters.Add($"tensor{i}", Shapes[i], i % 3 == 0 ? "first" : "second");
        }

        Numbers.Fill(parameters.Values, seed: 1);
        return parameters;
    }

    /// <summary>
    /// Steps until so many are made. The loss is half the square of the parameters, plus a noise of its own in the gradients.
    /// </summary>
    internal static void Walk<T, TRule>(Optimizer<T, TRule> optimizer, int until)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        ParameterBuffer<T> parameters = optimizer.Parameters;
        while (optimizer.StepCount < until)
        {
            int step = optimizer.StepCount + 1;
            optimizer.Step(() => Evaluate(parameters, step), TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Parameters, model, and states of every kind.</summary>
    internal static Digest Left<T, TRule>(Optimizer<T, TRule> optimizer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        var model = new T[optimizer.Parameters.Count];
        optimizer.Read(model);
        Digest digest = new Digest().Add(optimizer.Parameters.ReadOnlyValues).Add<T>(model);
        OptimizerSnapshot<T> snapshot = optimizer.Snapshot();
        foreach (StateSchema state in optimizer.Schema.States)
        {
            if (state.Kind == StateKind.PerParameter)
            {
                digest.Add(snapshot[state.Name]);
            }
            else if (state.Kind == StateKind.Uniform)
            {
                digest.Add<double>([snapshot.GetUniformState("first", state.Name), snapshot.GetUniformState("second", state.Name)]);
            }
            else
            {
                foreach (ParameterTensor<T> tensor in optimizer.Tensors)
                {
                    digest.Add(snapshot.GetTensorState(tensor.Name, state.Name));
                }
            }
        }

        return digest;
    }

    private static void GiveInputs<T, TRule>(Optimizer<T, TRule> optimizer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        foreach (InputSchema input in optimizer.Schema.Inputs)
        {
            if (input.Source == InputSource.PerParameter)
            {
                // Squares and curvatures among them: not negative.
                Span<T> values = optimizer.GetInput(input.Name);
                Numbers.Fill(values, seed: 3);
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = T.Abs(values[i]);
                }
            }
            else if (input.Source == InputSource.PerTensor)
            {
                foreach (ParameterTensor<T> tensor in optimizer.Tensors)
                {
                    optimizer.SetTensorInput(input.Name, tensor, 0.5);
                }
            }
        }
    }

    private static double Evaluate<T>(ParameterBuffer<T> parameters, int step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<T> gradients = parameters.Gradients;
        ReadOnlySpan<T> values = parameters.ReadOnlyValues;
        Numbers.Fill(gradients, seed: 100 + step, scale: 0.5);
        double sum = 0;
        for (int i = 0; i < gradients.Length; i++)
        {
            gradients[i] += values[i];
            sum += double.CreateTruncating(values[i] * values[i]);
        }

        return sum / 2;
    }
}
