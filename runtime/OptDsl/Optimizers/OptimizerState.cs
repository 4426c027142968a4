using System.Numerics;
using OptDsl.Contract;

namespace OptDsl;

/// <summary>
/// The states of an optimizer in one block of memory: one buffer for each state with one value per parameter, laid out like the parameters.
/// </summary>
/// <typeparam name="T">The element type, float or double.</typeparam>
public sealed class OptimizerState<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly RuleSchema schema;
    private readonly ParameterBuffer<T> buffer;
    private readonly AlignedMemory<T> memory;
    private readonly Dictionary<ParameterTensor<T>, (int Index, int Place)> places = [];
    private readonly int stride;

    internal OptimizerState(RuleSchema schema, ParameterBuffer<T> buffer, IReadOnlyList<ParameterTensor<T>> tensors)
    {
        this.schema = schema;
        this.buffer = buffer;
        foreach (ParameterTensor<T> tensor in tensors)
        {
            places.Add(tensor, (places.Count, Count));
            Count += tensor.Length;
        }

        stride = AlignedMemory<T>.StreamStride(Count);
        int buffers = schema.BufferCount + schema.ScratchCount + schema.ParameterInputs;
        int length = AlignedMemory<T>.Require(
            (long)stride * buffers, "rule", schema.Name,
                $"{schema.Name}'s {buffers} states, inputs and intermediate values of each of {Count} parameters",
            $"Bind several optimizers, each to tensors of at most {AlignedMemory<T>.MaxLength / Math.Max(1, buffers)} parameters together, with Optimize(rule, tensors).");
        memory = AlignedMemory<T>.AllocateStream(length, ParameterBuffer<T>.StatesLane);
    }

    /// <summary>The number of parameters in the optimizer's tensors.</summary>
    internal int Count { get; }

    /// <summary>The names of the states with one value per parameter.</summary>
    public IEnumerable<string> Names => schema.States.Where(state => state.Kind == StateKind.PerParameter).Select(state => state.Name);

    /// <summary>
    /// A state with one value per parameter, for all tensors of the optimizer in their order. Averages are as stored, without bias
    /// correction.
    /// </summary>
    /// <param name="name">The member's name, such as <c>MeanSquare</c>.</param>
    /// <exception cref="KeyNotFoundException">The rule has no state of that name with one value per parameter.</exception>
    public ReadOnlySpan<T> this[string name] => Buffer(schema.IndexOf(name, StateKind.PerParameter));

    /// <summary>A state with one value per parameter, for one tensor.</summary>
    /// <param name="name">The member's name.</param>
    /// <param name="tensor">A tensor that the optimizer steps.</param>
    /// <exception cref="KeyNotFoundException">The rule has no state of that name with one value per parameter.</exception>
    /// <exception cref="ArgumentException">The tensor belongs to another buffer, or another optimizer steps it.</exception>
    public ReadOnlySpan<T> this[string name, ParameterTensor<T> tensor]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(tensor);
            return this[name].Slice(PlaceOf(tensor), tensor.Length);
        }
    }

    internal Span<T> Buffer(int index) => memory.Span.Slice(index * stride, Count);

    internal string NameOf(int index) => schema.States[index].Name;

    internal int BufferCount => schema.BufferCount;

    /// <summary>The place of a tensor's first value in each buffer.</summary>
    internal int PlaceOf(ParameterTensor<T> tensor) => Find(tensor).Place;

    /// <summary>Whether the optimizer steps the tensor.</summary>
    internal bool Has(ParameterTensor<T> tensor) => places.ContainsKey(tensor);

    /// <summary>The index of a tensor among the optimizer's tensors.</summary>
    internal int IndexOf(ParameterTensor<T> tensor) => Find(tensor).Index;

    private (int Index, int Place) Find(ParameterTensor<T> tensor) => places.TryGetValue(tensor, out (int, int) found) ? found
        : throw new ArgumentException(buffer.Tensors.Contains(tensor) ? $"Tensor '{tensor.Name}' is not stepped by this optimizer."
            : $"Tensor '{tensor.Name}' belongs to another buffer.", nameof(tensor));

    internal void Fill(ReadOnlySpan<T> initials, int start, int length)
    {
        for (int i = 0; i < initials.Length; i++)
        {
            Buffer(i).Slice(start, length).Fill(initials[i]);
        }
    }

    /// <summary>
    /// A block of parameters with their states, from a place in the buffer and a place in the state. It holds addresses: keep the buffer
    /// and this object alive while you use it.
    /// </summary>
    internal unsafe KernelBlock<T> Block(UniformFrame<T> frame, int start, int place, int length) => new(
        buffer.ValuesPointer + start, buffer.GradientsPointer + start, memory.Pointer + place, (nuint)stride, frame.Uniforms,
            (nuint)length);
}
