namespace OptDsl.Models;

/// <summary>
/// Determinants whose products overflow or vanish on the way: by elimination with pivots, the power of two of every pivot apart.
/// </summary>
internal static class ScaledDeterminant
{
    /// <summary>The determinant.</summary>
    /// <param name="matrix">Side x side, row after row or column after column; it is overwritten.</param>
    /// <param name="side">Its side, at least 1.</param>
    /// <returns>NaN where an element is not finite.</returns>
    internal static double Of(double[] matrix, int side)
    {
        // Rows are scaled to about 1, so that differences of products neither overflow nor vanish.
        long exponent = 0;
        for (int row = 0; row < side; row++)
        {
            Span<double> line = matrix.AsSpan(row * side, side);
            int scale = ScaledNorm.Exponent<double>(line);
            ScaledNorm.Times(line, -scale).CopyTo(line);
            exponent += scale;
        }

        double product = 1;
        for (int step = 0; step < side; step++)
        {
            product *= Pivot(matrix, side, step);
            if (product == 0 || !double.IsFinite(product))
            {
                return product == 0 ? 0 : double.NaN;
            }

            int scale = Math.ILogB(product);
            (product, exponent) = (Math.ScaleB(product, -scale), exponent + scale);
            Eliminate(matrix, side, step);
        }

        return Math.ScaleB(product, (int)Math.Clamp(exponent, -10_000, 10_000));
    }

    /// <summary>Brings the largest element of a column to the diagonal, and returns it with the sign of the exchange.</summary>
    private static double Pivot(double[] matrix, int side, int step)
    {
        int best = step;
        for (int row = step + 1; row < side; row++)
        {
            best = Math.Abs(matrix[(row * side) + step]) > Math.Abs(matrix[(best * side) + step]) ? row : best;
        }

        for (int column = 0; best != step && column < side; column++)
        {
            (matrix[(best * side) + column], matrix[(step * side) + column]) = (matrix[(step * side) + column],
                matrix[(best * side) + column]);
        }

        return best == step ? matrix[(step * side) + step] : -matrix[(step * side) + step];
    }

    private static void Eliminate(double[] matrix, int side, int step)
    {
        for (int row = step + 1; row < side; row++)
        {
            double factor = matrix[(row * side) + step] / matrix[(step * side) + step];
            for (int column = step + 1; column < side; column++)
            {
                matrix[(row * side) + column] -= factor * matrix[(step * side) + column];
            }
        }
    }
}
