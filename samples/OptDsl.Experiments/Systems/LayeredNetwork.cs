using System.Numerics.Tensors;
using OptDsl.Linear;
using OptDsl.Models;

namespace OptDsl.Experiments;

/// <summary>
/// A network of full layers without biases, rectified between the layers or linear: the mean over examples of |prediction - target|^2 / 2.
/// </summary>
/// <param name="sides">Of the layers, from the inputs to the outputs.</param>
/// <param name="inputs">Examples x sides[0].</param>
/// <param name="targets">Examples x the last side.</param>
/// <param name="rectified">Whether hidden layers are rectified; the derivative at 0 is 0.</param>
internal sealed class LayeredNetwork(int[] sides, double[] inputs, double[] targets, bool rectified) : ILossModel<double>
{
    private readonly MatrixProduct<double> product = new(threads: 1);
    private readonly int examples = inputs.Length / sides[0];
    private readonly double[][] activities = [inputs, .. sides.Skip(1).Select(side => new double[inputs.Length / sides[0] * side])];
    private readonly double[][] slopes = [.. sides.Select(side => new double[inputs.Length / sides[0] * side])];

    internal void AddTo(ParameterBuffer<double> parameters)
    {
        for (int layer = 0; layer + 1 < sides.Length; layer++)
        {
            parameters.Add(FormattableString.Invariant($"W{layer + 1}"), [sides[layer], sides[layer + 1]]);
        }
    }

    public double ComputeLoss(ParameterBuffer<double> parameters)
    {
        for (int layer = 0; layer + 1 < sides.Length; layer++)
        {
            double[] above = activities[layer + 1];
            product.Multiply(Activities(layer), Weights(parameters, layer), above);
            if (rectified && layer + 2 < sides.Length)
            {
                TensorPrimitives.Max<double>(above, 0, above);
            }
        }

        double[] error = slopes[^1];
        TensorPrimitives.Subtract(activities[^1], targets, error);
        TensorPrimitives.Divide<double>(error, examples, error);
        return TensorPrimitives.SumOfSquares<double>(error) * examples / 2;
    }

    public double ComputeGradient(ParameterBuffer<double> parameters)
    {
        double loss = ComputeLoss(parameters);
        for (int layer = sides.Length - 2; layer >= 0; layer--)
        {
            var slope = new MatrixView<double>(slopes[layer + 1], examples, sides[layer + 1]);
            product.Multiply(Activities(layer).Transposed, slope, parameters.Tensors[layer].Gradients);
            if (layer > 0)
            {
                product.Multiply(slope, Weights(parameters, layer).Transposed, slopes[layer]);
                for (int i = 0; rectified && i < slopes[layer].Length; i++)
                {
                    slopes[layer][i] = activities[layer][i] > 0 ? slopes[layer][i] : 0;
                }
            }
        }

        return loss;
    }

    private MatrixView<double> Activities(int layer) => new(activities[layer], examples, sides[layer]);

    private MatrixView<double> Weights(ParameterBuffer<double> parameters, int layer)
        => new(parameters.Tensors[layer].ReadOnlyValues, sides[layer], sides[layer + 1]);
}
