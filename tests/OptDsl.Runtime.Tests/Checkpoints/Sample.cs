global using DoubleSample = OptDsl.Runtime.Tests.Checkpoints.Sample<double, OptDsl.Runtime.Tests.Checkpoints.Everything>;
global using SingleSample = OptDsl.Runtime.Tests.Checkpoints.Sample<float, OptDsl.Runtime.Tests.Checkpoints.Everything>;
using System.Numerics;

namespace OptDsl.Runtime.Tests.Checkpoints;

/// <summary>An optimizer of a rule with states of every kind, over tensors of several shapes in two groups.</summary>
internal sealed class Sample<T, TRule> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>, new()
{
    internal Sample(ulong seed = 7, params (string Name, nint[] Shape, string Group)[] tensors)
    {
        foreach ((string name, nint[] shape, string group) in tensors.Length > 0 ? tensors
            : [("w", [3, 4], "a"), ("b", [5], "b"), ("c", [], "a")])
        {
            Parameters.Add(name, shape, group);
        }

        for (int i = 0; i < Parameters.Count; i++)
        {
            Parameters.Values[i] = T.CreateTruncating(0.25 * (i - 3));
        }

        Optimizer = Parameters.Optimize(new TRule(), new OptimizerOptions { Seed = seed });
    }

    internal ParameterBuffer<T> Parameters { get; } = new();

    internal Optimizer<T, TRule> Optimizer { get; }

    /// <summary>All that Save writes, which is all an optimizer holds.</summary>
    internal byte[] Bytes
    {
        get
        {
            using var stream = new MemoryStream();
            Optimizer.Save(stream, "memory");
            return stream.ToArray();
        }
    }

    internal Sample<T, TRule> Step(int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            for (int i = 0; i < Parameters.Count; i++)
            {
                Parameters.Gradients[i] = T.CreateTruncating(0.1 * (((i * 7) + Optimizer.StepCount) % 11))
                    - (Parameters.Values[i] / T.CreateChecked(8));
            }

            Optimizer.Step(0.5 + Optimizer.StepCount);
        }

        return this;
    }

    internal void Load(byte[] bytes) => Optimizer.Load(new MemoryStream(bytes), "memory");

    public void Dispose() => Parameters.Dispose();
}
