using System.Numerics;
using System.Numerics.Tensors;

namespace OptDsl.Models;

/// <summary>A sum of losses over one buffer, such as a data term and a penalty.</summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <remarks>
/// Besides the work of its terms, a gradient takes one addition per parameter for every term after the first. Nothing is allocated after
/// the first gradient. Not thread-safe.
/// </remarks>
public sealed class LossSum<T> : ILossModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ILossModel<T>[] terms;
    private T[] sum = [];

    /// <summary>A sum of the given losses.</summary>
    /// <param name="terms">The losses; at least one.</param>
    /// <exception cref="ArgumentException">There is no term, or a term is null.</exception>
    public LossSum(params ReadOnlySpan<ILossModel<T>> terms)
    {
        this.terms = terms.ToArray();
        if (terms.IsEmpty || this.terms.Contains(null!))
        {
            throw new ArgumentException("A sum needs at least one term, and no term may be null.", nameof(terms));
        }
    }

    /// <inheritdoc/>
    public double ComputeLoss(ParameterBuffer<T> parameters)
    {
        double total = 0;
        foreach (ILossModel<T> term in terms)
        {
            total += term.ComputeLoss(parameters);
        }

        return total;
    }

    /// <inheritdoc/>
    public double ComputeGradient(ParameterBuffer<T> parameters)
    {
        double total = terms[0].ComputeGradient(parameters);
        if (terms.Length == 1)
        {
            return total;
        }

        Span<T> gradients = parameters.Gradients;
        if (sum.Length < gradients.Length)
        {
            sum = new T[gradients.Length];
        }

        Span<T> kept = sum.AsSpan(0, gradients.Length);
        for (int i = 1; i < terms.Length; i++)
        {
            gradients.CopyTo(kept);
            total += terms[i].ComputeGradient(parameters);
            TensorPrimitives.Add<T>(kept, gradients, gradients);
        }

        return total;
    }
}
