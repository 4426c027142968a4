namespace OptDsl.Experiments;

/// <summary>Independent series, one per parameter: each step gives every series a gradient and reads its parameter back.</summary>
internal sealed class SeriesBank<TRule> : IDisposable
    where TRule : class, IUpdateRule<double>
{
    private readonly ParameterBuffer<double> parameters = new();
    private readonly Optimizer<double, TRule> optimizer;

    internal SeriesBank(TRule rule, int series, double start = 0)
    {
        parameters.Add("series", [series]);
        parameters.Values.Fill(start);
        optimizer = parameters.Optimize(rule);
    }

    internal Span<double> Gradients => parameters.Gradients;

    internal ReadOnlySpan<double> Values => parameters.ReadOnlyValues;

    internal Optimizer<double, TRule> Optimizer => optimizer;

    /// <summary>Where the series begin.</summary>
    internal void Set(ReadOnlySpan<double> starts) => starts.CopyTo(parameters.Values);

    /// <summary>Steps with the gradients as they are.</summary>
    internal ReadOnlySpan<double> Step(CancellationToken cancellation)
    {
        optimizer.Step(cancellation);
        return parameters.ReadOnlyValues;
    }

    /// <summary>Steps with the given gradients.</summary>
    internal ReadOnlySpan<double> Step(ReadOnlySpan<double> gradients, CancellationToken cancellation)
    {
        gradients.CopyTo(parameters.Gradients);
        return Step(cancellation);
    }

    public void Dispose() => parameters.Dispose();
}

/// <summary>Sums over series.</summary>
internal static class Series
{
    internal static double Mean(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }

    internal static double Variance(ReadOnlySpan<double> values)
    {
        double mean = Mean(values), sum = 0;
        foreach (double value in values)
        {
            sum += (value - mean) * (value - mean);
        }

        return sum / values.Length;
    }

    internal static double MeanSquare(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value * value;
        }

        return sum / values.Length;
    }

    /// <summary>The sum of curvature value^2 / 2, the curvatures taken in turn.</summary>
    internal static double QuadraticLoss(ReadOnlySpan<double> values, ReadOnlySpan<double> curvatures)
    {
        double sum = 0;
        for (int i = 0; i < values.Length; i++)
        {
            sum += curvatures[i % curvatures.Length] * values[i] * values[i] / 2;
        }

        return sum;
    }

    internal static double LargestDifference(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double largest = 0;
        for (int i = 0; i < a.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(a[i] - b[i]));
        }

        return largest;
    }

    internal static void FillGaussian(Span<double> values, Xoshiro256 random, double mean, double deviation)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = mean + (deviation * random.NextGaussian());
        }
    }
}
