using System.Numerics;
using OptDsl.Contract;
using Xunit;

namespace OptDsl.Conformance.Tests.Harness;

/// <summary>
/// What a file gives back continues as if there had been none: parameters, model, every state and carried value, draws, counts.
/// </summary>
internal static class ResumeCheck
{
    private const int Last = 6;
    private const ulong Seed = 7, OtherSeed = 99;

    private static readonly int[] SavedAfter = [0, 1, 2, 5];

    private static readonly nint[][] Shapes = [[3, 5], [37], [], [2, 3, 4], [9, 1]];

    internal static void Run<T, TRule>(TRule rule)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("optdsl-resume-");
        try
        {
            TRule other = Changed<T, TRule>(rule);
            using ParameterBuffer<T> parameters = Create<T>(start: 0);
            Optimizer<T, TRule> original = Bind(parameters, rule, Seed);
            original.Groups["second"].Rule = other;
            for (int step = 0; step <= Last; step++)
            {
                if (SavedAfter.Contains(step))
                {
                    original.Save(Path.Combine(directory.FullName, $"{step}.safetensors"), TestContext.Current.CancellationToken);
                }

                if (step < Last)
                {
                    Step(original, parameters);
                }
            }

            foreach (int step in SavedAfter)
            {
                // Other parameters, values, seed and history: all of it is replaced.
                using ParameterBuffer<T> others = Create<T>(start: 50);
                Optimizer<T, TRule> resumed = Bind(others, other, OtherSeed);
                Step(resumed, others);
                resumed.Load(Path.Combine(directory.FullName, $"{step}.safetensors"));
                Assert.Equal(step, resumed.StepCount);
                Assert.Equal(Values<T, TRule>(rule), Values<T, TRule>(resumed.Rule));
                Assert.Equal(Values<T, TRule>(other), Values<T, TRule>(resumed.Groups["second"].Rule));
                for (int next = step; next < Last; next++)
                {
                    Step(resumed, others);
                }

                RequireSame(original, parameters, resumed, others, $"{TRule.Schema.Name} in {typeof(T).Name}, saved after step {step}");
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static void RequireSame<T, TRule>(Optimizer<T, TRule> original, ParameterBuffer<T> parameters, Optimizer<T, TRule> resumed,
        ParameterBuffer<T> others, string who)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        void Same(ReadOnlySpan<T> one, ReadOnlySpan<T> two, string what)
            => Assert.True(Bits.FirstDifference(one, two) < 0, $"{who}: {what} differs");
        Same(parameters.ReadOnlyValues, others.ReadOnlyValues, "a parameter");
        foreach (string name in original.State.Names)
        {
            Same(original.State[name], resumed.State[name], name);
        }

        T[] model = new T[parameters.Count], resumedModel = new T[parameters.Count];
        original.Read(model);
        resumed.Read(resumedModel);
        Same(model, resumedModel, "the model");

        OptimizerSnapshot<T> one = original.Snapshot(), two = resumed.Snapshot();
        Assert.Equal(one.Attempts, two.Attempts);
        foreach (StateSchema state in original.Schema.States)
        {
            foreach (ParameterTensor<T> tensor in parameters.Tensors)
            {
                if (state.Kind is StateKind.PerTensor or StateKind.PerRow or StateKind.PerColumn)
                {
                    Assert.Equal(one.GetTensorState(tensor.Name, state.Name).ToArray(),
                        two.GetTensorState(tensor.Name, state.Name).ToArray());
                }
                else if (state.Kind == StateKind.Uniform)
                {
                    Assert.Equal(one.GetUniformState(tensor.Group, state.Name), two.GetUniformState(tensor.Group, state.Name));
                }
            }
        }

        Assert.Equal(original.EvaluationCount, resumed.EvaluationCount);
    }

    private static ParameterBuffer<T> Create<T>(int start)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var parameters = new ParameterBuffer<T>();
        for (int i = 0; i < Shapes.Length; i++)
        {
            parameters.Add($"tensor{i}", Shapes[i], i % 2 == 0 ? "first" : "second");
        }

        TestData.Fill(parameters.Values, seed: start, special: false);
        return parameters;
    }

    private static Optimizer<T, TRule> Bind<T, TRule>(ParameterBuffer<T> parameters, TRule rule, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        Optimizer<T, TRule> optimizer = parameters.Optimize(rule,
            new OptimizerOptions { Seed = seed, OnNonFinite = OnNonFinite.Ignore, AllowEmulatedFusedArithmetic = true });

        // The caller's inputs are the caller's to give again.
        foreach (InputSchema input in optimizer.Schema.Inputs)
        {
            if (input.Source == InputSource.PerParameter)
            {
                TestData.Fill(optimizer.GetInput(input.Name), seed: 31, special: false);
            }
            else if (input.Source == InputSource.PerTensor)
            {
                foreach (ParameterTensor<T> tensor in parameters.Tensors)
                {
                    optimizer.SetTensorInput(input.Name, tensor, 0.5);
                }
            }
        }

        return optimizer;
    }

    private static void Step<T, TRule>(Optimizer<T, TRule> optimizer, ParameterBuffer<T> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        int step = optimizer.StepCount;
        optimizer.Step(
            () =>
            {
                TestData.Fill(parameters.Gradients, seed: 100 + step, special: false);
                for (int i = 0; i < parameters.Count; i++)
                {
                    parameters.Gradients[i] += parameters.Values[i];
                }

                return 1 + step;
            },
            TestContext.Current.CancellationToken);
    }

    private static double[] Values<T, TRule>(TRule rule)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        var values = new double[TRule.Schema.Values.Length];
        rule.GetValues(values);
        return values;
    }

    /// <summary>The rule with one value changed that can be; itself where there is none.</summary>
    private static TRule Changed<T, TRule>(TRule rule)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        double[] values = Values<T, TRule>(rule);
        for (int i = 0; i < values.Length; i++)
        {
            if (TRule.Schema.Values[i].Type is HyperparameterType.Double or HyperparameterType.Single && values[i] != 0)
            {
                double[] changed = [.. values];
                changed[i] *= 0.5;
                var other = (TRule)rule.WithValues(changed);
                try
                {
                    other.Validate();
                    return other;
                }
                catch (ArgumentOutOfRangeException)
                {
                }
            }
        }

        return rule;
    }
}
