using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OptDsl.Models;

/// <summary>
/// The loss of <see cref="DenseCompletionLoss{T}"/> from a list of the observed entries: it computes the product at those
/// entries only, so that time and memory follow their number and the factors, not rows times columns.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <remarks>Nothing is allocated after construction. Not thread-safe.</remarks>
public sealed class SparseCompletionLoss<T> : ILossModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DeepFactorization<T> factorization;
    private readonly double penalty;
    private readonly int[] rows, columns;
    private readonly T[] targets;
    private readonly T gradientScale;
    private readonly int width;

    // W_(L-1) ... W_1 and the gradient with respect to it, transposed so that what an entry needs lies together.
    private readonly T[] below, belowGradient, untransposed;

    /// <summary>A loss over a list of observed entries.</summary>
    /// <param name="factorization">Its shape is the matrix's.</param>
    /// <param name="rows">The row of each entry, from 0. Ascending rows are fastest.</param>
    /// <param name="columns">The column of each entry, from 0.</param>
    /// <param name="values">The value of each entry, finite. At least one entry; a cell given twice counts twice.</param>
    /// <param name="penalty">Finite and not negative.</param>
    /// <exception cref="ArgumentException">The spans differ in length or are empty, or a value is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A row or column is outside the matrix, or <paramref name="penalty"/> is out of its range.</exception>
    public SparseCompletionLoss(DeepFactorization<T> factorization, ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, ReadOnlySpan<T> values, double penalty = 0)
    {
        ArgumentNullException.ThrowIfNull(factorization);
        CompletionChecks.Penalty(penalty);
        if (rows.Length != values.Length || columns.Length != values.Length)
        {
            throw new ArgumentException($"There are {rows.Length} rows, {columns.Length} columns and {values.Length} values; each entry needs one of each.", nameof(values));
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
        this.rows = rows.ToArray();
        this.columns = columns.ToArray();
        targets = values.ToArray();
        gradientScale = T.CreateTruncating(2.0 / targets.Length);
        width = factorization.Depth == 1 ? 0 : factorization.Sides[^2];
        below = new T[width * factorization.Columns];
        belowGradient = new T[width * factorization.Columns];
        untransposed = new T[width * factorization.Columns];
    }

    /// <summary>Observed entries.</summary>
    public int ObservedCount => targets.Length;

    /// <summary>The mean over the observed entries of (P - M)^2 when the loss was last computed, without the penalty.</summary>
    public double MeanSquare { get; private set; } = double.NaN;

    /// <inheritdoc/>
    public double Loss(ParameterBuffer<T> parameters)
    {
        Prepare(parameters);
        double sum = 0;
        for (int i = 0; i < targets.Length; i++)
        {
            double residual = double.CreateTruncating(At(parameters, rows[i], columns[i]) - targets[i]);
            sum += residual * residual;
        }

        return Total(parameters, sum);
    }

    /// <inheritdoc/>
    public double Gradient(ParameterBuffer<T> parameters)
    {
        Prepare(parameters);
        parameters.Gradients.Clear();
        double sum = factorization.Depth == 1 ? GradientDirectly(parameters) : GradientThroughFactors(parameters);
        CompletionChecks.AddPenaltyGradient(parameters, factorization, penalty);
        return Total(parameters, sum);
    }

    /// <summary>Computes the product at some entries.</summary>
    /// <param name="parameters">A buffer with the factors.</param>
    /// <param name="atRows">The row of each entry.</param>
    /// <param name="atColumns">The column of each entry.</param>
    /// <param name="values">Receives one value an entry.</param>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A row or column is outside the matrix; <paramref name="values"/> is filled up to there.</exception>
    public void Predict(ParameterBuffer<T> parameters, ReadOnlySpan<int> atRows, ReadOnlySpan<int> atColumns, Span<T> values)
    {
        if (atRows.Length != values.Length || atColumns.Length != values.Length)
        {
            throw new ArgumentException($"There are {atRows.Length} rows, {atColumns.Length} columns and room for {values.Length} values; each entry needs one of each.", nameof(values));
        }

        Prepare(parameters);
        for (int i = 0; i < values.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)atRows[i], (uint)factorization.Rows, nameof(atRows));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)atColumns[i], (uint)factorization.Columns, nameof(atColumns));
            values[i] = At(parameters, atRows[i], atColumns[i]);
        }
    }

    private void Prepare(ParameterBuffer<T> parameters)
    {
        ReadOnlySpan<T> product = factorization.ForwardBelow(parameters, factorization.Depth);
        Transpose(product, below, width, width == 0 ? 0 : factorization.Columns);
    }

    private double Total(ParameterBuffer<T> parameters, double sum)
    {
        MeanSquare = sum / targets.Length;
        return MeanSquare + CompletionChecks.PenaltyOf(parameters, factorization, penalty);
    }

    private T At(ParameterBuffer<T> parameters, int row, int column)
    {
        ReadOnlySpan<T> top = factorization.Factor(parameters, factorization.Depth).ReadOnlyValues;
        return width == 0
            ? top[(row * factorization.Columns) + column]
            : Dot(top.Slice(row * width, width), below.AsSpan(column * width, width));
    }

    private double GradientDirectly(ParameterBuffer<T> parameters)
    {
        ParameterTensor<T> matrix = factorization.Factor(parameters, 1);
        ReadOnlySpan<T> values = matrix.ReadOnlyValues;
        Span<T> gradients = matrix.Gradients;
        double sum = 0;
        for (int i = 0; i < targets.Length; i++)
        {
            int at = (rows[i] * factorization.Columns) + columns[i];
            T residual = values[at] - targets[i];
            sum += double.CreateTruncating(residual) * double.CreateTruncating(residual);
            gradients[at] += residual * gradientScale;
        }

        return sum;
    }

    private double GradientThroughFactors(ParameterBuffer<T> parameters)
    {
        ParameterTensor<T> top = factorization.Factor(parameters, factorization.Depth);
        ReadOnlySpan<T> topValues = top.ReadOnlyValues;
        Span<T> topGradients = top.Gradients;
        Array.Clear(belowGradient);
        double sum = 0;
        for (int i = 0; i < targets.Length; i++)
        {
            int row = rows[i] * width, column = columns[i] * width;
            ReadOnlySpan<T> left = topValues.Slice(row, width), right = below.AsSpan(column, width);
            T residual = Dot(left, right) - targets[i];
            sum += double.CreateTruncating(residual) * double.CreateTruncating(residual);
            SquaredNorm.AddGradient(right, topGradients.Slice(row, width), residual * gradientScale);
            SquaredNorm.AddGradient(left, belowGradient.AsSpan(column, width), residual * gradientScale);
        }

        Transpose(belowGradient, untransposed, factorization.Columns, width);
        factorization.Backward(untransposed, factorization.Depth - 1);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Dot(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
    {
        ref T first = ref MemoryMarshal.GetReference(a), second = ref MemoryMarshal.GetReference(b);
        Vector256<T> sums = Vector256<T>.Zero;
        int i = 0;
        for (; i <= a.Length - Vector256<T>.Count; i += Vector256<T>.Count)
        {
            sums += Vector256.LoadUnsafe(ref first, (nuint)i) * Vector256.LoadUnsafe(ref second, (nuint)i);
        }

        // Lane by lane: a vector's own sum leaves its order to the platform.
        T sum = T.Zero;
        for (int lane = 0; lane < Vector256<T>.Count; lane++)
        {
            sum += sums[lane];
        }

        for (; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    /// <summary>Writes the transpose of a rows x columns matrix.</summary>
    private static void Transpose(ReadOnlySpan<T> from, Span<T> to, int rows, int columns)
    {
        const int Tile = 16;
        for (int firstRow = 0; firstRow < rows; firstRow += Tile)
        {
            for (int firstColumn = 0; firstColumn < columns; firstColumn += Tile)
            {
                for (int row = firstRow; row < Math.Min(firstRow + Tile, rows); row++)
                {
                    for (int column = firstColumn; column < Math.Min(firstColumn + Tile, columns); column++)
                    {
                        to[(column * rows) + row] = from[(row * columns) + column];
                    }
                }
            }
        }
    }
}
