using System.Runtime.Intrinsics;
using OptDsl.Models;

namespace OptDsl.Benchmarks;

/// <summary>
/// Simulated tempering of many chains on .3 N(-5, 1) + .7 N(5, 1) on one thread: whole runs, the sampler's making and its draws among them.
/// </summary>
internal sealed class TemperingContest : Contest
{
    internal const int Chains = 200;

    private const int Transitions = 1000;

    private static readonly SimulatedTemperingSettings Levels = new()
    {
        InverseTemperatures = [0.03, 0.08, 0.2, 0.45, 1],
        LogWeights = [-3.128, -2.732, -2.252, -1.678, -0.919],
    };

    private static readonly SamplerOptions Options = new()
    {
        Chains = Chains,
        WarmUp = 0,
        Draws = Transitions / 20,
        Thinning = 20,
        Threads = 1
    };

    /// <summary>The rival's sample is a transition.</summary>
    internal override double PartOfWhole => Transitions;

    /// <summary>The rival runs in another process.</summary>
    internal override (Work Rival, Work Ours) Works(int repetitions)
    {
        void Ours()
        {
            for (int i = 0; i < repetitions; i++)
            {
                Run(Options);
            }
        }

        return (() => { }, Ours);
    }

    /// <summary>Holds the target against the mixture's formula, and a long run against the right mode's mass.</summary>
    internal override void Verify()
    {
        double[] positions = [.. Enumerable.Range(0, 203).Select(i => (i - 101) * 0.1)], gradients = new double[positions.Length],
            potentials = new double[positions.Length];
        new Mixture().Evaluate(new ChainBatch<double>(positions, gradients, potentials));
        for (int i = 0; i < positions.Length; i++)
        {
            double x = positions[i], left = 0.3 * Math.Exp(-(x + 5) * (x + 5) / 2), right = 0.7 * Math.Exp(-(x - 5) * (x - 5) / 2);
            double potential = -Math.Log(left + right), gradient = ((left * (x + 5)) + (right * (x - 5))) / (left + right);
            if (!(Math.Abs(potentials[i] - potential) < 1e-12 * (1 + Math.Abs(potential)) && Math.Abs(gradients[i] - gradient) < 1e-11))
            {
                throw new InvalidOperationException(
                    $"At {x} the target says {potentials[i]} and {gradients[i]}, not {potential} and {gradient}.");
            }
        }

        double mass = Run(Options with { Chains = 4 * Chains, WarmUp = 8000, Draws = 600 }).Mean;
        if (!(Math.Abs(mass - 0.7) < 0.03))
        {
            throw new InvalidOperationException($"The right mode's mass is {mass}, not .7.");
        }
    }

    public override void Dispose()
    {
    }

    private static TargetMean Run(SamplerOptions options)
    {
        using var sampler = new SimulatedTempering<double>(new Mixture(), options, Levels, static (_, position) => position[0] = 5);
        sampler.Run();
        return options.WarmUp == 0 ? default : sampler.ComputeTargetMean(static position => position[0] > 0 ? 1 : 0);
    }

    /// <summary>All chains at a time; by the log odds of the right mode.</summary>
    private sealed class Mixture : ITarget<double>
    {
        private static readonly double Offset = Math.Log(0.7 / 0.3), Constant = (Math.Log(0.7) + Math.Log(0.3)) / 2;

        public int Dimensions => 1;

        public bool IsThreadSafe => true;

        public void Evaluate(in ChainBatch<double> batch)
        {
            Span<double> part = stackalloc double[Vector256<double>.Count], gradients = stackalloc double[Vector256<double>.Count];
            int at = 0;
            for (; at + part.Length <= batch.Count; at += part.Length)
            {
                Evaluate(batch.Positions[at..], batch.Gradients[at..], batch.Potentials[at..]);
            }

            if (at < batch.Count)
            {
                batch.Positions[at..].CopyTo(part);
                Span<double> potentials = stackalloc double[Vector256<double>.Count];
                Evaluate(part, gradients, potentials);
                gradients[..(batch.Count - at)].CopyTo(batch.Gradients[at..]);
                potentials[..(batch.Count - at)].CopyTo(batch.Potentials[at..]);
            }
        }

        private static void Evaluate(ReadOnlySpan<double> positions, Span<double> gradients, Span<double> potentials)
        {
            Vector256<double> x = Vector256.Create(positions), odds = (x * 10) + Vector256.Create(Offset), size = Vector256.Abs(odds),
                small = Vector256.Exp(-size), one = Vector256<double>.One;
            (((((x * x) + Vector256.Create(25.0) - size) * 0.5) - Vector256.Create(Constant)) - Vector256.Log(one + small))
                .CopyTo(potentials);
            (x - (Vector256.CopySign((one - small) / (one + small), odds) * 5)).CopyTo(gradients);
        }
    }
}
