using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using OptDsl.Linear;

namespace OptDsl.Models;

/// <summary>
/// The singular value decomposition U diag(s) V^T of matrices of one shape, by one-sided Jacobi rotations (Hestenes 1958; Golub and Van
/// Loan, section 8.6), in double whatever the element.
/// </summary>
/// <remarks>
/// <para>Small singular values are found as well as large ones: the error is some 1e-15 of the largest at most, and often of each.</para>
/// <para>It takes some 6 to 10 sweeps of 4 rows columns^2 + 2 columns^3 operations, columns being the smaller side. Nothing is allocated
/// after construction, and a decomposition does not depend on those before it. Not thread-safe.</para>
/// </remarks>
public sealed class SingularValueDecomposition
{
    private const double Precision = 1e-15, Unit = 2.220446049250313e-16;
    private const int MostSweeps = 60;

    // A line for each column of the taller orientation: the column, then that of the accumulated rotations.
    private readonly double[] lines, squares, values;
    private readonly int[] order;
    private readonly int rows, columns, tall, side, line;
    private readonly bool turned;

    /// <summary>Memory for matrices of a shape.</summary>
    /// <param name="rows">At least 1.</param>
    /// <param name="columns">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1.</exception>
    public SingularValueDecomposition(int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        (this.rows, this.columns) = (rows, columns);
        (tall, side, turned) = rows >= columns ? (rows, columns, false) : (columns, rows, true);
        line = tall + side;
        lines = new double[checked(side * line)];
        (squares, values, order) = (new double[side], new double[side], new int[side]);
    }

    /// <summary>The singular values, descending; as many as the smaller side has elements.</summary>
    public ReadOnlySpan<double> Values => values;

    /// <summary>The singular values above rounding: the larger side times 2.2e-16 times the largest.</summary>
    public int Rank
    {
        get
        {
            int rank = 0;
            while (rank < side && values[rank] > tall * Unit * values[0])
            {
                rank++;
            }

            return rank;
        }
    }

    /// <summary>u_k, of as many elements as the matrix has rows; zero where s_k is.</summary>
    /// <param name="k">From 0 for the largest.</param>
    public ReadOnlySpan<double> GetLeft(int k) => turned ? Rotation(k) : Direction(k);

    /// <summary>v_k, of as many elements as the matrix has columns; zero where s_k is and the matrix is wide.</summary>
    /// <param name="k">From 0 for the largest.</param>
    public ReadOnlySpan<double> GetRight(int k) => turned ? Direction(k) : Rotation(k);

    /// <summary>Decomposes a matrix.</summary>
    /// <param name="matrix">Of the shape it was made for, finite.</param>
    /// <exception cref="ArgumentException">
    /// It has another shape, or an element that is not finite; the last decomposition is kept.
    /// </exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Decompose<T>(MatrixView<T> matrix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (matrix.Rows != rows || matrix.Columns != columns)
        {
            throw new ArgumentException($"The matrix is {matrix.Rows} x {matrix.Columns}, but this decomposes {rows} x {columns}.",
                nameof(matrix));
        }

        double largest = 0;
        foreach (T value in matrix.Values)
        {
            largest = Math.Max(largest, Math.Abs(double.CreateTruncating(value)));
            if (!T.IsFinite(value))
            {
                throw new ArgumentException("The matrix has an element that is not finite; it has no singular values.", nameof(matrix));
            }
        }

        // By a power of two, so that squares neither overflow nor vanish, and nothing is rounded.
        int exponent = largest > 0 ? Math.ILogB(largest) : 0;
        MatrixView<T> upright = turned ? matrix.Transposed : matrix;
        Array.Clear(lines);
        for (int k = 0; k < side; k++)
        {
            for (int i = 0; i < tall; i++)
            {
                lines[(k * line)
                    + i] = Math.ScaleB(double.CreateTruncating(upright.Values[(i * upright.RowStride) + (k * upright.ColumnStride)]),
                    -exponent);
            }

            lines[(k * line) + tall + k] = 1;
        }

        for (int sweep = 0; sweep < MostSweeps && Sweep(); sweep++)
        {
        }

        for (int k = 0; k < side; k++)
        {
            order[k] = k;
            ReadOnlySpan<double> column = lines.AsSpan(k * line, tall);
            values[k] = -Math.Sqrt(SparseProduct.Dot(column, column));
        }

        Array.Sort(values, order);
        for (int k = 0; k < side; k++)
        {
            values[k] = -values[k];
            Span<double> column = lines.AsSpan(order[k] * line, tall);
            for (int i = 0; i < tall && values[k] > 0; i++)
            {
                column[i] /= values[k];
            }

            values[k] = Math.ScaleB(values[k], exponent);
        }
    }

    private ReadOnlySpan<double> Direction(int k) => lines.AsSpan(order[k] * line, tall);

    private ReadOnlySpan<double> Rotation(int k) => lines.AsSpan((order[k] * line) + tall, side);

    /// <summary>Makes every pair of columns orthogonal in turn; false if all were.</summary>
    private bool Sweep()
    {
        bool turnedOne = false;
        for (int k = 0; k < side; k++)
        {
            ReadOnlySpan<double> column = lines.AsSpan(k * line, tall);
            squares[k] = SparseProduct.Dot(column, column);
        }

        for (int p = 0; p < side - 1; p++)
        {
            for (int q = p + 1; q < side; q++)
            {
                ref double x = ref lines[p * line], y = ref lines[q * line];
                double inner = SparseProduct.Dot(ref x, ref y, tall);
                if (!(Math.Abs(inner) > Precision * Math.Sqrt(squares[p]) * Math.Sqrt(squares[q])))
                {
                    continue;
                }

                turnedOne = true;
                double cotangent = (squares[q] - squares[p]) / (2 * inner);
                double tangent = Math.CopySign(1, cotangent) / (Math.Abs(cotangent) + Math.Sqrt(1 + (cotangent * cotangent)));
                double cosine = 1 / Math.Sqrt(1 + (tangent * tangent));
                Rotate(ref x, ref y, cosine, cosine * tangent);
                squares[p] = Math.Max(0, squares[p] - (tangent * inner));
                squares[q] += tangent * inner;
            }
        }

        return turnedOne;
    }

    private void Rotate(ref double x, ref double y, double cosine, double sine)
    {
        Vector256<double> c = Vector256.Create(cosine), s = Vector256.Create(sine);
        int i = 0;
        for (; i <= line - Vector256<double>.Count; i += Vector256<double>.Count)
        {
            Vector256<double> a = Vector256.LoadUnsafe(ref x, (nuint)i), b = Vector256.LoadUnsafe(ref y, (nuint)i);
            ((c * a) - (s * b)).StoreUnsafe(ref x, (nuint)i);
            ((s * a) + (c * b)).StoreUnsafe(ref y, (nuint)i);
        }

        Span<double> first = MemoryMarshal.CreateSpan(ref x, line), second = MemoryMarshal.CreateSpan(ref y, line);
        for (; i < line; i++)
        {
            (first[i], second[i]) = ((cosine * first[i]) - (sine * second[i]), (sine * first[i]) + (cosine * second[i]));
        }
    }
}
