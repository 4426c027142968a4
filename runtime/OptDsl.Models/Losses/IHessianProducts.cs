using System.Numerics;

namespace OptDsl.Models;

/// <summary>A loss that gives products of its Hessian with vectors, for about the price of a gradient each (Pearlmutter 1994).</summary>
/// <typeparam name="T">The element, float or double.</typeparam>
public interface IHessianProducts<T> : ILossModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Computes H v at the parameters as they are. The gradients in the buffer stay as they are, too.</summary>
    /// <param name="parameters">A buffer that holds the model's tensors.</param>
    /// <param name="vector">v, laid out like the parameters.</param>
    /// <param name="product">Receives H v, laid out alike; zero in tensors the loss does not depend on.</param>
    /// <exception cref="ArgumentException">
    /// A tensor of the model is missing or of another shape, a span is not as long as the buffer, or the two overlap; nothing was written.
    /// </exception>
    void ComputeHessianProduct(ParameterBuffer<T> parameters, ReadOnlySpan<T> vector, Span<T> product);
}
