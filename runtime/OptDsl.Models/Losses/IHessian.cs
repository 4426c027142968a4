using System.Numerics;

namespace OptDsl.Models;

/// <summary>A loss of few parameters that gives its whole Hessian.</summary>
/// <typeparam name="T">The element, float or double.</typeparam>
public interface IHessian<T> : ILossModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Computes the Hessian at the parameters as they are. The gradients in the buffer stay as they are, too.</summary>
    /// <param name="parameters">A buffer that holds the model's tensors.</param>
    /// <param name="hessian">
    /// Receives n x n elements, row after row, n the buffer's <see cref="ParameterBuffer{T}.Count"/>, laid out like the parameters in both
    /// directions, and symmetric to the bit; zero in rows and columns of tensors the loss does not depend on.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A tensor of the model is missing or of another shape, or the span is not n x n long; nothing was written.
    /// </exception>
    void ComputeHessian(ParameterBuffer<T> parameters, Span<T> hessian);
}
