using System.Numerics;
using System.Numerics.Tensors;
using OptDsl.Linear;

namespace OptDsl.Models;

/// <summary>
/// The first factors of a product, as a matrix with no more rows than columns that the product may begin with instead: its singular values
/// stay the same.
/// </summary>
internal sealed class ProductEnd(SpectrumProgress progress)
{
    private const int Block = 4096;

    /// <summary>Rows, at most as many as <see cref="Columns"/>.</summary>
    internal int Rows { get; private set; }

    internal int Columns { get; private set; }

    /// <summary>The matrix times 2^-<see cref="Exponent"/>, row after row.</summary>
    internal double[] Values { get; private set; } = [];

    internal int Exponent { get; set; }

    internal MatrixView<double> View => new(Values, Rows, Columns);

    /// <summary>Gives the memory back.</summary>
    internal void Clear() => Values = [];

    /// <summary>Multiplies by a factor from the right.</summary>
    /// <exception cref="ArgumentException">It has an element that is not finite.</exception>
    internal void Multiply<T>(MatrixView<T> factor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // By a power of two, so that squares neither overflow nor vanish, and nothing is rounded.
        int exponent = LargestExponent(factor.Values);
        Exponent += exponent;
        if (Columns == 0)
        {
            Start(factor, exponent);
            return;
        }

        double[] wide = new double[factor.Values.Length], product = new double[checked(Rows * factor.Columns)];
        Copy(factor.Values, wide);
        TriangularFactor.ScaledBy(wide, -exponent);
        MatrixView<double> scaled = factor.ColumnStride == 1 ? new(wide, factor.Rows, factor.Columns)
            : new MatrixView<double>(wide, factor.Columns, factor.Rows).Transposed;
        new MatrixProduct<double>().Multiply(View, scaled, product);
        progress.Cancellation.ThrowIfCancellationRequested();
        (Values, Columns) = (product, factor.Columns);
        if (Rows > Columns)
        {
            Start(View, 0);
        }
    }

    private void Start<T>(MatrixView<T> matrix, int exponent)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (matrix.Rows > matrix.Columns)
        {
            var triangle = new TriangularFactor(matrix.Columns);
            triangle.Append(matrix, exponent, progress);
            triangle.Finish(progress);
            (Values, Rows, Columns) = (triangle.Values, matrix.Columns, matrix.Columns);
            return;
        }

        double[] values = new double[checked(matrix.Rows * matrix.Columns)];
        if (matrix.ColumnStride == 1)
        {
            Copy(matrix.Values, values);
        }
        else
        {
            for (int i = 0; i < matrix.Rows; i++)
            {
                for (int j = 0; j < matrix.Columns; j++)
                {
                    values[(i * matrix.Columns) + j] = double.CreateTruncating(matrix.Values[(i * matrix.RowStride)
                        + (j * matrix.ColumnStride)]);
                }
            }
        }

        TriangularFactor.ScaledBy(values, -exponent);
        (Values, Rows, Columns) = (values, matrix.Rows, matrix.Columns);
    }

    private static void Copy<T>(ReadOnlySpan<T> from, Span<double> to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = double.CreateTruncating(from[i]);
        }
    }

    /// <summary>The power of two of the largest element.</summary>
    private static int LargestExponent<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double largest = 0;
        for (int start = 0; start < values.Length; start += Block)
        {
            // NaN is the largest of all that holds one.
            double piece = double.CreateTruncating(TensorPrimitives.MaxMagnitude(values[start..Math.Min(start + Block, values.Length)]));
            largest = Math.Max(largest, Math.Abs(piece));
            if (!double.IsFinite(largest))
            {
                throw new ArgumentException("The matrix has an element that is not finite; it has no singular values.", nameof(values));
            }
        }

        return largest > 0 ? Math.ILogB(largest) : 0;
    }
}
