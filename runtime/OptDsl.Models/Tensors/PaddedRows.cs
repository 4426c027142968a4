using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OptDsl.Models;

/// <summary>
/// Loops over rows that are padded with zeros to whole 256-bit vectors, so that no row has a remainder. Sums run in fixed lanes and nothing
/// is fused, so the bits are the same on every machine.
/// </summary>
internal static unsafe class PaddedRows<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The number of elements from one row to the next.</summary>
    internal static int Stride(int columns) => (columns + Vector256<T>.Count - 1) / Vector256<T>.Count * Vector256<T>.Count;

    /// <summary>Copies a matrix into padded rows; the padding is not written.</summary>
    internal static void Pad(ReadOnlySpan<T> matrix, int columns, T* rows)
    {
        int stride = Stride(columns);
        if (stride == columns)
        {
            matrix.CopyTo(new Span<T>(rows, matrix.Length));
            return;
        }

        for (int at = 0; at < matrix.Length; at += columns, rows += stride)
        {
            matrix.Slice(at, columns).CopyTo(new Span<T>(rows, columns));
        }
    }

    /// <summary>Copies padded rows into a matrix, or adds them to it.</summary>
    internal static void Unpad(T* rows, int columns, Span<T> matrix, bool add)
    {
        int stride = Stride(columns);
        for (int at = 0; at < matrix.Length; at += columns, rows += stride)
        {
            Span<T> row = matrix.Slice(at, columns);
            if (!add)
            {
                new ReadOnlySpan<T>(rows, columns).CopyTo(row);
                continue;
            }

            for (int i = 0; i < columns; i++)
            {
                row[i] += rows[i];
            }
        }
    }

    /// <summary>The inner products of a row with some rows of a table.</summary>
    /// <param name="row">The row.</param>
    /// <param name="table">The first row of the table.</param>
    /// <param name="stride">The number of elements of a row.</param>
    /// <param name="places">Where each of the rows begins in the table.</param>
    /// <param name="products">Receives one product per row.</param>
    internal static void Dots(T* row, T* table, int stride, ReadOnlySpan<int> places, T* products)
    {
        int width = Vector256<T>.Count;
        for (int j = 0; j < places.Length; j++)
        {
            T* other = table + places[j];
            Vector256<T> even = Vector256<T>.Zero, odd = Vector256<T>.Zero;
            int i = 0;
            for (; i <= stride - (2 * width); i += 2 * width)
            {
                even += Vector256.Load(row + i) * Vector256.Load(other + i);
                odd += Vector256.Load(row + i + width) * Vector256.Load(other + i + width);
            }

            if (i < stride)
            {
                even += Vector256.Load(row + i) * Vector256.Load(other + i);
            }

            products[j] = Sum(even + odd);
        }
    }

    /// <summary>
    /// The backward pass of <see cref="Dots"/>. It writes the sum of slope times table row to the gradient of the row, and adds slope times
    /// the row to the gradient of each table row.
    /// </summary>
    internal static void Spread(T* row, T* table, T* rowGradient, T* tableGradient, int stride, ReadOnlySpan<int> places, T* slopes)
    {
        int width = Vector256<T>.Count, i = 0;
        for (; i <= stride - (2 * width); i += 2 * width)
        {
            Vector256<T> first = Vector256.Load(row + i), second = Vector256.Load(row + i + width);
            Vector256<T> firstSum = Vector256<T>.Zero, secondSum = Vector256<T>.Zero;
            for (int j = 0; j < places.Length; j++)
            {
                T* from = table + places[j] + i, to = tableGradient + places[j] + i;
                var slope = Vector256.Create(slopes[j]);
                firstSum += slope * Vector256.Load(from);
                secondSum += slope * Vector256.Load(from + width);
                (Vector256.Load(to) + (slope * first)).Store(to);
                (Vector256.Load(to + width) + (slope * second)).Store(to + width);
            }

            firstSum.Store(rowGradient + i);
            secondSum.Store(rowGradient + i + width);
        }

        if (i < stride)
        {
            Vector256<T> last = Vector256.Load(row + i), sum = Vector256<T>.Zero;
            for (int j = 0; j < places.Length; j++)
            {
                T* to = tableGradient + places[j] + i;
                var slope = Vector256.Create(slopes[j]);
                sum += slope * Vector256.Load(table + places[j] + i);
                (Vector256.Load(to) + (slope * last)).Store(to);
            }

            sum.Store(rowGradient + i);
        }
    }

    /// <summary>
    /// Replaces predictions by the slopes of the loss times <paramref name="scale"/>, and returns the sum of the point losses.
    /// </summary>
    internal static double Compare(T* predictions, ReadOnlySpan<T> targets, PointLoss loss, T scale)
    {
        double sum = 0;
        for (int j = 0; j < targets.Length; j++)
        {
            T residual = predictions[j] - targets[j];
            sum += loss.ComputeValue(double.CreateTruncating(residual));
            predictions[j] = loss.ComputeSlope(residual) * scale;
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Sum(Vector256<T> lanes)
    {
        // In a fixed order, because the order of a vector's own sum depends on the platform.
        Vector128<T> half = lanes.GetLower() + lanes.GetUpper();
        return Vector128<T>.Count == 4 ? half[0] + half[2] + (half[1] + half[3]) : half[0] + half[1];
    }
}
