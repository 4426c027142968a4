using OptDsl.Rules;

namespace OptDsl.Benchmarks;

/// <summary>Langevin steps of many parameters on one thread, their noise drawn in the same pass.</summary>
internal sealed class LangevinContest : Contest
{
    private const float StepSize = 1e-6f;

    private readonly ParameterBuffer<float> parameters = new();
    private readonly Optimizer<float, Langevin> optimizer;

    internal LangevinContest(int count)
    {
        parameters.Add("x", [count]);
        var random = new Xoshiro256(7);
        for (int i = 0; i < count; i++)
        {
            parameters.Values[i] = (float)random.NextGaussian();
            parameters.Gradients[i] = (float)random.NextGaussian();
        }

        optimizer = parameters.Optimize(new Langevin(StepSize), new OptimizerOptions { Threads = 1, Seed = 3 });
    }

    /// <summary>The rival runs in another process.</summary>
    internal override (Work Rival, Work Ours) Works(int repetitions)
    {
        void Ours()
        {
            for (int i = 0; i < repetitions; i++)
            {
                optimizer.Step();
            }
        }

        return (() => { }, Ours);
    }

    /// <summary>Holds a step against the formula, and its noise against the moments of a normal.</summary>
    internal override void Verify()
    {
        float[] before = parameters.Values.ToArray();
        optimizer.Step();
        double scale = Math.Sqrt(2 * (double)StepSize), sum = 0, squares = 0;
        for (int i = 0; i < before.Length; i++)
        {
            // What rounding leaves of so small a step is read off with an error of a ten thousandth of its noise.
            double noise = (parameters.Values[i] - (before[i] - (StepSize * (double)parameters.Gradients[i]))) / scale;
            (sum, squares) = (sum + noise, squares + (noise * noise));
        }

        double mean = sum / before.Length, error = Math.Sqrt(1.0 / before.Length);
        if (Math.Abs(mean) > 6 * error || Math.Abs((squares / before.Length) - 1) > 6 * Math.Sqrt(2) * error)
        {
            throw new InvalidOperationException($"The noise of a step has mean {mean} and variance {squares / before.Length}.");
        }
    }

    public override void Dispose() => parameters.Dispose();
}
