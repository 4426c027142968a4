using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using OptDsl.Linear;

namespace OptDsl.Models;

/// <summary>
/// The loss of <see cref="DenseCompletionLoss{T}"/> for a list of observed entries. It computes the product at those entries only, and its
/// gradient by products with the sparse residual.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <remarks>
/// <para>
/// Let the matrix have m observed entries, in c of its columns, and the factors have width w at depth L. A gradient takes 6 m w operations
/// for the entries and 6 w^2 c for each factor in between. At depth 3, 100 x 100 and m = 2000 that is 7.2 million operations; the dense
/// loss takes 12 million. It reads and writes 8 L w^2 bytes of parameters and gradients in float, and some 12 m w bytes of operands, which
/// stay in the second-level cache there. The dense products take seven tenths of its time.
/// </para>
/// <para>Memory grows with the entries and the factors' widths. Columns and rows without an entry are neither copied nor multiplied.</para>
/// <para>Nothing is allocated after construction. Not thread-safe.</para>
/// </remarks>
public sealed class SparseCompletionLoss<T> : ILossModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DeepFactorization<T> factorization;
    private readonly double penalty;
    private readonly PointLoss pointLoss;
    private readonly EntryPattern pattern;
    private readonly ColumnChain<T>? chain;
    private readonly T[] targets, slopes, slopesByColumn;
    private readonly T gradientScale;

    /// <summary>A loss over a list of observed entries.</summary>
    /// <param name="factorization">The factorization; its shape is the matrix's.</param>
    /// <param name="rows">The row of each entry, from 0, in any order.</param>
    /// <param name="columns">The column of each entry, from 0.</param>
    /// <param name="values">The value of each entry, finite. At least one entry; a cell given twice counts twice.</param>
    /// <param name="penalty">The weight of the sum of squared parameters; finite and not negative.</param>
    /// <param name="pointLoss">The loss of a single residual; its square by default.</param>
    /// <exception cref="ArgumentException">The spans differ in length or are empty, or a value is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A row or column is outside the matrix, or <paramref name="penalty"/> is out of range.
    /// </exception>
    public SparseCompletionLoss(
        DeepFactorization<T> factorization, ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, ReadOnlySpan<T> values, double penalty = 0,
            PointLoss pointLoss = default)
    {
        ArgumentNullException.ThrowIfNull(factorization);
        CompletionChecks.Penalty(penalty);
        if (rows.Length != values.Length || columns.Length != values.Length)
        {
            throw new ArgumentException(
                $"There are {rows.Length} rows, {columns.Length} columns and {values.Length} values; each entry needs one of each.",
                    nameof(values));
        }

        CompletionChecks.SomethingObserved(values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)rows[i], (uint)factorization.Rows, nameof(rows));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)columns[i], (uint)factorization.Columns, nameof(columns));
            CompletionChecks.Finite(values[i], rows[i], columns[i]);
        }

        this.factorization = factorization;
        this.penalty = penalty;
        this.pointLoss = pointLoss;
        pattern = new EntryPattern(rows, columns);
        targets = new T[values.Length];
        for (int i = 0; i < targets.Length; i++)
        {
            targets[i] = values[pattern.Order[i]];
        }

        (slopes, slopesByColumn) = (new T[targets.Length], new T[targets.Length]);
        gradientScale = T.CreateTruncating(1.0 / targets.Length);
        chain = factorization.Depth == 1 ? null : new ColumnChain<T>(factorization, pattern.Columns);
    }

    /// <summary>The number of observed entries.</summary>
    public int ObservedCount => targets.Length;

    /// <summary>
    /// The mean point loss of the residuals P - M over the observed entries at the last computation of the loss, without the penalty. By
    /// default this is their mean square. NaN before the first computation.
    /// </summary>
    public double MeanSquare { get; private set; } = double.NaN;

    /// <inheritdoc/>
    public double ComputeLoss(ParameterBuffer<T> parameters)
    {
        double sum = Residuals(parameters);
        return Total(parameters, sum);
    }

    /// <inheritdoc/>
    public double ComputeGradient(ParameterBuffer<T> parameters)
    {
        double sum = Residuals(parameters);
        FactorPenalty.ClearOthers(parameters, factorization);
        ParameterTensor<T> top = factorization.Factor(parameters, factorization.Depth);
        if (chain is null)
        {
            top.Gradients.Clear();
            for (int i = 0; i < slopes.Length; i++)
            {
                top.Gradients[(pattern.RowOf[i] * factorization.Columns) + pattern.Columns[pattern.ColumnAt[i]]] += slopes[i];
            }
        }
        else
        {
            if (pattern.Rows.Length < factorization.Rows)
            {
                top.Gradients.Clear();
            }

            int[] byColumn = pattern.ByColumn;
            T[] from = slopes, to = slopesByColumn;
            for (int place = 0; place < byColumn.Length; place++)
            {
                to[place] = from[byColumn[place]];
            }

            SparseProduct.MultiplyRows<T>(pattern.RowStarts, pattern.ColumnAt, slopes, chain.Values, chain.Width, pattern.Rows,
                top.Gradients);
            SparseProduct.MultiplyRows<T>(pattern.ColumnStarts, pattern.RowByColumn, slopesByColumn, top.ReadOnlyValues, chain.Width, [],
                chain.Gradients);
            chain.Backward(parameters);
        }

        FactorPenalty.AddGradient(parameters, factorization, penalty);
        return Total(parameters, sum);
    }

    /// <summary>Computes the product at the given entries, which need not be observed.</summary>
    /// <param name="parameters">A buffer with the factors.</param>
    /// <param name="atRows">The row of each entry.</param>
    /// <param name="atColumns">
    /// The column of each entry. A column without an observed entry costs a separate product with all factors below the last.
    /// </param>
    /// <param name="values">Receives one value per entry.</param>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A row or column is outside the matrix; <paramref name="values"/> is filled up to that entry.
    /// </exception>
    public void Predict(ParameterBuffer<T> parameters, ReadOnlySpan<int> atRows, ReadOnlySpan<int> atColumns, Span<T> values)
    {
        if (atRows.Length != values.Length || atColumns.Length != values.Length)
        {
            throw new ArgumentException(
                $"There are {atRows.Length} rows, {atColumns.Length} columns and room for {values.Length} values; each entry needs one of each.", nameof(values));
        }

        chain?.Forward(parameters);
        ReadOnlySpan<T> top = factorization.Factor(parameters, factorization.Depth).ReadOnlyValues;
        for (int i = 0; i < values.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)atRows[i], (uint)factorization.Rows, nameof(atRows));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)atColumns[i], (uint)factorization.Columns, nameof(atColumns));
            values[i] = chain is null
                ? top[(atRows[i] * factorization.Columns) + atColumns[i]]
                : SparseProduct.Dot(top.Slice(atRows[i] * chain.Width, chain.Width), chain.Column(parameters, atColumns[i]));
        }
    }

    private double Total(ParameterBuffer<T> parameters, double sum)
    {
        MeanSquare = sum / targets.Length;
        return MeanSquare + FactorPenalty.Of(parameters, factorization, penalty);
    }

    /// <summary>Fills the scaled slopes and returns the sum of the point losses.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Residuals(ParameterBuffer<T> parameters)
    {
        chain?.Forward(parameters);
        ReadOnlySpan<T> top = factorization.Factor(parameters, factorization.Depth).ReadOnlyValues;
        Predictions(top);
        double sum = 0;
        int i = 0;
        if (pointLoss == PointLoss.Squared)
        {
            Vector256<double> sums = Vector256<double>.Zero;
            var scale = Vector256.Create(gradientScale + gradientScale);
            ref T slope = ref MemoryMarshal.GetArrayDataReference(slopes), target = ref MemoryMarshal.GetArrayDataReference(targets);
            for (; i <= slopes.Length - 4; i += 4)
            {
                Vector256<T> residual = FourLanes.Load(ref Unsafe.Add(ref slope, i)) - FourLanes.Load(ref Unsafe.Add(ref target, i));
                Vector256<double> wide = FourLanes.Widen(residual);
                sums += wide * wide;
                FourLanes.Store(residual * scale, ref Unsafe.Add(ref slope, i));
            }

            sum = FourLanes.Sum(sums);
        }

        for (; i < slopes.Length; i++)
        {
            T residual = slopes[i] - targets[i];
            sum += pointLoss.ComputeValue(double.CreateTruncating(residual));
            slopes[i] = gradientScale * pointLoss.ComputeSlope(residual);
        }

        return sum;
    }

    /// <summary>Fills the slopes with the product at the observed entries.</summary>
    private void Predictions(ReadOnlySpan<T> top)
    {
        for (int row = 0; row < pattern.Rows.Length; row++)
        {
            (int first, int end) = (pattern.RowStarts[row], pattern.RowStarts[row + 1]);
            if (chain is not null)
            {
                SparseProduct.DotRows(top.Slice(pattern.Rows[row] * chain.Width, chain.Width), chain.Values,
                    pattern.ColumnAt.AsSpan(first..end), slopes.AsSpan(first..end));
                continue;
            }

            for (int i = first; i < end; i++)
            {
                slopes[i] = top[(pattern.Rows[row] * factorization.Columns) + pattern.Columns[pattern.ColumnAt[i]]];
            }
        }
    }
}
