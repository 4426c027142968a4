using System.Numerics;

namespace OptDsl.Models;

/// <summary>Norms of a factor's columns, in double. They measure the components of a tensor factorization.</summary>
internal static class ColumnNorms
{
    /// <summary>Multiplies each number by the norm of the corresponding column of the matrix.</summary>
    /// <param name="matrix">The matrix, row by row; a row has as many elements as there are numbers.</param>
    /// <param name="products">The numbers, one per column.</param>
    /// <param name="squares">Working memory of at least the same length.</param>
    internal static void Multiply<T>(ReadOnlySpan<T> matrix, Span<double> products, double[] squares)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<double> sums = squares.AsSpan(0, products.Length);
        sums.Clear();
        for (int row = 0; row < matrix.Length; row += sums.Length)
        {
            for (int column = 0; column < sums.Length; column++)
            {
                double value = double.CreateTruncating(matrix[row + column]);
                sums[column] += value * value;
            }
        }

        for (int column = 0; column < sums.Length; column++)
        {
            products[column] *= ScaledNorm.Root(sums[column], matrix[column..], sums.Length);
        }
    }
}
