using System.Numerics;

namespace OptDsl.Models;

/// <summary>
/// A loss that also computes the mean over a batch of the squared gradients of its examples. This mean does not shrink as the batch grows.
/// The square of the batch's mean gradient does: its expectation is mu^2 + sigma^2 / B. <see cref="Rules.BatchAwareRmsProp"/> takes it as
/// input.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
public interface IPerExampleSquares<T> : IBatchLoss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Computes the loss, its gradient in <see cref="ParameterBuffer{T}.Gradients"/>, and the mean over the batch of the squared gradients
    /// of its examples.
    /// </summary>
    /// <param name="parameters">A buffer that holds the model's tensors.</param>
    /// <param name="squares">
    /// Receives (1/B) sum over b of g_b,i^2 for every parameter i, laid out like the gradients; zero for tensors on which the loss does not
    /// depend.
    /// </param>
    /// <returns>The loss.</returns>
    /// <exception cref="ArgumentException">
    /// A tensor of the model is missing or has another shape, or the span is not as long as the buffer; nothing is written.
    /// </exception>
    double ComputeGradientAndSquares(ParameterBuffer<T> parameters, Span<T> squares);
}
