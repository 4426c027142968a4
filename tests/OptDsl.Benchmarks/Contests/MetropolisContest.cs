using System.Numerics.Tensors;
using OptDsl.Models;

namespace OptDsl.Benchmarks;

/// <summary>
/// MALA of 64 chains on 1000 independent normals at the step size of acceptance .574, in float. The rival makes the same transitions, so
/// that draws of both are worth as much: the ratio of times is that of effective draws a second.
/// </summary>
internal sealed class MetropolisContest(int threads) : Contest
{
    internal const int Chains = 64, Dimensions = 1000;

    // So many that making the sampler is nothing beside them.
    private const int Transitions = 500;

    internal override Clock Clock => threads > 1 ? Clock.Wall : Clock.Thread;

    /// <summary>A sample is as many transitions as a sampler makes at a time.</summary>
    internal override double PartOfWhole => Transitions;

    internal override (Work Rival, Work Ours) Works(int repetitions)
    {
        void Ours()
        {
            for (int i = 0; i < repetitions; i++)
            {
                Run(Transitions);
            }
        }

        return (() => { }, Ours);
    }

    /// <summary>Holds the acceptance and the mean square of the draws against what they must be.</summary>
    internal override void Verify()
    {
        Samples<float> samples = Run(Transitions);
        double square = 0;
        foreach (float value in samples.Values)
        {
            square += (double)value * value / samples.Values.Length;
        }

        double acceptance = samples.GetStatistic(SampleStatistics.Acceptance).ToArray().Average();
        if (!(acceptance is > 0.4 and < 0.75) || Math.Abs(square - 1) > 6 * Math.Sqrt(2.0 / samples.Values.Length))
        {
            throw new InvalidOperationException(
                $"The last transition was accepted with {acceptance}, and the draws' mean square is {square}.");
        }
    }

    public override void Dispose()
    {
    }

    private Samples<float> Run(int transitions)
    {
        var options = new SamplerOptions { Chains = Chains, WarmUp = 0, Draws = 1, Thinning = transitions, Seed = 5, Threads = threads };
        var settings = new MetropolisSettings { StepSize = 1.65 * 1.65 / 2 / Math.Cbrt(Dimensions), Adapts = false };
        using var sampler = new MetropolisLangevin<float>(new Normals(), options, settings);
        return sampler.Run().Samples!;
    }

    /// <summary>Independent normals.</summary>
    private sealed class Normals : ITarget<float>
    {
        public int Dimensions => MetropolisContest.Dimensions;

        public bool IsThreadSafe => true;

        public void Evaluate(in ChainBatch<float> batch)
        {
            batch.Positions.CopyTo(batch.Gradients);
            for (int chain = 0; chain < batch.Count; chain++)
            {
                batch.Potentials[chain] = TensorPrimitives.SumOfSquares(batch.GetPosition(chain)) / 2;
            }
        }
    }
}
