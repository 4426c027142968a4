using OptDsl.Models;
using OptDsl.Rules;

namespace OptDsl.Benchmarks;

/// <summary>
/// A CP factorization of a tensor on one thread: a gradient over the observed entries, of a list or, if they are all, by products of
/// matrices, and a step of GroupRMSprop.
/// </summary>
internal sealed class CpContest : Contest
{
    private readonly ParameterBuffer<float> parameters = new();
    private readonly CpFactorization<float> factorization;
    private readonly TensorEntries<float> entries;
    private readonly ILossModel<float> loss;
    private readonly Optimizer<float, GroupRmsProp> optimizer;

    internal CpContest(int order, int side, int components, int observed)
    {
        int[] sides = [.. Enumerable.Repeat(side, order)];
        float[] tensor = new float[(int)Math.Pow(side, order)];
        bool[] chosen = new bool[tensor.Length];
        var random = new Xoshiro256(7);
        for (int left = observed; left > 0;)
        {
            int place = random.NextInt32(tensor.Length);
            left -= chosen[place] ? 0 : 1;
            chosen[place] = true;
            tensor[place] = (float)random.NextGaussian();
        }

        entries = TensorEntries<float>.Observed(sides, tensor, chosen);
        factorization = new CpFactorization<float>(sides, components);
        factorization.AddTo(parameters);
        factorization.Initialize(parameters, 7, 0.1);
        loss = observed == tensor.Length
            ? new CpFactorizationLoss<float>(factorization, tensor, PointLoss.Squared, threads: 1)
            : new CpCompletionLoss<float>(factorization, entries, PointLoss.Squared, threads: 1);
        optimizer = parameters.Optimize(new GroupRmsProp(1e-6), new OptimizerOptions { Threads = 1 });
    }

    /// <summary>The rival runs in another process.</summary>
    internal override (Work Rival, Work Ours) Works(int repetitions)
    {
        void Ours()
        {
            for (int i = 0; i < repetitions; i++)
            {
                loss.ComputeGradient(parameters);
                optimizer.Step();
            }
        }

        return (() => { }, Ours);
    }

    /// <summary>Holds the gradient against sums by the definition.</summary>
    internal override void Verify()
    {
        loss.ComputeGradient(parameters);
        int order = entries.Order, components = factorization.Components;
        double[] expected = new double[parameters.Count], values = [.. parameters.ReadOnlyValues.ToArray().Select(value => (double)value)];
        int[] offsets = [.. parameters.Tensors.Select(tensor => tensor.Offset)];
        for (int entry = 0; entry < entries.Count; entry++)
        {
            int[] rows = [.. Enumerable.Range(0, order)
                .Select(mode => offsets[mode] + (entries.Indices[(entry * order) + mode] * components))];
            double residual = -entries.Values[entry];
            for (int r = 0; r < components; r++)
            {
                residual += rows.Aggregate(1.0, (product, row) => product * values[row + r]);
            }

            foreach (int row in rows)
            {
                for (int r = 0; r < components; r++)
                {
                    expected[row + r] += 2 * residual / entries.Count * rows.Where(other => other != row)
                        .Aggregate(1.0, (product, other) => product * values[other + r]);
                }
            }
        }

        double largest = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(expected[i] - parameters.Gradients[i]) <= 1e-5 * largest))
            {
                throw new InvalidOperationException($"The gradient of parameter {i} is {parameters.Gradients[i]}, not {expected[i]}.");
            }
        }
    }

    public override void Dispose() => parameters.Dispose();
}
