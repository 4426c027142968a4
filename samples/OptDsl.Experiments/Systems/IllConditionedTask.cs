using OptDsl.Linear;
using OptDsl.Models;

namespace OptDsl.Experiments;

/// <summary>
/// Regression of y = A x by a linear network of two layers, A of 10 x 6 with rows from U[0, 1] times 1 down to 1e-10 (the task of the
/// stochastic line search of Vaswani et al. 2019): 800 examples to train on, in batches of 100, for 50 epochs.
/// </summary>
internal sealed class IllConditionedTask : IDisposable
{
    internal const int Inputs = 6, Outputs = 10, Examples = 800, Batch = 100, Epochs = 50, StepsPerEpoch = Examples / Batch;

    private readonly Xoshiro256 order;
    private readonly int[] examples = [.. Enumerable.Range(0, Examples)];

    /// <param name="width">Between the layers.</param>
    /// <param name="seed">Of the initial weights and the batches; the data are the same for all seeds.</param>
    /// <param name="secondGroup">The group of W2, where it is not that of W1.</param>
    internal IllConditionedTask(int width, ulong seed, string? secondGroup = null)
    {
        (double[] x, double[] y) = Data();
        Loss = new LinearNetworkLoss<double>(x, y, Inputs, width, Outputs, threads: 1);
        Loss.AddTo(Parameters, secondGroup: secondGroup);
        order = new Xoshiro256(seed, stream: 2);
        var random = new Xoshiro256(seed, stream: 1);
        Fill(Parameters["W1"], random, Inputs);
        Fill(Parameters["W2"], random, width);
    }

    internal ParameterBuffer<double> Parameters { get; } = new();

    internal LinearNetworkLoss<double> Loss { get; }

    public void Dispose() => Parameters.Dispose();

    /// <summary>The least loss a network of such a width can have: what the singular values beyond it leave.</summary>
    internal static double Floor(int width)
    {
        (_, double[] y) = Data();
        double[] values = Spectrum.SingularValues(new MatrixView<double>(y, Examples, Outputs));
        return values.Skip(width).Sum(value => value * value) / (Examples * Outputs);
    }

    /// <summary>Steps through all epochs, and returns the loss over all examples after them.</summary>
    /// <param name="step">Makes one step on the batch in use.</param>
    /// <param name="cancellation">Observed before every epoch.</param>
    /// <param name="epochs">Receives the loss over all examples after every epoch, if not null.</param>
    internal double Train(Action step, CancellationToken cancellation, List<(double X, double Y)>? epochs = null)
    {
        for (int epoch = 0; epoch < Epochs; epoch++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int i = Examples - 1; i > 0; i--)
            {
                int k = order.NextInt32(i + 1);
                (examples[i], examples[k]) = (examples[k], examples[i]);
            }

            for (int batch = 0; batch < StepsPerEpoch; batch++)
            {
                Loss.UseBatch(examples.AsSpan(batch * Batch, Batch));
                step();
            }

            if (epochs is not null)
            {
                Loss.UseAll();
                epochs.Add((epoch + 1, Loss.ComputeLoss(Parameters)));
            }
        }

        Loss.UseAll();
        return Loss.ComputeLoss(Parameters);
    }

    private static (double[] X, double[] Y) Data()
    {
        var random = new Xoshiro256(0);
        double[] map = new double[Outputs * Inputs], x = new double[Examples * Inputs], y = new double[Examples * Outputs];
        for (int row = 0; row < Outputs; row++)
        {
            double scale = 1 - (row / (Outputs - 1.0) * (1 - 1e-10));
            for (int column = 0; column < Inputs; column++)
            {
                map[(row * Inputs) + column] = scale * random.NextDouble();
            }
        }

        for (int i = 0; i < x.Length; i++)
        {
            x[i] = random.NextGaussian();
        }

        new MatrixProduct<double>(1)
            .Multiply(new MatrixView<double>(x, Examples, Inputs), new MatrixView<double>(map, Outputs, Inputs).Transposed, y);
        return (x, y);
    }

    /// <summary>Uniform in 1/sqrt(fan-in).</summary>
    private static void Fill(ParameterTensor<double> tensor, Xoshiro256 random, int fanIn)
    {
        foreach (ref double value in tensor.Values)
        {
            value = ((2 * random.NextDouble()) - 1) / Math.Sqrt(fanIn);
        }
    }
}
