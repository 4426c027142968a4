using OptDsl.Models;
using OptDsl.Rules;

namespace OptDsl.Benchmarks;

/// <summary>As many draws of one component: the rival by one chain, we by many, whose transitions are made together.</summary>
internal sealed class ChainsContest(int chains) : Contest
{
    // So many that making the samplers is nothing beside it.
    private const int Transitions = 20_000;

    internal override (Work Rival, Work Ours) Works(int repetitions)
        => (() => Repeat(repetitions, 1, Transitions), () => Repeat(repetitions, chains, Transitions / chains));

    internal override void Verify()
    {
        double[] together = Draw(chains, 100), alone = Draw(1, 100);
        if (together[0] != alone[0])
        {
            throw new InvalidOperationException($"The first of {chains} chains draws {together[0]}, and alone {alone[0]}.");
        }
    }

    public override void Dispose()
    {
    }

    private static void Repeat(int repetitions, int chains, int transitions)
    {
        for (int i = 0; i < repetitions; i++)
        {
            Draw(chains, transitions);
        }
    }

    private static double[] Draw(int chains, int transitions)
    {
        var options = new SamplerOptions { Chains = chains, WarmUp = 0, Draws = 1, Thinning = transitions, Seed = 5, Threads = 1 };
        using var sampler = new UnadjustedSampler<double, Langevin>(new Normal(), new Langevin(0.1), options);
        return sampler.Run().Samples!.GetComponent(0);
    }

    /// <summary>N(0, 1), all chains at once.</summary>
    private sealed class Normal : ITarget<double>
    {
        public int Dimensions => 1;

        public bool IsThreadSafe => true;

        public void Evaluate(in ChainBatch<double> batch)
        {
            ReadOnlySpan<double> positions = batch.Positions;
            Span<double> gradients = batch.Gradients, potentials = batch.Potentials;
            positions.CopyTo(gradients);
            System.Numerics.Tensors.TensorPrimitives.Multiply(positions, positions, potentials);
            System.Numerics.Tensors.TensorPrimitives.Multiply(potentials, 0.5, potentials);
        }
    }
}
