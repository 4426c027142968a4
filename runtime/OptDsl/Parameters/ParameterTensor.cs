using System.Numerics;
using System.Numerics.Tensors;

namespace OptDsl;

/// <summary>A named view of a <see cref="ParameterBuffer{T}"/>, in row-major order.</summary>
/// <typeparam name="T">The element, float or double.</typeparam>
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

    /// <summary>The buffer it is a view of.</summary>
    internal ParameterBuffer<T> Buffer => buffer;

    /// <summary>The name, unique in the buffer.</summary>
    public string Name { get; }

    /// <summary>The lengths, outermost first; empty for a single number.</summary>
    public ReadOnlySpan<nint> Shape => shape;

    /// <summary>The group whose rule value steps it.</summary>
    public string Group { get; }

    /// <summary>Its first element's place in the buffer.</summary>
    public int Offset { get; }

    /// <summary>Its number of elements.</summary>
    public int Length { get; }

    /// <summary>Its parameters, to initialise or to load.</summary>
    public Span<T> Values => buffer.Values.Slice(Offset, Length);

    /// <summary>Its parameters, to read only: what a model computes with.</summary>
    public ReadOnlySpan<T> ReadOnlyValues => buffer.ReadOnlyValues.Slice(Offset, Length);

    /// <summary>Its gradients: what a model fills.</summary>
    public Span<T> Gradients => buffer.Gradients.Slice(Offset, Length);

    /// <summary>Its parameters in their shape.</summary>
    public TensorSpan<T> ValuesTensor => new(Values, shape);

    /// <summary>Its parameters in their shape, to read only.</summary>
    public ReadOnlyTensorSpan<T> ReadOnlyValuesTensor => new(ReadOnlyValues, shape);

    /// <summary>Its gradients in their shape.</summary>
    public TensorSpan<T> GradientsTensor => new(Gradients, shape);

    /// <summary>The name and shape.</summary>
    public override string ToString() => $"{Name} [{string.Join(", ", shape)}]";
}
