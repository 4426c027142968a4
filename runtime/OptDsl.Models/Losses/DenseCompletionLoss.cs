using System.Numerics;
using OptDsl.Linear;
using OptDsl.Threads;

namespace OptDsl.Models;

/// <summary>
/// The loss of a factorization P against a matrix M whose entries are partly observed. It is the mean of (P - M)^2 over the observed
/// entries, plus penalty times the sum of all squared parameters. It computes the whole product, so use it if a good share of the entries
/// is observed.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <remarks>
/// <para>
/// For an n x n matrix with factors of width n at depth L, a gradient takes 6 (L - 1) n^3 operations and a loss takes 2 (L - 1) n^3: those
/// of the products alone. In float, a gradient reads and writes 8 L n^2 bytes of parameters and gradients, and 12 n^2 bytes of the
/// residual. Above n = 100 its time is that of its products.
/// </para>
/// <para>
/// On one thread, <see cref="SparseCompletionLoss{T}"/> is faster if at most three tenths of the entries are observed (measured at sides of
/// 100 and 300, depths 2 and 3).
/// </para>
/// <para>The bits do not depend on the number of threads. Nothing is allocated after construction. Not thread-safe.</para>
/// </remarks>
public sealed unsafe class DenseCompletionLoss<T> : ILossModel<T>, ITiledWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Tile = 16384;

    private readonly DeepFactorization<T> factorization;
    private readonly double penalty;
    private readonly PointLoss pointLoss;
    private readonly TileTeam team;

    // Hidden entries have target 0 and weight 0; observed entries have weight 1.
    private readonly T[] targets, weights, residuals;
    private readonly double[] tileSums;
    private readonly T scale;

    /// <summary>A loss over the observed entries.</summary>
    /// <param name="factorization">The factorization; its shape is the matrix's.</param>
    /// <param name="matrix">Rows x columns elements, row by row. Observed entries are finite; hidden ones may hold anything.</param>
    /// <param name="observed">Rows x columns elements; true where the entry is observed. At least one is.</param>
    /// <param name="penalty">The weight of the sum of squared parameters; finite and not negative.</param>
    /// <param name="threads">Threads to use at most; 0 for one per processor.</param>
    /// <param name="pointLoss">The loss of a single residual; its square by default.</param>
    /// <exception cref="ArgumentException">
    /// A span has the wrong length, nothing is observed, or an observed entry is not finite.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="penalty"/> or <paramref name="threads"/> is out of range.
    /// </exception>
    public DenseCompletionLoss(DeepFactorization<T> factorization, ReadOnlySpan<T> matrix, ReadOnlySpan<bool> observed, double penalty = 0,
        int threads = 0, PointLoss pointLoss = default)
    {
        ArgumentNullException.ThrowIfNull(factorization);
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, 1024);
        CompletionChecks.Penalty(penalty);
        CompletionChecks.Length(matrix.Length, factorization.Rows, factorization.Columns, nameof(matrix));
        CompletionChecks.Length(observed.Length, factorization.Rows, factorization.Columns, nameof(observed));
        int cells = matrix.Length;
        targets = new T[cells];
        weights = new T[cells];
        residuals = new T[cells];
        tileSums = new double[(cells + Tile - 1) / Tile];
        for (int i = 0; i < cells; i++)
        {
            if (observed[i])
            {
                CompletionChecks.Finite(matrix[i], i / factorization.Columns, i % factorization.Columns);
                targets[i] = matrix[i];
                weights[i] = T.One;
                ObservedCount++;
            }
        }

        CompletionChecks.SomethingObserved(ObservedCount);
        this.factorization = factorization;
        this.penalty = penalty;
        this.pointLoss = pointLoss;
        scale = T.CreateTruncating(1.0 / ObservedCount);
        factorization.ReserveProducts();
        team = new TileTeam(threads == 0 ? Environment.ProcessorCount : threads);
    }

    /// <summary>The loss of full factorization: every entry is observed.</summary>
    /// <param name="factorization">The factorization; its shape is the matrix's.</param>
    /// <param name="matrix">Rows x columns finite elements, row by row.</param>
    /// <param name="penalty">The weight of the sum of squared parameters; finite and not negative.</param>
    /// <param name="threads">Threads to use at most; 0 for one per processor.</param>
    /// <param name="pointLoss">The loss of a single residual; its square by default.</param>
    /// <exception cref="ArgumentException">The span has the wrong length, or an element is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="penalty"/> or <paramref name="threads"/> is out of range.
    /// </exception>
    public static DenseCompletionLoss<T> OfAll(DeepFactorization<T> factorization, ReadOnlySpan<T> matrix, double penalty = 0,
        int threads = 0, PointLoss pointLoss = default)
    {
        bool[] observed = new bool[matrix.Length];
        Array.Fill(observed, true);
        return new(factorization, matrix, observed, penalty, threads, pointLoss);
    }

    /// <summary>The number of observed entries.</summary>
    public int ObservedCount { get; }

    /// <summary>
    /// The mean point loss of the residuals P - M over the observed entries at the last computation of the loss, without the penalty. By
    /// default this is their mean square. NaN before the first computation.
    /// </summary>
    public double MeanSquare { get; private set; } = double.NaN;

    /// <inheritdoc/>
    public double ComputeLoss(ParameterBuffer<T> parameters) => Evaluate(parameters);

    /// <inheritdoc/>
    public double ComputeGradient(ParameterBuffer<T> parameters)
    {
        double loss = Evaluate(parameters);
        FactorPenalty.ClearOthers(parameters, factorization);
        factorization.Backward(residuals);
        FactorPenalty.AddGradient(parameters, factorization, penalty);
        return loss;
    }

    /// <inheritdoc/>
    void ITiledWork.Run(int tile)
    {
        int start = tile * Tile, count = Math.Min(Tile, residuals.Length - start);
        fixed (T* r = residuals, t = targets, w = weights)
        {
            tileSums[tile] = DenseResiduals<T>.Compare(r + start, t + start, w + start, count, pointLoss, scale);
        }
    }

    private double Evaluate(ParameterBuffer<T> parameters)
    {
        factorization.Forward(parameters, residuals);
        team.Run(this, tileSums.Length);
        double sum = 0;
        foreach (double part in tileSums)
        {
            sum += part;
        }

        MeanSquare = sum / ObservedCount;
        return MeanSquare + FactorPenalty.Of(parameters, factorization, penalty);
    }
}
