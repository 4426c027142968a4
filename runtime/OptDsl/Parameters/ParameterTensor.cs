using System.Numerics;
using System.Numerics.Tensors;

namespace OptDsl;

/// <summary>A named view of a <see cref="ParameterBuffer{T}"/>, in row-major order.</summary>
/// <typeparam name="T">The element type, float or double.</typeparam>
public sealed class ParameterTensor<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ParameterBuffer<T> buffer;
    private readonly nint[] shape;

    internal ParameterTensor(ParameterBuffer<T> buffer, string name, nint[] shape, string group, int offset, int length)
    {
        this.buffer = buffer;
        this.shape = shape;
        Name = name;
        Group = group;
        Offset = offset;
        Length = length;
    }

    /// <summary>The buffer that the tensor is a view of.</summary>
    internal ParameterBuffer<T> Buffer => buffer;

    /// <summary>The name, unique in the buffer.</summary>
    public string Name { get; }

    /// <summary>The length of each dimension, outermost first; empty for a single number.</summary>
    public ReadOnlySpan<nint> Shape => shape;

    /// <summary>The tensor's parameter group.</summary>
    public string Group { get; }

    /// <summary>The place of the tensor's first element in the buffer.</summary>
    public int Offset { get; }

    /// <summary>The number of elements.</summary>
    public int Length { get; }

    /// <summary>The parameters, to initialise or to load.</summary>
    public Span<T> Values => buffer.Values.Slice(Offset, Length);

    /// <summary>The parameters, read-only, for the computations of a model.</summary>
    public ReadOnlySpan<T> ReadOnlyValues => buffer.ReadOnlyValues.Slice(Offset, Length);

    /// <summary>The gradients. The model fills them.</summary>
    public Span<T> Gradients => buffer.Gradients.Slice(Offset, Length);

    /// <summary>The parameters in the tensor's shape.</summary>
    public TensorSpan<T> ValuesTensor => new(Values, shape);

    /// <summary>The parameters in the tensor's shape, read-only.</summary>
    public ReadOnlyTensorSpan<T> ReadOnlyValuesTensor => new(ReadOnlyValues, shape);

    /// <summary>The gradients in the tensor's shape.</summary>
    public TensorSpan<T> GradientsTensor => new(Gradients, shape);

    /// <summary>The name and shape.</summary>
    public override string ToString() => $"{Name} [{string.Join(", ", shape)}]";
}
