using System.Numerics;
using System.Numerics.Tensors;
using OptDsl.Linear;

namespace OptDsl.Models;

/// <summary>
/// A linear network of two layers, W2 W1 x, whose loss is the mean squared error over examples and outputs (PyTorch's MSELoss).
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <remarks>
/// The examples of a batch are gathered once, when the batch is chosen. The loss over all examples copies nothing. After construction,
/// memory is allocated only for a batch larger than all previous ones. Not thread-safe.
/// </remarks>
public sealed class LinearNetworkLoss<T> : IPerExampleSquares<T>, IHessianProducts<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int inputSide, hiddenSide, outputSide;
    private readonly string first, second;
    private readonly T[] inputs, targets;
    private readonly ExampleBatch batch;
    private readonly MatrixProduct<T> product;

    // Of the batch, one example per row: the gathered examples, W1 x, the residual, and what a product with the Hessian also needs.
    private T[] batchInputs = [], batchTargets = [], hidden = [], residuals = [], hiddenGradient = [], hiddenTangent = [],
        outputTangent = [];
    private T[] squaredHidden = [], squaredResiduals = [], layerProduct = [];
    private readonly NamedTensors<T> tensors;

    /// <summary>
    /// A network whose layers have <paramref name="inputSide"/>, <paramref name="hiddenSide"/> and <paramref name="outputSide"/> numbers,
    /// and its examples.
    /// </summary>
    /// <param name="inputs">The x of every example, one after the other; finite. They are copied once.</param>
    /// <param name="targets">The y of every example, one after the other; finite.</param>
    /// <param name="inputSide">The length of an x; at least 1.</param>
    /// <param name="hiddenSide">The length of the hidden layer; at least 1.</param>
    /// <param name="outputSide">The length of a y; at least 1.</param>
    /// <param name="name">Prefix of the tensors' names: <c>W</c> gives W1 and W2.</param>
    /// <param name="threads">Threads to use at most; 0 for one per processor.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A side is below 1, <paramref name="threads"/> is not in 0..1024, or the hidden layer of all examples is larger than an array.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// There is no example, a span does not hold a whole number of examples, inputs and targets have different numbers of examples, a
    /// number is not finite, or the name is blank.
    /// </exception>
    public LinearNetworkLoss(ReadOnlySpan<T> inputs, ReadOnlySpan<T> targets, int inputSide, int hiddenSide, int outputSide,
        string name = "W", int threads = 0)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputSide, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(hiddenSide, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputSide, 1);
        int examples = LossChecks.Examples(inputs, inputSide, nameof(inputs));
        LossChecks.SameExamples(examples, LossChecks.Examples(targets, outputSide, nameof(targets)));
        if ((long)examples * hiddenSide > Array.MaxLength)
        {
            throw new ArgumentOutOfRangeException(nameof(hiddenSide), hiddenSide,
                $"The hidden layer of all {examples} examples needs {(long)examples * hiddenSide} elements; at most {Array.MaxLength} are possible.");
        }

        product = new MatrixProduct<T>(threads);
        (this.inputSide, this.hiddenSide, this.outputSide) = (inputSide, hiddenSide, outputSide);
        (first, second) = (name + "1", name + "2");
        this.inputs = inputs.ToArray();
        this.targets = targets.ToArray();
        batch = new ExampleBatch(examples);
        tensors = new NamedTensors<T>([first, second], [[hiddenSide, inputSide], [outputSide, hiddenSide]]);
        Reserve();
    }

    /// <inheritdoc/>
    public int ExampleCount => batch.ExampleCount;

    /// <inheritdoc/>
    public int BatchSize => batch.Count;

    private ReadOnlySpan<T> X => (batch.IsAll ? inputs : batchInputs).AsSpan(0, batch.Count * inputSide);

    private ReadOnlySpan<T> Y => (batch.IsAll ? targets : batchTargets).AsSpan(0, batch.Count * outputSide);

    private Span<T> Hidden => hidden.AsSpan(0, batch.Count * hiddenSide);

    private Span<T> Residuals => residuals.AsSpan(0, batch.Count * outputSide);

    private Span<T> HiddenGradient => hiddenGradient.AsSpan(0, batch.Count * hiddenSide);

    /// <summary>The factor that turns the residuals into the gradient with respect to the outputs.</summary>
    private T GradientScale => T.CreateTruncating(2.0 / ((double)batch.Count * outputSide));

    /// <summary>Adds the layers W1 (hidden x input) and W2 (output x hidden), filled with zeros.</summary>
    /// <param name="parameters">The buffer.</param>
    /// <param name="firstGroup">The parameter group of W1.</param>
    /// <param name="secondGroup">The parameter group of W2; that of W1 if null.</param>
    /// <exception cref="ArgumentException">A tensor of that name exists.</exception>
    /// <exception cref="InvalidOperationException">An optimizer is bound to the buffer.</exception>
    public void AddTo(ParameterBuffer<T> parameters, string firstGroup = ParameterGroup.Default, string? secondGroup = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        parameters.Add(first, [hiddenSide, inputSide], firstGroup);
        parameters.Add(second, [outputSide, hiddenSide], secondGroup ?? firstGroup);
    }

    /// <inheritdoc/>
    public void UseBatch(ReadOnlySpan<int> examples)
    {
        batch.Use(examples);
        Reserve();
        if (batchInputs.Length < batch.Count * inputSide)
        {
            batchInputs = new T[batch.Count * inputSide];
            batchTargets = new T[batch.Count * outputSide];
        }

        for (int place = 0; place < batch.Count; place++)
        {
            int example = batch[place];
            inputs.AsSpan(example * inputSide, inputSide).CopyTo(batchInputs.AsSpan(place * inputSide));
            targets.AsSpan(example * outputSide, outputSide).CopyTo(batchTargets.AsSpan(place * outputSide));
        }
    }

    /// <inheritdoc/>
    public void UseAll() => batch.UseAll();

    /// <inheritdoc/>
    public double ComputeLoss(ParameterBuffer<T> parameters)
    {
        tensors.In(parameters);
        Forward();
        return SquaredNorm.Of<T>(Residuals) / ((double)batch.Count * outputSide);
    }

    /// <inheritdoc/>
    public double ComputeGradient(ParameterBuffer<T> parameters)
    {
        double loss = ComputeLoss(parameters);
        if (parameters.Count != W1.Length + W2.Length)
        {
            parameters.Gradients.Clear();
        }

        Backward();
        product.Multiply(Outputs(Residuals).Transposed, Middle(Hidden), W2.Gradients);
        product.Multiply(Middle(HiddenGradient).Transposed, Inputs(), W1.Gradients);
        return loss;
    }

    /// <inheritdoc/>
    public double ComputeGradientAndSquares(ParameterBuffer<T> parameters, Span<T> squares)
    {
        tensors.In(parameters);
        LossChecks.Length<T>(squares, parameters, nameof(squares));
        squares.Clear();
        double loss = ComputeGradient(parameters);

        // An example's gradient is an outer product, so its squares are the outer product of squares. The loss of a single example is a
        // mean over one example, but the residuals are scaled for B examples. B^2 corrects that, and 1/B gives the mean of the squares.
        Span<T> outputs = squaredResiduals.AsSpan(0, Residuals.Length), middle = squaredHidden.AsSpan(0, Hidden.Length);
        T count = T.CreateTruncating(batch.Count);
        TensorPrimitives.Multiply<T>(Residuals, Residuals, outputs);
        TensorPrimitives.Multiply<T>(Hidden, Hidden, middle);
        Span<T> ofSecond = squares.Slice(W2.Offset, W2.Length), ofFirst = squares.Slice(W1.Offset, W1.Length);
        product.Multiply(Outputs(outputs).Transposed, Middle(middle), ofSecond);
        TensorPrimitives.Multiply(ofSecond, count, ofSecond);
        TensorPrimitives.Multiply<T>(HiddenGradient, HiddenGradient, middle);
        Span<T> squaredInputs = outputTangent.AsSpan(0, X.Length);
        TensorPrimitives.Multiply(X, X, squaredInputs);
        product.Multiply(Middle(middle).Transposed, new MatrixView<T>(squaredInputs, batch.Count, inputSide), ofFirst);
        TensorPrimitives.Multiply(ofFirst, count, ofFirst);
        return loss;
    }

    /// <inheritdoc/>
    public void ComputeHessianProduct(ParameterBuffer<T> parameters, ReadOnlySpan<T> vector, Span<T> product)
    {
        tensors.In(parameters);
        LossChecks.Product(vector, product, parameters);
        product.Clear();
        Forward();
        Backward();
        var v1 = new MatrixView<T>(vector.Slice(W1.Offset, W1.Length), hiddenSide, inputSide);
        var v2 = new MatrixView<T>(vector.Slice(W2.Offset, W2.Length), outputSide, hiddenSide);

        // Differentiates every step of the gradient along v: the tangents of W1 x and of the scaled residual.
        Span<T> tangent = hiddenTangent.AsSpan(0, Hidden.Length), outputs = outputTangent.AsSpan(0, Residuals.Length);
        Span<T> other = squaredResiduals.AsSpan(0, Residuals.Length);
        this.product.Multiply(Inputs(), v1.Transposed, tangent);
        this.product.Multiply(Middle(tangent), Second().Transposed, outputs);
        this.product.Multiply(Middle(Hidden), v2.Transposed, other);
        TensorPrimitives.Add<T>(outputs, other, outputs);
        TensorPrimitives.Multiply(outputs, GradientScale, outputs);

        // W2's gradient is residual^T hidden, and W1's is (residual W2)^T x. Each factor in turn is replaced by its tangent.
        Span<T> ofSecond = product.Slice(W2.Offset, W2.Length), layer = layerProduct.AsSpan(0, W2.Length);
        this.product.Multiply(Outputs(outputs).Transposed, Middle(Hidden), ofSecond);
        this.product.Multiply(Outputs(Residuals).Transposed, Middle(tangent), layer);
        TensorPrimitives.Add<T>(ofSecond, layer, ofSecond);
        Span<T> both = squaredHidden.AsSpan(0, Hidden.Length);
        this.product.Multiply(Outputs(outputs), Second(), tangent);
        this.product.Multiply(Outputs(Residuals), v2, both);
        TensorPrimitives.Add<T>(both, tangent, both);
        this.product.Multiply(Middle(both).Transposed, Inputs(), product.Slice(W1.Offset, W1.Length));
    }

    private void Forward()
    {
        product.Multiply(Inputs(), new MatrixView<T>(W1.ReadOnlyValues, hiddenSide, inputSide).Transposed, Hidden);
        product.Multiply(Middle(Hidden), Second().Transposed, Residuals);
        TensorPrimitives.Subtract<T>(Residuals, Y, Residuals);
    }

    /// <summary>Scales the residuals to the gradient with respect to the outputs, and propagates it to the hidden layer.</summary>
    private void Backward()
    {
        TensorPrimitives.Multiply(Residuals, GradientScale, Residuals);
        product.Multiply(Outputs(Residuals), Second(), HiddenGradient);
    }

    private MatrixView<T> Inputs() => new(X, batch.Count, inputSide);

    private MatrixView<T> Middle(ReadOnlySpan<T> values) => new(values, batch.Count, hiddenSide);

    private MatrixView<T> Outputs(ReadOnlySpan<T> values) => new(values, batch.Count, outputSide);

    private MatrixView<T> Second() => new(W2.ReadOnlyValues, outputSide, hiddenSide);

    /// <summary>Allocates memory for the batch if it needs more.</summary>
    private void Reserve()
    {
        if (residuals.Length >= batch.Count * outputSide)
        {
            return;
        }

        int outputs = checked(batch.Count * outputSide), middle = checked(batch.Count * hiddenSide);
        (residuals, squaredResiduals) = (new T[outputs], new T[outputs]);
        outputTangent = new T[checked(batch.Count * Math.Max(inputSide, outputSide))];
        (hidden, hiddenGradient, hiddenTangent, squaredHidden) = (new T[middle], new T[middle], new T[middle], new T[middle]);
        layerProduct = new T[outputSide * hiddenSide];
    }

    private ParameterTensor<T> W1 => tensors[0];

    private ParameterTensor<T> W2 => tensors[1];
}
