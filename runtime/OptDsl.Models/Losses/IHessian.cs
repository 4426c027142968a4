using System.Numerics;

namespace OptDsl.Models;

/// <summary>A loss of few parameters that computes its whole Hessian.</summary>
/// <typeparam name="T">The element, float or double.</typeparam>
public interface IHessian<T> : ILossModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Computes the Hessian at the current parameters. The gradients in the buffer do not change.</summary>
    /// <param name="parameters">A buffer that holds the model's tensors.</param>
    /// <param name="hessian">
    /// Receives n x n elements, row by row, where n is the buffer's <see cref="ParameterBuffer{T}.Count"/>. Rows and columns have the order
    /// of the parameters. The result is exactly symmetric. Rows and columns of tensors on which the loss does not depend are zero.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A tensor of the model is missing or has another shape, or the span does not have n x n elements; nothing is written.
    /// </exception>
    void ComputeHessian(ParameterBuffer<T> parameters, Span<T> hessian);
}
