using System.Numerics;

namespace OptDsl.Models;

/// <summary>
/// The loss of a <see cref="HierarchicalFactorization{T}"/> against a list of entries of a tensor: the mean over the entries of a
/// <see cref="PointLoss"/> of the difference.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <remarks>
/// An inner node depends only on the indices of its own modes. It computes its vector once for all entries that agree in these indices. Let
/// M be the number of distinct partial indices at a node of R components, under a node of S components. A gradient takes 6 M R S + 3 M R
/// operations at that node, as three matrix products, and 6 R operations per entry at the root. It moves the tables, 2 M (R + S) numbers
/// per node, some four times. Large products run on several threads; the bits do not depend on the number of threads. Nothing is allocated
/// after construction. Not thread-safe.
/// </remarks>
public sealed class HierarchicalCompletionLoss<T> : ILossModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly HierarchicalFactorization<T> factorization;
    private readonly HierarchicalTables<T> tables;
    private readonly PointLoss loss;
    private readonly T[] targets;
    private readonly T scale;

    /// <summary>A loss over a list of entries.</summary>
    /// <param name="factorization">The factorization; its sides are those of the entries.</param>
    /// <param name="entries">The entries and their values.</param>
    /// <param name="loss">The loss of a single difference.</param>
    /// <param name="threads">Threads to use at most; 0 for one per processor.</param>
    /// <exception cref="ArgumentException">The entries belong to a tensor of other sides.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is not in 0..1024.</exception>
    public HierarchicalCompletionLoss(HierarchicalFactorization<T> factorization, TensorEntries<T> entries, PointLoss loss = default,
        int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(factorization);
        ArgumentNullException.ThrowIfNull(entries);
        TensorChecks.SameSides(factorization.Sides, entries.Sides);
        this.factorization = factorization;
        this.loss = loss;
        tables = new(factorization, entries.Indices, entries.Count, threads);
        targets = tables.Arrange(entries.Values);
        scale = T.CreateTruncating(1.0 / targets.Length);
    }

    /// <summary>The number of entries.</summary>
    public int ObservedCount => targets.Length;

    /// <inheritdoc/>
    public double ComputeLoss(ParameterBuffer<T> parameters)
    {
        factorization.Resolve(parameters);
        return tables.Compare(targets, loss, scale, gradient: false) / targets.Length;
    }

    /// <inheritdoc/>
    public double ComputeGradient(ParameterBuffer<T> parameters)
    {
        factorization.Resolve(parameters);
        if (parameters.Count != factorization.ParameterCount)
        {
            parameters.Gradients.Clear();
        }

        return tables.Compare(targets, loss, scale, gradient: true) / targets.Length;
    }
}
