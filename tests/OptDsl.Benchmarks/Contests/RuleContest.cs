using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptDsl.Benchmarks;

/// <summary>The memory of one optimizer, as a rival sees it: tensors of one length behind each other.</summary>
internal unsafe readonly record struct Memory(nint Parameters, nint Gradients, nint State0, nint State1, nuint Length, nuint Tensors)
{
    internal float* P => (float*)Parameters;

    internal float* G => (float*)Gradients;

    internal float* S0 => (float*)State0;

    internal float* S1 => (float*)State1;

    internal int Count => (int)(Length * Tensors);
}

/// <summary>Makes the rival's step number <paramref name="step"/>.</summary>
internal delegate void RivalStep(in Memory memory, int step);

/// <summary>So many tensors of a length; what is larger than a chunk is walked in chunks.</summary>
internal readonly record struct Shape(int Tensors, int Length)
{
    internal int Count => Tensors * Length;
}

/// <summary>A rule's step on one thread against a rival's, over the same memory.</summary>
internal sealed unsafe class RuleContest<TRule> : Contest
    where TRule : class, IUpdateRule<float>
{
    // Parameters a sample steps at most, so that a sample stays short.
    private const int Chunk = 131_072;

    private static readonly float[] Noise = CreateNoise();

    private readonly bool bitwise;
    private readonly ParameterBuffer<float>[] buffers;
    private readonly Optimizer<float, TRule>[] optimizers;
    private readonly Memory[] memories;
    private readonly RivalStep rival;
    private int chunk, rivalSteps;

    internal RuleContest(TRule rule, RivalStep rival, Shape shape, OnNonFinite check, bool bitwise)
    {
        this.rival = rival;
        this.bitwise = bitwise;
        int chunks = Math.Max(1, shape.Count / Chunk);
        (int tensors, int length) = shape.Tensors == 1 ? (1, shape.Length / chunks) : (shape.Tensors / chunks, shape.Length);
        buffers = new ParameterBuffer<float>[chunks];
        optimizers = new Optimizer<float, TRule>[chunks];
        memories = new Memory[chunks];
        for (int i = 0; i < chunks; i++)
        {
            ParameterBuffer<float> buffer = buffers[i] = new ParameterBuffer<float>();
            for (int j = 0; j < tensors; j++)
            {
                buffer.Add($"x{j}", [length]);
            }

            Fill(buffer.Values, 0);
            Fill(buffer.Gradients, 1);
            optimizers[i] = buffer.Optimize(rule, new OptimizerOptions { OnNonFinite = check, Threads = 1 });
            string[] states = [.. optimizers[i].State.Names];
            memories[i] = new(
                Address(buffer.Values), Address(buffer.Gradients), Address(optimizers[i].State[states[0]]),
                states.Length > 1 ? Address(optimizers[i].State[states[1]]) : 0, (nuint)length, (nuint)tensors);
        }
    }

    internal override double PartOfWhole => 1.0 / memories.Length;

    internal override void Verify()
    {
        const int Steps = 3;
        Memory memory = memories[0];
        float[] start = Copy(memory.P);
        for (int step = 1; step <= Steps; step++)
        {
            optimizers[0].Step();
        }

        float[][] expected = [Copy(memory.P), Copy(memory.S0), Copy(memory.S1)];
        start.CopyTo(new Span<float>(memory.P, start.Length));
        new Span<float>(memory.S0, start.Length).Clear();
        new Span<float>(memory.S1, memory.State1 == 0 ? 0 : start.Length).Clear();
        for (int step = 1; step <= Steps; step++)
        {
            rival(in memory, step);
        }

        float[][] actual = [Copy(memory.P), Copy(memory.S0), Copy(memory.S1)];
        for (int buffer = 0; buffer < expected.Length; buffer++)
        {
            for (int i = 0; i < expected[buffer].Length; i++)
            {
                float a = expected[buffer][i], b = actual[buffer][i];
                bool same = bitwise
                    ? BitConverter.SingleToInt32Bits(a) == BitConverter.SingleToInt32Bits(b)
                    : Math.Abs(a - b) <= 1e-6f * Math.Max(1, Math.Abs(a));
                if (!same)
                {
                    throw new InvalidOperationException(
                        $"{typeof(TRule).Name}: the rival computes something else: buffer {buffer}, element {i}: ours {a:R}, the rival's {b:R}.");
                }
            }
        }
    }

    internal override (Work Rival, Work Ours) Works(int repetitions) => (
        () =>
        {
            ref Memory memory = ref memories[NextChunk()];
            for (int i = 0; i < repetitions; i++)
            {
                rival(in memory, ++rivalSteps);
            }
        },
        () =>
        {
            Optimizer<float, TRule> optimizer = optimizers[NextChunk()];
            for (int i = 0; i < repetitions; i++)
            {
                optimizer.Step();
            }
        }
    );

    public override void Dispose()
    {
        foreach (ParameterBuffer<float> buffer in buffers)
        {
            buffer.Dispose();
        }
    }

    private static float[] CreateNoise()
    {
        var random = new Random(7);
        var noise = new float[Chunk + 1];
        for (int i = 0; i < noise.Length; i++)
        {
            noise[i] = (float)random.NextDouble() - 0.5f;
        }

        return noise;
    }

    private static void Fill(Span<float> values, int start)
    {
        for (int done = 0; done < values.Length; done += Chunk)
        {
            Span<float> rest = values[done..];
            Noise.AsSpan(start, Math.Min(Chunk, rest.Length)).CopyTo(rest);
        }
    }

    private static nint Address(ReadOnlySpan<float> span) => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(span));

    private float[] Copy(float* source) => source == null ? [] : new ReadOnlySpan<float>(source, memories[0].Count).ToArray();

    // One cursor for all, so that nobody finds in the cache what it has just stepped itself.
    private int NextChunk() => chunk = chunk + 1 < memories.Length ? chunk + 1 : 0;
}
