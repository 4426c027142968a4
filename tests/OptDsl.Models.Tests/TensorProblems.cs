using System.Numerics;

namespace OptDsl.Models.Tests;

/// <summary>Entries in no order, some of them twice.</summary>
internal sealed record EntryData(int[] Sides, int[] Indices, double[] Values)
{
    internal static EntryData Random(int[] sides, int count)
    {
        var random = new Xoshiro256(5);
        return new(sides, [.. Enumerable.Range(0, count * sides.Length).Select(i => random.NextInt32(sides[i % sides.Length]))],
            [.. Enumerable.Range(0, count).Select(_ => random.NextGaussian())]);
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

    internal double[] Tensor(string name)
        => [.. Parameters.Tensors.First(tensor => tensor.Name == name).ReadOnlyValues.ToArray().Select(double.CreateTruncating)];

    internal double EntryByDefinition(int[] index)
        => Enumerable.Range(0, Factorization.Components)
        .Sum(r => index.Select((i, mode) => Tensor($"A{mode + 1}")[(i * Factorization.Components) + r]).Aggregate(1.0, (a, b) => a * b));

    public void Dispose() => Parameters.Dispose();
}

/// <summary>A tensor of which every entry is known, or all but a third, and a CP factorization of it.</summary>
internal sealed class WholeTensor<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] hidden;

    internal WholeTensor(int[] sides, int components)
    {
        var random = new Xoshiro256(11);
        Tensor = [.. Enumerable.Range(0, sides.Aggregate(1, (product, side) => product * side))
            .Select(_ => T.CreateTruncating(random.NextGaussian()))];
        Observed = [.. Tensor.Select((_, i) => i % 3 != 1)];
        hidden = [.. Tensor.Select((value, i) => Observed[i] ? value : T.NaN)];
        Factorization = new(sides, components);
        Factorization.AddTo(Parameters);
        Factorization.Initialize(Parameters, 3, 0.7, 0.1);
    }

    internal T[] Tensor { get; }

    internal bool[] Observed { get; }

    internal CpFactorization<T> Factorization { get; }

    internal ParameterBuffer<T> Parameters { get; } = new();

    internal CpFactorizationLoss<T> Dense(PointLoss loss, int threads = 0) => new(Factorization, Tensor, loss, threads);

    internal CpFactorizationLoss<T> DenseOfObserved(PointLoss loss)
        => CpFactorizationLoss<T>.Observed(Factorization, hidden, Observed, loss);

    /// <summary>Requires that two losses, and their gradients, are equal but for roundings of double.</summary>
    internal void AssertSame(ILossModel<T> expected, ILossModel<T> actual)
    {
        double[] Evaluate(ILossModel<T> loss)
            => [loss.ComputeLoss(Parameters), loss.ComputeGradient(Parameters),
                .. Parameters.Gradients.ToArray().Select(double.CreateTruncating)];
        double[] first = Evaluate(expected), second = Evaluate(actual);
        Assert.Equal(first[0], second[0], 1e-12 * first[0]);
        Assert.Equal(first[1], second[1], 1e-12 * first[1]);
        TensorAssert.Near(first[2..], second[2..], 1e-12);
    }

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

    internal double[] Tensor(string name)
        => [.. Parameters.Tensors.First(tensor => tensor.Name == name).ReadOnlyValues.ToArray().Select(double.CreateTruncating)];

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
            return [.. Enumerable.Range(0, up)
                .Select(column => Enumerable.Range(0, node.Width).Sum(r => left[r] * right[r] * factor[(r * up) + column]))];
        }

        return Vector(tree, 1)[0];
    }

    public void Dispose() => Parameters.Dispose();
}

/// <summary>What losses of tensors are held against.</summary>
internal static class TensorAssert
{
    internal static void Gradient(ILossModel<double> loss, ParameterBuffer<double> parameters, ParameterTensor<double> other)
    {
        // Twice: what the first leaves in the working memory must not be added to.
        loss.ComputeGradient(parameters);
        parameters.Gradients.Fill(double.NaN);
        loss.ComputeGradient(parameters);
        Assert.All(other.Gradients.ToArray(), gradient => Assert.Equal(0, gradient));
        double[] gradients = parameters.Gradients.ToArray();
        double size = Math.Max(1e-3, gradients.Max(Math.Abs));
        for (int i = 0; i < gradients.Length; i++)
        {
            Assert.Equal(Difference(loss, parameters, i), gradients[i], 1e-6 * size);
        }
    }

    internal static double Difference(ILossModel<double> loss, ParameterBuffer<double> parameters, int i)
    {
        const double Step = 1e-6;
        double value = parameters.Values[i];
        parameters.Values[i] = value + Step;
        double above = loss.ComputeLoss(parameters);
        parameters.Values[i] = value - Step;
        double below = loss.ComputeLoss(parameters);
        parameters.Values[i] = value;
        return (above - below) / (2 * Step);
    }

    internal static void Near(double[] expected, double[] got, double tolerance)
    {
        Assert.Equal(expected.Length, got.Length);
        double size = Math.Max(1e-3, expected.Max(Math.Abs));
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], got[i], tolerance * size);
        }
    }
}
