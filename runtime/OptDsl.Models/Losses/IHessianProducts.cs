using System.Numerics;

namespace OptDsl.Models;

/// <summary>A loss that computes products of its Hessian with vectors, each for about the cost of a gradient (Pearlmutter 1994).</summary>
/// <typeparam name="T">The element, float or double.</typeparam>
public interface IHessianProducts<T> : ILossModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Computes H v at the current parameters. The gradients in the buffer do not change.</summary>
    /// <param name="parameters">A buffer that holds the model's tensors.</param>
    /// <param name="vector">v, laid out like the parameters.</param>
    /// <param name="product">Receives H v, laid out like the parameters; zero for tensors on which the loss does not depend.</param>
    /// <exception cref="ArgumentException">
    /// A tensor of the model is missing or has another shape, a span is not as long as the buffer, or the two overlap; nothing is written.
    /// </exception>
    void ComputeHessianProduct(ParameterBuffer<T> parameters, ReadOnlySpan<T> vector, Span<T> product);
}
