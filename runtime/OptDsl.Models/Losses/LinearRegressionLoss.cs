using System.Numerics;
using System.Numerics.Tensors;

namespace OptDsl.Models;

/// <summary>Least squares: the mean over the examples of (x . w - y)^2 / 2, for one vector of weights w.</summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <remarks>
/// It reads the examples in place. After construction, memory is allocated only for a batch larger than all previous ones. Not thread-safe.
/// </remarks>
public sealed class LinearRegressionLoss<T> : IPerExampleSquares<T>, IHessianProducts<T>, IHessian<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int features;
    private readonly string name;
    private readonly T[] inputs, targets;
    private readonly ExampleBatch batch;
    private readonly NamedTensors<T> tensors;

    /// <summary>A loss over examples.</summary>
    /// <param name="inputs">
    /// The x of every example, one after the other: examples x <paramref name="features"/> finite elements. They are copied once.
    /// </param>
    /// <param name="targets">The y of every example; finite.</param>
    /// <param name="features">The length of an x; at least 1.</param>
    /// <param name="name">The name of the weights' tensor.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="features"/> is below 1.</exception>
    /// <exception cref="ArgumentException">
    /// There is no example, the inputs do not hold a whole number of examples, inputs and targets have different numbers of examples, a
    /// number is not finite, or the name is blank.
    /// </exception>
    public LinearRegressionLoss(ReadOnlySpan<T> inputs, ReadOnlySpan<T> targets, int features, string name = "w")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        LossChecks.SameExamples(LossChecks.Examples(inputs, features, nameof(inputs)), LossChecks.Examples(targets, 1, nameof(targets)));
        this.features = features;
        this.name = name;
        this.inputs = inputs.ToArray();
        this.targets = targets.ToArray();
        batch = new ExampleBatch(targets.Length);
        tensors = new NamedTensors<T>([name], [[features]]);
    }

    /// <inheritdoc/>
    public int ExampleCount => batch.ExampleCount;

    /// <inheritdoc/>
    public int BatchSize => batch.Count;

    /// <summary>Adds the weights, a vector of zeros.</summary>
    /// <param name="parameters">The buffer.</param>
    /// <param name="group">The parameter group of the weights.</param>
    /// <exception cref="ArgumentException">A tensor of that name exists.</exception>
    /// <exception cref="InvalidOperationException">An optimizer is bound to the buffer.</exception>
    public ParameterTensor<T> AddTo(ParameterBuffer<T> parameters, string group = ParameterGroup.Default)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return parameters.Add(name, [features], group);
    }

    /// <inheritdoc/>
    public void UseBatch(ReadOnlySpan<int> examples) => batch.Use(examples);

    /// <inheritdoc/>
    public void UseAll() => batch.UseAll();

    /// <inheritdoc/>
    public double ComputeLoss(ParameterBuffer<T> parameters)
    {
        ReadOnlySpan<T> w = Resolve(parameters).ReadOnlyValues;
        double sum = 0;
        for (int place = 0; place < batch.Count; place++)
        {
            double residual = Residual(batch[place], w);
            sum += residual * residual;
        }

        return sum / (2.0 * batch.Count);
    }

    /// <inheritdoc/>
    public double ComputeGradient(ParameterBuffer<T> parameters) => ComputeGradient(parameters, []);

    /// <inheritdoc/>
    public double ComputeGradientAndSquares(ParameterBuffer<T> parameters, Span<T> squares)
    {
        Resolve(parameters);
        LossChecks.Length<T>(squares, parameters, nameof(squares));
        squares.Clear();
        Span<T> sums = squares.Slice(tensors[0].Offset, features);
        double loss = ComputeGradient(parameters, sums);
        TensorPrimitives.Divide(sums, T.CreateTruncating(batch.Count), sums);
        return loss;
    }

    /// <inheritdoc/>
    public void ComputeHessianProduct(ParameterBuffer<T> parameters, ReadOnlySpan<T> vector, Span<T> product)
    {
        Resolve(parameters);
        LossChecks.Product(vector, product, parameters);
        product.Clear();
        ReadOnlySpan<T> v = vector.Slice(tensors[0].Offset, features);
        Span<T> sums = product.Slice(tensors[0].Offset, features);
        for (int place = 0; place < batch.Count; place++)
        {
            ReadOnlySpan<T> x = Input(batch[place]);
            SquaredNorm.AddGradient(x, sums, T.CreateTruncating(RowSums.Dot(x, v) / batch.Count));
        }
    }

    /// <inheritdoc/>
    public void ComputeHessian(ParameterBuffer<T> parameters, Span<T> hessian)
    {
        Resolve(parameters);
        int n = parameters.Count;
        if (hessian.Length != (long)n * n)
        {
            throw new ArgumentException($"The span has {hessian.Length} elements, but the Hessian of {n} parameters has {(long)n * n}.",
                nameof(hessian));
        }

        hessian.Clear();
        T share = T.One / T.CreateTruncating(batch.Count);
        for (int place = 0; place < batch.Count; place++)
        {
            ReadOnlySpan<T> x = Input(batch[place]);
            for (int i = 0; i < features; i++)
            {
                SquaredNorm.AddGradient(x[..(i + 1)], hessian.Slice(Row(i, n), i + 1), x[i] * share);
            }
        }

        for (int i = 0; i < features; i++)
        {
            for (int k = 0; k < i; k++)
            {
                hessian[Row(k, n) + i] = hessian[Row(i, n) + k];
            }
        }
    }

    private double ComputeGradient(ParameterBuffer<T> parameters, Span<T> squares)
    {
        ReadOnlySpan<T> w = Resolve(parameters).ReadOnlyValues;
        parameters.Gradients.Clear();
        Span<T> gradient = tensors[0].Gradients;
        double sum = 0;
        for (int place = 0; place < batch.Count; place++)
        {
            int example = batch[place];
            double residual = Residual(example, w);
            sum += residual * residual;
            SquaredNorm.AddGradient(Input(example), gradient, T.CreateTruncating(residual / batch.Count));
            if (!squares.IsEmpty)
            {
                RowSums.AddSquares(Input(example), squares, T.CreateTruncating(residual));
            }
        }

        return sum / (2.0 * batch.Count);
    }

    /// <summary>Where row i of the weights' block of the Hessian begins.</summary>
    private int Row(int i, int n) => ((tensors[0].Offset + i) * n) + tensors[0].Offset;

    private double Residual(int example, ReadOnlySpan<T> w) => RowSums.Dot(Input(example), w) - double.CreateTruncating(targets[example]);

    private ReadOnlySpan<T> Input(int example) => inputs.AsSpan(example * features, features);

    private ParameterTensor<T> Resolve(ParameterBuffer<T> parameters) => tensors.In(parameters)[0];
}
