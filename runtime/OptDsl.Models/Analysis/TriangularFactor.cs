using System.Numerics;
using System.Numerics.Tensors;
using OptDsl.Linear;

namespace OptDsl.Models;

/// <summary>
/// The triangular factor R of a QR decomposition, by Householder reflections of a few rows at a time (Golub and Van Loan, sections 5.2 and
/// 12.5.3): rows are appended, and neither they nor Q are kept. R has the singular values of all rows together.
/// </summary>
/// <remarks>
/// Memory follows the square of the columns, time rows x columns^2 x 2 operations. The computed R is that of rows which differ from the
/// given ones by a few 2.2e-16 of their norm.
/// </remarks>
internal sealed class TriangularFactor
{
    // A block of this many elements lies in the second-level cache.
    private const int BlockElements = 1 << 16;
    private const int LeastRows = 32, MostRows = 256;

    private readonly double[] block, column, sums;
    private readonly int blockRows;
    private int filled;

    internal TriangularFactor(int columns)
    {
        Columns = columns;
        blockRows = Math.Clamp(BlockElements / columns, LeastRows, MostRows);
        block = new double[checked(blockRows * columns)];
        Values = new double[checked(columns * columns)];
        (column, sums) = (new double[blockRows], new double[columns]);
    }

    internal int Columns { get; }

    /// <summary>R, row after row, zero below the diagonal. Complete after <see cref="Finish"/>.</summary>
    internal double[] Values { get; }

    /// <summary>Appends the rows of a matrix, each times 2^-exponent.</summary>
    internal void Append<T>(MatrixView<T> rows, int exponent, SpectrumProgress progress)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int first = 0; first < rows.Rows;)
        {
            int count = Math.Min(blockRows - filled, rows.Rows - first);
            for (int i = 0; i < count; i++)
            {
                int start = (first + i) * rows.RowStride;
                Span<double> row = block.AsSpan((filled + i) * Columns, Columns);
                for (int j = 0; j < row.Length; j++)
                {
                    row[j] = double.CreateTruncating(rows.Values[start + (j * rows.ColumnStride)]);
                }

                ScaledBy(row, -exponent);
            }

            (filled, first) = (filled + count, first + count);
            if (filled == blockRows)
            {
                Reflect(progress);
            }
        }
    }

    /// <summary>Reflects the rows that are left into R.</summary>
    internal void Finish(SpectrumProgress progress) => Reflect(progress);

    /// <summary>Multiplies by a power of two, which rounds nothing that is not below the least normal number.</summary>
    internal static void ScaledBy(Span<double> values, int exponent)
    {
        // The factor itself must be a normal number.
        for (int left = exponent; left != 0;)
        {
            int part = Math.Clamp(left, -1000, 1000);
            TensorPrimitives.Multiply(values, Math.ScaleB(1, part), values);
            left -= part;
        }
    }

    /// <summary>
    /// Reflects the block's rows into R: per column, what stands in the block becomes zero, and R's diagonal element takes it up.
    /// </summary>
    private void Reflect(SpectrumProgress progress)
    {
        progress.Cancellation.ThrowIfCancellationRequested();
        Span<double> v = column.AsSpan(0, filled);
        for (int j = 0; j < Columns && filled > 0; j++)
        {
            for (int i = 0; i < filled; i++)
            {
                v[i] = block[(i * Columns) + j];
            }

            double below = TensorPrimitives.Dot<double>(v, v), diagonal = Values[(j * Columns) + j];
            if (below == 0)
            {
                continue;
            }

            double reflected = -Math.CopySign(Math.Sqrt((diagonal * diagonal) + below), diagonal);
            double scale = (reflected - diagonal) / reflected;
            TensorPrimitives.Divide(v, diagonal - reflected, v);
            Values[(j * Columns) + j] = reflected;
            int right = Columns - j - 1;
            Span<double> row = Values.AsSpan((j * Columns) + j + 1, right), sum = sums.AsSpan(0, right);
            row.CopyTo(sum);
            for (int i = 0; i < filled; i++)
            {
                TensorPrimitives.MultiplyAdd(block.AsSpan((i * Columns) + j + 1, right), v[i], sum, sum);
            }

            TensorPrimitives.MultiplyAdd(sum, -scale, row, row);
            TensorPrimitives.Multiply(v, -scale, v);
            for (int i = 0; i < filled; i++)
            {
                Span<double> values = block.AsSpan((i * Columns) + j + 1, right);
                TensorPrimitives.MultiplyAdd(sum, v[i], values, values);
            }

            if ((j & 63) == 0)
            {
                progress.Cancellation.ThrowIfCancellationRequested();
            }
        }

        progress.Add(2.0 * filled * Columns * Columns);
        filled = 0;
    }
}
