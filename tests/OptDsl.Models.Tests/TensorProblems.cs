using System.Numerics;

namespace OptDsl.Models.Tests;

/// <summary>Entries in no order, some of them twice.</summary>
internal sealed record EntryData(int[] Sides, int[] Indices, double[] Values)
{
    internal static EntryData Random(int[] sides, int count)
    {
        var random = new Xoshiro256(5);
        return new(sides, [.. Enumerable.Range(0, count * sides.Length).Select(i => random.NextInt32(sides[i % sides.Length]))], [.. Enumerable.Range(0, count).Select(_ => random.NextGaussian())]);
    }

    internal TensorEntries<T> To<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => new(Sides, Indices, [.. Values.Select(T.CreateTruncating)]);
}

internal sealed class CpProblem<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal CpProblem(int[] sides, int components, int count, PointLoss loss)
    {
        Data = EntryData.Random(sides, count);
        Factorization = new(sides, components);
        Other = Parameters.Add("other", [3]);
        Factorization.AddTo(Parameters);
        Factorization.Initialize(Parameters, 3, 0.7, 0.1);
        Loss = new CpCompletionLoss<T>(Factorization, Data.To<T>(), loss);
    }

    internal EntryData Data { get; }

    internal CpFactorization<T> Factorization { get; }

    internal ParameterBuffer<T> Parameters { get; } = new();

    internal ParameterTensor<T> Other { get; }

    internal ILossModel<T> Loss { get; }

    internal double[] Tensor(string name) => [.. Parameters.Tensors.First(tensor => tensor.Name == name).ReadOnlyValues.ToArray().Select(double.CreateTruncating)];

    internal double EntryByDefinition(int[] index)
        => Enumerable.Range(0, Factorization.Components).Sum(r => index.Select((i, mode) => Tensor($"A{mode + 1}")[(i * Factorization.Components) + r]).Aggregate(1.0, (a, b) => a * b));

    public void Dispose() => Parameters.Dispose();
}

internal sealed class TreeProblem<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ModeTree tree;

    internal TreeProblem(int[] sides, ModeTree tree, int count, PointLoss loss)
    {
        this.tree = tree;
        Data = EntryData.Random(sides, count);
        Factorization = new(sides, tree);
        Other = Parameters.Add("other", [3]);
        Factorization.AddTo(Parameters);
        Factorization.Initialize(Parameters, 3, 0.7, 0.1);
        Loss = new HierarchicalCompletionLoss<T>(Factorization, Data.To<T>(), loss);
    }

    internal EntryData Data { get; }

    internal HierarchicalFactorization<T> Factorization { get; }

    internal ParameterBuffer<T> Parameters { get; } = new();

    internal ParameterTensor<T> Other { get; }

    internal ILossModel<T> Loss { get; }

    internal double[] Tensor(string name) => [.. Parameters.Tensors.First(tensor => tensor.Name == name).ReadOnlyValues.ToArray().Select(double.CreateTruncating)];

    internal double EntryByDefinition(int[] index)
    {
        int inner = 0;
        double[] Vector(ModeTree node, int up)
        {
            if (node.Left is null)
            {
                return Tensor($"A{node.Mode + 1}")[(index[node.Mode] * up)..((index[node.Mode] + 1) * up)];
            }

            double[] left = Vector(node.Left, node.Width), right = Vector(node.Right!, node.Width), factor = Tensor($"B{++inner}");
            return [.. Enumerable.Range(0, up).Select(column => Enumerable.Range(0, node.Width).Sum(r => left[r] * right[r] * factor[(r * up) + column]))];
        }

        return Vector(tree, 1)[0];
    }

    public void Dispose() => Parameters.Dispose();
}
