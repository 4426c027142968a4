using System.Numerics.Tensors;

namespace OptDsl.Benchmarks;

/// <summary>The rules composed from the vector library's primitives, in blocks that stay in the first-level cache.</summary>
internal sealed unsafe class TensorPrimitivesRival
{
    private const int Block = 1024;

    private readonly float[] a = new float[Block], b = new float[Block];

    internal static RivalStep Step(string rule, double rate)
    {
        var rival = new TensorPrimitivesRival();
        float lr = (float)rate, kept = (float)(1 - rate * 1e-2), lionKept = (float)(1 - rate * CRivals.LionDecay);
        return rule switch
        {
            "adam" => (in Memory memory, int step) => rival.ForEach(in memory, (p, g, m, v) => rival.Adam(p, g, m, v, rate, 1, step)),
            "adamw" => (in Memory memory, int step) => rival.ForEach(in memory, (p, g, m, v) => rival.Adam(p, g, m, v, rate, kept, step)),
            "momentum" => (in Memory memory, int _) => rival.ForEach(in memory, (p, g, v, _) => Momentum(p, g, v, lr)),
            "rmsprop" => (in Memory memory, int _) => rival.ForEach(in memory, (p, g, v, _) => rival.RmsProp(p, g, v, lr)),
            "lion" => (in Memory memory, int _) => rival.ForEach(in memory, (p, g, m, _) => rival.Lion(p, g, m, lr, lionKept)),
            _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, "There is no such rule."),
        };
    }

    private delegate void BlockStep(Span<float> p, ReadOnlySpan<float> g, Span<float> s0, Span<float> s1);

    private void ForEach(in Memory memory, BlockStep step)
    {
        for (int start = 0; start < memory.Count; start += Block)
        {
            int length = Math.Min(Block, memory.Count - start);
            step(
                new(memory.P + start, length), new(memory.G + start, length), new(memory.S0 + start, length),
                memory.State1 == 0 ? default : new(memory.S1 + start, length));
        }
    }

    private void Adam(Span<float> p, ReadOnlySpan<float> g, Span<float> m, Span<float> v, double rate, float kept, int step)
    {
        float scaled = (float)(rate / (1 - Math.Pow(.9, step))), r2 = (float)(1 / (1 - Math.Pow(.999, step)));
        Span<float> u = a.AsSpan(0, p.Length), w = b.AsSpan(0, p.Length);
        TensorPrimitives.Multiply(m, .9f, m);
        TensorPrimitives.MultiplyAdd(g, (float)(1 - .9), m, m);
        TensorPrimitives.Multiply(g, g, u);
        TensorPrimitives.Multiply(v, .999f, v);
        TensorPrimitives.MultiplyAdd(u, (float)(1 - .999), v, v);
        TensorPrimitives.Multiply(v, r2, u);
        TensorPrimitives.Sqrt(u, u);
        TensorPrimitives.Add(u, 1e-8f, u);
        TensorPrimitives.Multiply(m, scaled, w);
        TensorPrimitives.Divide(w, u, w);
        if (kept != 1)
        {
            TensorPrimitives.Multiply(p, kept, p);
        }

        TensorPrimitives.Subtract(p, w, p);
    }

    private static void Momentum(Span<float> p, ReadOnlySpan<float> g, Span<float> v, float rate)
    {
        TensorPrimitives.MultiplyAdd(v, .9f, g, v);
        TensorPrimitives.MultiplyAdd(v, -rate, p, p);
    }

    private void RmsProp(Span<float> p, ReadOnlySpan<float> g, Span<float> v, float rate)
    {
        Span<float> u = a.AsSpan(0, p.Length), w = b.AsSpan(0, p.Length);
        TensorPrimitives.Multiply(g, g, u);
        TensorPrimitives.Multiply(v, .99f, v);
        TensorPrimitives.MultiplyAdd(u, (float)(1 - .99), v, v);
        TensorPrimitives.Sqrt(v, u);
        TensorPrimitives.Add(u, 1e-8f, u);
        TensorPrimitives.Multiply(g, rate, w);
        TensorPrimitives.Divide(w, u, w);
        TensorPrimitives.Subtract(p, w, p);
    }

    private void Lion(Span<float> p, ReadOnlySpan<float> g, Span<float> m, float rate, float kept)
    {
        Span<float> u = a.AsSpan(0, p.Length);
        TensorPrimitives.Multiply(m, .9f, u);
        TensorPrimitives.MultiplyAdd(g, (float)(1 - .9), u, u);
        TensorPrimitives.Multiply(m, .99f, m);
        TensorPrimitives.MultiplyAdd(g, (float)(1 - .99), m, m);

        // The library has a sign only to integers; no gradient here makes a zero.
        TensorPrimitives.CopySign<float>(Ones.AsSpan(0, u.Length), u, u);
        TensorPrimitives.Multiply(p, kept, p);
        TensorPrimitives.MultiplyAdd(u, -rate, p, p);
    }

    private static readonly float[] Ones = CreateOnes();

    private static float[] CreateOnes()
    {
        var ones = new float[Block];
        ones.AsSpan().Fill(1);
        return ones;
    }
}
