using System.Numerics;

namespace OptDsl.Models;

/// <summary>A loss of the parameters in a buffer, with its gradient.</summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <remarks>A model reads parameters and fills gradients; it never writes parameters. Not thread-safe.</remarks>
public interface ILossModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Computes the loss.</summary>
    /// <param name="parameters">A buffer that holds the model's tensors.</param>
    /// <exception cref="ArgumentException">A tensor of the model is missing or has another shape.</exception>
    double ComputeLoss(ParameterBuffer<T> parameters);

    /// <summary>
    /// Computes the loss, and overwrites all of <see cref="ParameterBuffer{T}.Gradients"/> with its gradient. The gradient is zero for
    /// tensors on which the loss does not depend.
    /// </summary>
    /// <param name="parameters">A buffer that holds the model's tensors.</param>
    /// <returns>The loss.</returns>
    /// <exception cref="ArgumentException">A tensor of the model is missing or has another shape.</exception>
    double ComputeGradient(ParameterBuffer<T> parameters);
}
