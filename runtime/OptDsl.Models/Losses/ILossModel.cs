using System.Numerics;

namespace OptDsl.Models;

/// <summary>A loss of the parameters in a buffer, with its gradient.</summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <remarks>A model reads parameters and fills gradients; it never writes parameters. Not thread-safe.</remarks>
public interface ILossModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The loss.</summary>
    /// <param name="parameters">A buffer that holds the model's tensors.</param>
    /// <exception cref="ArgumentException">A tensor of the model is missing or of another shape.</exception>
    double ComputeLoss(ParameterBuffer<T> parameters);

    /// <summary>
    /// The loss, and its gradient in all of <see cref="ParameterBuffer{T}.Gradients"/>, whatever was there before; zero in
    /// tensors the loss does not depend on.
    /// </summary>
    /// <param name="parameters">A buffer that holds the model's tensors.</param>
    /// <returns>The loss.</returns>
    /// <exception cref="ArgumentException">A tensor of the model is missing or of another shape.</exception>
    double ComputeGradient(ParameterBuffer<T> parameters);
}
