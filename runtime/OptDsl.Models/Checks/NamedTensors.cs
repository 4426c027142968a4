using System.Numerics;

namespace OptDsl.Models;

/// <summary>
/// The tensors of a model in the buffer that it was last called with, found by name and checked once: a model is called in every step, and
/// nearly always with the same buffer.
/// </summary>
/// <param name="names">Their names.</param>
/// <param name="shapes">Their shapes, one for each name.</param>
internal sealed class NamedTensors<T>(IReadOnlyList<string> names, IReadOnlyList<nint[]> shapes)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ParameterTensor<T>[] found = new ParameterTensor<T>[names.Count];
    private ParameterBuffer<T>? buffer;

    /// <summary>A tensor of the buffer that was looked into last, in the order of the names.</summary>
    internal ParameterTensor<T> this[int index] => found[index];

    /// <summary>The tensors of the buffer that was looked into last.</summary>
    internal ReadOnlySpan<ParameterTensor<T>> All => found;

    /// <summary>Looks the tensors up, unless the buffer is that of the last call.</summary>
    /// <exception cref="ArgumentException">The buffer has no tensor of a name, or one of another shape.</exception>
    internal NamedTensors<T> In(ParameterBuffer<T> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (!ReferenceEquals(parameters, buffer))
        {
            // Nothing is kept of a buffer that does not have them all.
            buffer = null;
            for (int i = 0; i < found.Length; i++)
            {
                found[i] = Find(parameters, names[i], shapes[i]);
            }

            buffer = parameters;
        }

        return this;
    }

    private static ParameterTensor<T> Find(ParameterBuffer<T> parameters, string name, nint[] shape)
    {
        ParameterTensor<T> tensor = parameters.Tensors.FirstOrDefault(tensor => tensor.Name == name)
            ?? throw new ArgumentException($"The buffer has no tensor '{name}'. Call AddTo first.", nameof(parameters));
        return tensor.Shape.SequenceEqual(shape)
            ? tensor
            : throw new ArgumentException($"Tensor {tensor} should be {name} [{string.Join(", ", shape)}].", nameof(parameters));
    }
}
