using System.Numerics;
using OptDsl.Linear;

namespace OptDsl.Models;

/// <summary>
/// The singular values of a product of matrices from its factors. From both ends the factors are multiplied, and a product with more rows
/// than columns is replaced by its triangular factor, which has the same singular values whatever follows. In the middle, where the product
/// is narrowest, what remains of both ends is multiplied: a small matrix with the singular values of the whole product.
/// </summary>
/// <remarks>All of it is in double, whatever the element. Memory and time follow the widths, not rows x columns.</remarks>
internal static class ProductSpectrum
{
    internal static double[] Of<T>(MatrixView<T> left, MatrixView<T> right, IProgress<double>? progress, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (left.Columns != right.Rows)
        {
            throw new ArgumentException(
                $"A {left.Rows} x {left.Columns} matrix cannot be multiplied by a {right.Rows} x {right.Columns} one: the inner sides must be equal.",
                    nameof(right));
        }

        if (Math.Min(left.Rows, Math.Min(left.Columns, right.Columns)) == 0)
        {
            return [];
        }

        var operations = new SpectrumProgress(Operations([right.Columns, left.Columns, left.Rows], 1), progress, cancellation);
        ProductEnd above = new(operations), below = new(operations);
        above.Multiply(left);
        below.Multiply(right.Transposed);
        return Of(above, below, operations);
    }

    /// <summary>Of one matrix.</summary>
    internal static double[] Of<T>(MatrixView<T> matrix, IProgress<double>? progress, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Math.Min(matrix.Rows, matrix.Columns) == 0)
        {
            return [];
        }

        MatrixView<T> upright = matrix.Rows >= matrix.Columns ? matrix : matrix.Transposed;
        var operations = new SpectrumProgress(
            SpectrumProgress.OfReflections(upright.Rows, upright.Columns) + SpectrumProgress.OfBidiagonal(upright.Columns), progress,
            cancellation);
        var end = new ProductEnd(operations);
        end.Multiply(upright);
        return Of(end, operations);
    }

    /// <summary>Of W_L ... W_1.</summary>
    /// <param name="factors">W_1 .. W_L.</param>
    /// <param name="sides">Columns, the widths between, rows.</param>
    /// <param name="progress">Told the share that is done; may be null.</param>
    /// <param name="cancellation">Observed often.</param>
    internal static double[] Of<T>(ReadOnlySpan<ParameterTensor<T>> factors, ReadOnlySpan<int> sides, IProgress<double>? progress,
        CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (factors.Length == 1)
        {
            return Of(new MatrixView<T>(factors[0].ReadOnlyValues, sides[1], sides[0]), progress, cancellation);
        }

        int narrowest = 1;
        for (int i = 2; i < factors.Length; i++)
        {
            narrowest = sides[i] < sides[narrowest] ? i : narrowest;
        }

        var operations = new SpectrumProgress(Operations(sides, narrowest), progress, cancellation);
        ProductEnd above = new(operations), below = new(operations);
        for (int i = factors.Length; i > narrowest; i--)
        {
            above.Multiply(new MatrixView<T>(factors[i - 1].ReadOnlyValues, sides[i], sides[i - 1]));
        }

        for (int i = 1; i <= narrowest; i++)
        {
            below.Multiply(new MatrixView<T>(factors[i - 1].ReadOnlyValues, sides[i], sides[i - 1]).Transposed);
        }

        return Of(above, below, operations);
    }

    private static double[] Of(ProductEnd above, ProductEnd below, SpectrumProgress operations)
    {
        double[] core = new double[checked(above.Rows * below.Rows)];
        new MatrixProduct<double>().Multiply(above.View, below.View.Transposed, core);
        int exponent = above.Exponent + below.Exponent;
        (int rows, int columns) = (above.Rows, below.Rows);

        // Their memory is given back: where the width is not below the sides, each is as large as the product.
        above.Clear();
        below.Clear();
        var end = new ProductEnd(operations);
        var view = new MatrixView<double>(core, rows, columns);
        end.Multiply(rows >= columns ? view : view.Transposed);
        end.Exponent += exponent;
        return Of(end, operations);
    }

    /// <summary>Of a square matrix.</summary>
    private static double[] Of(ProductEnd square, SpectrumProgress operations)
    {
        double[] values = BidiagonalForm.SingularValues(square.Values, square.Columns, operations);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Math.ScaleB(values[i], square.Exponent);
        }

        operations.Finish();
        return values;
    }

    /// <summary>The operations of reflections and of the middle; the products between take few beside them.</summary>
    private static double Operations(ReadOnlySpan<int> sides, int narrowest)
    {
        double operations = 0;
        double End(ReadOnlySpan<int> sides)
        {
            double rows = sides[0];
            for (int i = 1; i < sides.Length; i++)
            {
                operations += rows > sides[i] ? SpectrumProgress.OfReflections(rows, sides[i]) : 0;
                rows = Math.Min(rows, sides[i]);
            }

            return rows;
        }

        int[] reversed = sides[narrowest..].ToArray();
        Array.Reverse(reversed);
        double above = End(reversed), below = End(sides[..(narrowest + 1)]), side = Math.Min(above, below);
        return operations + (above == below ? 0 : SpectrumProgress.OfReflections(Math.Max(above, below), side))
            + SpectrumProgress.OfBidiagonal(side);
    }
}
