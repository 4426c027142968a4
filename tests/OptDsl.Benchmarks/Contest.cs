using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptDsl.Benchmarks;

/// <summary>The memory of one optimizer, as C sees it.</summary>
internal unsafe readonly record struct Memory(nint Parameters, nint Gradients, nint State0, nint State1, nuint Length)
{
    internal float* P => (float*)Parameters;

    internal float* G => (float*)Gradients;

    internal float* S0 => (float*)State0;

    internal float* S1 => (float*)State1;
}

/// <summary>Makes the C kernel's step number <paramref name="step"/>.</summary>
internal delegate void RivalStep(in Memory memory, int step);

/// <summary>One line of the table: an optimizer's step and the C kernel's, over the same memory.</summary>
internal abstract class Contest
{
    /// <summary>Parameters a sample steps at most; larger arrays are walked in such chunks.</summary>
    internal const int Chunk = 131_072;

    /// <summary>The vector width our kernel runs at.</summary>
    internal abstract SimdWidth Width { get; }

    /// <summary>Whether both compute the same; throws, naming the first difference, if they do not.</summary>
    internal abstract void Verify(bool bitwise);

    /// <summary>The steps one sample of the rival and of ours makes.</summary>
    internal abstract (Work Rival, Work Ours) Works(int repetitions);
}

/// <inheritdoc/>
internal sealed unsafe class Contest<TRule> : Contest
    where TRule : class, IUpdateRule<float>
{
    private readonly Optimizer<float, TRule>[] optimizers;
    private readonly Memory[] memories;
    private readonly RivalStep rival;
    private int chunk, rivalSteps;

    internal Contest(TRule rule, RivalStep rival, int size, OptimizerOptions options)
    {
        this.rival = rival;
        int chunks = Math.Max(1, size / Chunk), length = size / chunks;
        optimizers = new Optimizer<float, TRule>[chunks];
        memories = new Memory[chunks];
        var random = new Random(7);
        for (int i = 0; i < chunks; i++)
        {
            var buffer = new ParameterBuffer<float>();
            ParameterTensor<float> tensor = buffer.Add("x", [length]);
            for (int j = 0; j < length; j++)
            {
                tensor.Values[j] = (float)random.NextDouble() - 0.5f;
                tensor.Gradients[j] = (float)random.NextDouble() - 0.5f;
            }

            optimizers[i] = buffer.Optimize(rule, options);
            string[] states = [.. optimizers[i].State.Names];
            memories[i] = new(
                Address(buffer.Values), Address(buffer.Gradients), Address(optimizers[i].State[states[0]]),
                states.Length > 1 ? Address(optimizers[i].State[states[1]]) : 0, (nuint)length);
        }
    }

    internal override SimdWidth Width => optimizers[0].Width;

    internal override void Verify(bool bitwise)
    {
        const int Steps = 3;
        Memory memory = memories[0];
        float[] start = Copy(memory.P, memory.Length);
        for (int step = 1; step <= Steps; step++)
        {
            optimizers[0].Step();
        }

        float[][] expected = [Copy(memory.P, memory.Length), Copy(memory.S0, memory.Length), Copy(memory.S1, memory.Length)];
        start.CopyTo(new Span<float>(memory.P, start.Length));
        new Span<float>(memory.S0, start.Length).Clear();
        new Span<float>(memory.S1, memory.State1 == 0 ? 0 : start.Length).Clear();
        for (int step = 1; step <= Steps; step++)
        {
            rival(memory, step);
        }

        float[][] actual = [Copy(memory.P, memory.Length), Copy(memory.S0, memory.Length), Copy(memory.S1, memory.Length)];
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
                    throw new InvalidOperationException($"The C kernel computes something else: buffer {buffer}, element {i}: ours {a:R}, C {b:R}.");
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

    private static nint Address(ReadOnlySpan<float> span) => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(span));

    private static float[] Copy(float* source, nuint length) => source == null ? [] : new ReadOnlySpan<float>(source, (int)length).ToArray();

    // One cursor for all, so that nobody finds in the cache what it has just stepped itself.
    private int NextChunk() => chunk = chunk + 1 < memories.Length ? chunk + 1 : 0;
}
