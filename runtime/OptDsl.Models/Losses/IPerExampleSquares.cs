using System.Numerics;

namespace OptDsl.Models;

/// <summary>
/// A loss that also gives the squares of the single examples' gradients, whose mean over a batch does not shrink as the batch
/// grows, as the square of their mean does: E g^2 = mu^2 + sigma^2 / B. The input of <see cref="Rules.BatchAwareRmsProp"/>.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
public interface IPerExampleSquares<T> : IBatchLoss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// The loss, its gradient in <see cref="ParameterBuffer{T}.Gradients"/>, and the mean over the batch of the squared gradients of its
    /// examples.
    /// </summary>
    /// <param name="parameters">A buffer that holds the model's tensors.</param>
    /// <param name="squares">
    /// Receives (1/B) sum over b of g_b,i^2 for every parameter i, laid out like the gradients; zero in tensors the loss does not depend
    /// on.
    /// </param>
    /// <returns>The loss.</returns>
    /// <exception cref="ArgumentException">
    /// A tensor of the model is missing or of another shape, or the span is not as long as the buffer; nothing was written.
    /// </exception>
    double ComputeGradientAndSquares(ParameterBuffer<T> parameters, Span<T> squares);
}
