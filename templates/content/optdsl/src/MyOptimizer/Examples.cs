namespace MyNamespace;

/// <summary>Made-up examples of two classes, and the loss of a logistic regression on them.</summary>
public sealed class Examples
{
    /// <summary>Numbers per example.</summary>
    public const int Features = 20;

    private readonly float[] inputs, labels;

    private Examples(float[] inputs, float[] labels) => (this.inputs, this.labels) = (inputs, labels);

    /// <summary>Makes the same examples every time.</summary>
    public static Examples Make(int count)
    {
        var random = new Random(1);
        float[] truth = [.. Enumerable.Range(0, Features).Select(_ => (float)(random.NextDouble() - 0.5) * 4)],
            inputs = [.. Enumerable.Range(0, count * Features).Select(_ => (float)(random.NextDouble() - 0.5) * 2)],
            labels = [.. Enumerable.Range(0, count)
                .Select(i => random.NextDouble() < Sigmoid(Dot(inputs.AsSpan(i * Features, Features), truth)) ? 1f : 0f)];
        return new Examples(inputs, labels);
    }

    /// <summary>Computes the mean log loss, and overwrites the gradients.</summary>
    public double ComputeGradient(ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> weightGradients,
        Span<float> biasGradients)
    {
        weightGradients.Clear();
        biasGradients.Clear();
        double loss = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<float> x = inputs.AsSpan(i * Features, Features);
            double probability = Sigmoid(Dot(x, weights) + bias[0]);
            loss -= Math.Log(labels[i] == 1 ? probability : 1 - probability) / labels.Length;
            float error = (float)((probability - labels[i]) / labels.Length);
            for (int j = 0; j < Features; j++)
            {
                weightGradients[j] += error * x[j];
            }

            biasGradients[0] += error;
        }

        return loss;
    }

    private static double Sigmoid(double value) => 1 / (1 + Math.Exp(-value));

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
