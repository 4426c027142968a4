using System.Numerics;

namespace OptDsl.Models.Tests.Steps;

/// <summary>sum of h_i (x_i - a_i)^2 / 2, with its evaluations counted and a hook before each.</summary>
internal sealed class Bowl<T> : IHessian<T>, IHessianProducts<T>, IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double[] curvatures, centre;

    internal Bowl(double[] curvatures, double[] start, double[]? centre = null, string[]? groups = null)
    {
        this.curvatures = curvatures;
        this.centre = centre ?? new double[start.Length];
        for (int i = 0; i < start.Length; i++)
        {
            Parameters.Add($"x{i}", [], groups?[i] ?? ParameterGroup.Default).Values[0] = T.CreateTruncating(start[i]);
        }
    }

    internal ParameterBuffer<T> Parameters { get; } = new();

    internal int Losses { get; private set; }

    internal int Gradients { get; private set; }

    /// <summary>What the loss returns, of what it is.</summary>
    internal Func<double, double> Seen { get; set; } = loss => loss;

    internal double[] Values => [.. Parameters.ReadOnlyValues.ToArray().Select(double.CreateTruncating)];

    public double ComputeLoss(ParameterBuffer<T> parameters)
    {
        Losses++;
        return Seen(ComputeValue());
    }

    public double ComputeGradient(ParameterBuffer<T> parameters)
    {
        Gradients++;
        for (int i = 0; i < curvatures.Length; i++)
        {
            parameters.Gradients[i] = T.CreateTruncating(curvatures[i] * (Values[i] - centre[i]));
        }

        return ComputeValue();
    }

    public void ComputeHessianProduct(ParameterBuffer<T> parameters, ReadOnlySpan<T> vector, Span<T> product)
    {
        for (int i = 0; i < curvatures.Length; i++)
        {
            product[i] = T.CreateTruncating(curvatures[i]) * vector[i];
        }
    }

    public void ComputeHessian(ParameterBuffer<T> parameters, Span<T> hessian)
    {
        hessian.Clear();
        for (int i = 0; i < curvatures.Length; i++)
        {
            hessian[(i * curvatures.Length) + i] = T.CreateTruncating(curvatures[i]);
        }
    }

    public void Dispose() => Parameters.Dispose();

    private double ComputeValue() => Values.Select((x, i) => curvatures[i] * (x - centre[i]) * (x - centre[i]) / 2).Sum();
}
