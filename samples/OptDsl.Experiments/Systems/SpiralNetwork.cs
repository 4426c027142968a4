namespace OptDsl.Experiments;

/// <summary>Points of three noisy spirals in the plane, and which spiral each is of.</summary>
internal sealed class SpiralData
{
    internal const int Classes = 3;

    private readonly int[] labels;

    private SpiralData(double[] points, int[] labels) => (Points, this.labels) = (points, labels);

    /// <summary>Two numbers a point.</summary>
    internal double[] Points { get; }

    internal int Count => labels.Length;

    internal static SpiralData Draw(Xoshiro256 random, int count)
    {
        double[] points = new double[2 * count];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            labels[i] = i % Classes;
            double radius = random.NextDouble(), angle = (4 * radius) + (2 * Math.PI * labels[i] / Classes) + (0.3 * random.NextGaussian());
            points[2 * i] = 2 * radius * Math.Cos(angle);
            points[(2 * i) + 1] = 2 * radius * Math.Sin(angle);
        }

        return new SpiralData(points, labels);
    }

    internal int Label(int point) => labels[point];

    /// <summary>The mean of -ln of the probability of the right class; three probabilities a point.</summary>
    internal double CrossEntropy(double[] probabilities)
        => -Enumerable.Range(0, Count).Average(i => Math.Log(probabilities[(Classes * i) + labels[i]]));

    /// <summary>The share of points whose likeliest class is wrong.</summary>
    internal double Error(double[] probabilities)
        => Enumerable.Range(0, Count)
        .Average(i => Enumerable.Range(0, Classes).MaxBy(c => probabilities[(Classes * i) + c]) == labels[i] ? 0.0 : 1.0);
}

/// <summary>A network with one hidden layer, softmax(V tanh(U x + a) + b), and the gradient of its mean cross-entropy.</summary>
internal sealed class SpiralNetwork
{
    private const int Hidden = 32;

    private readonly ParameterTensor<double> u, a, v, b;
    private readonly double[] hidden = new double[Hidden], probabilities = new double[SpiralData.Classes];

    internal SpiralNetwork(ParameterBuffer<double> parameters, Xoshiro256 random)
    {
        u = parameters.Add("u", [Hidden, 2]);
        a = parameters.Add("a", [Hidden]);
        v = parameters.Add("v", [SpiralData.Classes, Hidden]);
        b = parameters.Add("b", [SpiralData.Classes]);
        Series.FillGaussian(u.Values, random, 0, 1);
        Series.FillGaussian(a.Values, random, 0, 1);
        Series.FillGaussian(v.Values, random, 0, 1 / Math.Sqrt(Hidden));
    }

    /// <summary>Fills the gradients with those of the mean over the given points.</summary>
    internal void ComputeGradient(SpiralData data, ReadOnlySpan<int> points)
    {
        u.Gradients.Clear();
        a.Gradients.Clear();
        v.Gradients.Clear();
        b.Gradients.Clear();
        foreach (int point in points)
        {
            Forward(data, point);
            probabilities[data.Label(point)]--;
            for (int j = 0; j < Hidden; j++)
            {
                double back = 0;
                for (int c = 0; c < SpiralData.Classes; c++)
                {
                    double error = probabilities[c] / points.Length;
                    v.Gradients[(c * Hidden) + j] += error * hidden[j];
                    back += error * v.ReadOnlyValues[(c * Hidden) + j];
                }

                back *= 1 - (hidden[j] * hidden[j]);
                u.Gradients[2 * j] += back * data.Points[2 * point];
                u.Gradients[(2 * j) + 1] += back * data.Points[(2 * point) + 1];
                a.Gradients[j] += back;
            }

            for (int c = 0; c < SpiralData.Classes; c++)
            {
                b.Gradients[c] += probabilities[c] / points.Length;
            }
        }
    }

    /// <summary>The probabilities of all points, three each.</summary>
    internal double[] Predict(SpiralData data)
    {
        double[] all = new double[SpiralData.Classes * data.Count];
        for (int i = 0; i < data.Count; i++)
        {
            Forward(data, i);
            probabilities.CopyTo(all, SpiralData.Classes * i);
        }

        return all;
    }

    private void Forward(SpiralData data, int point)
    {
        double x = data.Points[2 * point], y = data.Points[(2 * point) + 1], sum = 0;
        for (int j = 0; j < Hidden; j++)
        {
            hidden[j] = Math.Tanh((u.ReadOnlyValues[2 * j] * x) + (u.ReadOnlyValues[(2 * j) + 1] * y) + a.ReadOnlyValues[j]);
        }

        for (int c = 0; c < SpiralData.Classes; c++)
        {
            double score = b.ReadOnlyValues[c];
            for (int j = 0; j < Hidden; j++)
            {
                score += v.ReadOnlyValues[(c * Hidden) + j] * hidden[j];
            }

            sum += probabilities[c] = Math.Exp(score);
        }

        for (int c = 0; c < SpiralData.Classes; c++)
        {
            probabilities[c] /= sum;
        }
    }
}
