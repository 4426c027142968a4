using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptDsl.Benchmarks;

/// <summary>Makes the rival's step number <paramref name="step"/> over parameters and gradients.</summary>
internal unsafe delegate void PassRival(float* parameters, float* gradients, nuint count, int step);

/// <summary>Gradient descent clipped by the norm: a pass that sums, and one that steps.</summary>
[Optimizer(Arithmetic = Arithmetic.Fused)]
internal sealed partial record FusedClip(double LearningRate = RuleContests.TimingRate, double Largest = 1, double Epsilon = 1e-6)
{
    [Reduce(Reduction.Sum, Scope = Scope.Global)]
    static double Squares(double gradient) => gradient * gradient;

    [Derived]
    double Rate(double squares) => LearningRate * Math.Min(1, Largest / (Math.Sqrt(squares) + Epsilon));

    [Update]
    static double Update(double parameter, double gradient, double rate) => parameter - rate * gradient;
}

/// <summary>A Langevin step; the temperature is in units of the loss.</summary>
[Optimizer(Arithmetic = Arithmetic.Fused)]
internal sealed partial record FusedLangevin(double LearningRate = RuleContests.TimingRate, double Temperature = 1)
{
    [Derived]
    double Spread() => Math.Sqrt(2 * LearningRate * Temperature);

    [Update]
    double Update(double parameter, double gradient, [Gaussian] double noise, double spread)
    => parameter - LearningRate * gradient + spread * noise;
}

/// <summary>A step of several passes, or one with noise, on one thread, over all parameters at once.</summary>
internal sealed unsafe class PassContest<TRule> : Contest
    where TRule : class, IUpdateRule<float>
{
    private readonly ParameterBuffer<float> buffer = new();
    private readonly Optimizer<float, TRule> optimizer;
    private readonly PassRival rival;
    private readonly bool equal;
    private readonly float* parameters, gradients;
    private int steps;

    /// <param name="rule">The rule.</param>
    /// <param name="size">Parameters.</param>
    /// <param name="rival">The rival.</param>
    /// <param name="equal">Whether it computes the same, but for rounding.</param>
    internal PassContest(TRule rule, int size, PassRival rival, bool equal)
    {
        this.rival = rival;
        this.equal = equal;
        buffer.Add("x", [size]);
        var random = new Random(7);
        for (int i = 0; i < size; i++)
        {
            buffer.Values[i] = (float)random.NextDouble() - 0.5f;
            buffer.Gradients[i] = (float)random.NextDouble() - 0.5f;
        }

        optimizer = buffer.Optimize(rule, new OptimizerOptions { Threads = 1, Seed = PassRivals.Seed });
        parameters = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(buffer.Values));
        gradients = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(buffer.Gradients));
    }

    internal override (Work Rival, Work Ours) Works(int repetitions) => (
        () =>
        {
            for (int i = 0; i < repetitions; i++)
            {
                rival(parameters, gradients, (nuint)buffer.Count, ++steps);
            }
        },
        () =>
        {
            for (int i = 0; i < repetitions; i++)
            {
                optimizer.Step();
            }
        }
    );

    internal override void Verify()
    {
        float[] start = buffer.Values.ToArray();
        optimizer.Step();
        float[] ours = buffer.Values.ToArray();
        start.CopyTo(buffer.Values);
        rival(parameters, gradients, (nuint)buffer.Count, 1);
        for (int i = 0; i < ours.Length && equal; i++)
        {
            if (Math.Abs(ours[i] - buffer.Values[i]) > 1e-6)
            {
                throw new InvalidOperationException(
                    $"{typeof(TRule).Name}: element {i}: ours {ours[i]:R}, the rival's {buffer.Values[i]:R}.");
            }
        }
    }

    public override void Dispose() => buffer.Dispose();
}
