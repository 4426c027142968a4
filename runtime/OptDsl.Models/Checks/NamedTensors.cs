using System.Numerics;

namespace OptDsl.Models;

/// <summary>
/// The tensors of a model in the buffer of the last call, found by name and checked. They are cached, because a model is called in every
/// step, nearly always with the same buffer.
/// </summary>
/// <param name="names">The names of the tensors.</param>
/// <param name="shapes">The shapes of the tensors, one per name.</param>
internal sealed class NamedTensors<T>(IReadOnlyList<string> names, IReadOnlyList<nint[]> shapes)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ParameterTensor<T>[] found = new ParameterTensor<T>[names.Count];
    private ParameterBuffer<T>? buffer;

    /// <summary>A tensor of the buffer of the last lookup, in the order of the names.</summary>
    internal ParameterTensor<T> this[int index] => found[index];

    /// <summary>The tensors of the buffer of the last lookup.</summary>
    internal ReadOnlySpan<ParameterTensor<T>> All => found;

    /// <summary>Looks the tensors up, unless the buffer is the same as in the previous call.</summary>
    /// <exception cref="ArgumentException">The buffer lacks a tensor of some name, or a tensor has another shape.</exception>
    internal NamedTensors<T> In(ParameterBuffer<T> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (!ReferenceEquals(parameters, buffer))
        {
            // If a tensor is missing, nothing of this buffer is cached.
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
            : throw new ArgumentException($"Tensor {tensor} has the wrong shape; the model needs {name} [{string.Join(", ", shape)}].", nameof(parameters));
    }
}
