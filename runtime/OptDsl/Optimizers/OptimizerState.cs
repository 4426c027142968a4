using System.Numerics;
using OptDsl.Kernels;

namespace OptDsl;

/// <summary>The state of an optimizer: one run of memory, one buffer a per-parameter state, each laid out like the parameters.</summary>
/// <typeparam name="T">The element, float or double.</typeparam>
public sealed class OptimizerState<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly RuleSchema schema;
    private readonly ParameterBuffer<T> buffer;
    private readonly AlignedMemory<T> memory;
    private readonly int stride;

    internal OptimizerState(RuleSchema schema, ParameterBuffer<T> buffer)
    {
        this.schema = schema;
        this.buffer = buffer;

        stride = AlignedMemory<T>.StreamStride(buffer.Count);
        memory = AlignedMemory<T>.AllocateStream(checked(stride * schema.BufferCount), ParameterBuffer<T>.StatesLane);
    }

    /// <summary>The names of the states of one value a parameter.</summary>
    public IEnumerable<string> Names => schema.States.Where(state => state.Kind == StateKind.PerParameter).Select(state => state.Name);

    /// <summary>A per-parameter state of all tensors, laid out like the parameters; averages as stored, uncorrected.</summary>
    /// <param name="name">The member's name, such as <c>MeanSquare</c>.</param>
    /// <exception cref="KeyNotFoundException">The rule has no such per-parameter state.</exception>
    public ReadOnlySpan<T> this[string name] => Buffer(schema.IndexOf(name, StateKind.PerParameter));

    /// <summary>A per-parameter state of one tensor.</summary>
    /// <param name="name">The member's name.</param>
    /// <param name="tensor">A tensor of the optimizer's buffer.</param>
    /// <exception cref="KeyNotFoundException">The rule has no such per-parameter state.</exception>
    /// <exception cref="ArgumentException">The tensor is another buffer's.</exception>
    public ReadOnlySpan<T> this[string name, ParameterTensor<T> tensor]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(tensor);
            return buffer.Tensors.Contains(tensor)
                ? this[name].Slice(tensor.Offset, tensor.Length)
                : throw new ArgumentException($"Tensor '{tensor.Name}' belongs to another buffer.", nameof(tensor));
        }
    }

    internal Span<T> Buffer(int index) => memory.Span.Slice(index * stride, buffer.Count);

    internal string NameOf(int index) => schema.States[index].Name;

    internal int BufferCount => schema.BufferCount;

    internal void Fill(ReadOnlySpan<T> initials, int start, int length)
    {
        for (int i = 0; i < initials.Length; i++)
        {
            Buffer(i).Slice(start, length).Fill(initials[i]);
        }
    }

    /// <summary>A run of parameters with their state. It holds addresses: keep the buffer and this alive while it is used.</summary>
    internal unsafe KernelBlock<T> Block(UniformFrame<T> frame, int start, int length) => new(
        buffer.ValuesPointer + start, buffer.GradientsPointer + start, memory.Pointer + start, (nuint)stride, frame.Uniforms, (nuint)length);
}
