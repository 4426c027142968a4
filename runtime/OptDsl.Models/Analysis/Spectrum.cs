using System.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace OptDsl.Models;

/// <summary>Singular values of a matrix and what follows from them.</summary>
public static class Spectrum
{
    /// <summary>
    /// The singular values in descending order, as roots of the eigenvalues of the smaller Gram matrix, which is computed in
    /// double whatever the element.
    /// </summary>
    /// <param name="matrix">Any shape; as many values are returned as its smaller side has elements.</param>
    /// <remarks>
    /// A value s is off by about 1e-16 times the square of the largest value over s, and one below 1e-8 times the largest is
    /// noise: enough for shares of the spectrum, several times faster than a singular value decomposition, and not a
    /// means to tell whether a matrix is singular.
    /// </remarks>
    /// <exception cref="ArgumentException">An element is not finite.</exception>
    public static double[] SingularValues<T>(MatrixView<T> matrix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int side = Math.Min(matrix.Rows, matrix.Columns);
        if (side == 0)
        {
            return [];
        }

        double[] wide = new double[matrix.Values.Length];
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = double.CreateTruncating(matrix.Values[i]);
            if (!double.IsFinite(wide[i]))
            {
                throw new ArgumentException("The matrix has an element that is not finite; it has no singular values.", nameof(matrix));
            }
        }

        var view = matrix.ColumnStride == 1
            ? new MatrixView<double>(wide, matrix.Rows, matrix.Columns)
            : new MatrixView<double>(wide, matrix.Columns, matrix.Rows).Transposed;
        double[] gram = new double[side * side];
        var product = new MatrixProduct<double>();
        if (matrix.Rows <= matrix.Columns)
        {
            product.Multiply(view, view.Transposed, gram);
        }
        else
        {
            product.Multiply(view.Transposed, view, gram);
        }

        double[] eigenvalues = [.. Matrix<double>.Build.Dense(side, side, gram).Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real)];
        double[] values = Array.ConvertAll(eigenvalues, eigenvalue => Math.Sqrt(Math.Max(eigenvalue, 0)));
        Array.Sort(values);
        Array.Reverse(values);
        return values;
    }

    /// <summary>
    /// The effective rank (Roy and Vetterli 2007): the exponential of the entropy of the singular values' shares of their
    /// sum. 1 for a matrix of rank 1, n for n equal values, 0 where all are zero.
    /// </summary>
    /// <param name="singularValues">Finite and not negative.</param>
    /// <exception cref="ArgumentException">A value is negative or not finite.</exception>
    public static double EffectiveRank(ReadOnlySpan<double> singularValues)
    {
        double sum = 0;
        foreach (double value in singularValues)
        {
            if (!double.IsFinite(value) || value < 0)
            {
                throw new ArgumentException($"A singular value is {value}; they must be finite and not negative.", nameof(singularValues));
            }

            sum += value;
        }

        if (sum == 0)
        {
            return 0;
        }

        double entropy = 0;
        foreach (double value in singularValues)
        {
            double share = value / sum;
            entropy -= share > 0 ? share * Math.Log(share) : 0;
        }

        return Math.Exp(entropy);
    }
}
