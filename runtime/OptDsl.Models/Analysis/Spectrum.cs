using System.Numerics;
using MathNet.Numerics.LinearAlgebra;
using OptDsl.Linear;

namespace OptDsl.Models;

/// <summary>Singular values of a matrix and what follows from them.</summary>
public static class Spectrum
{
    // Of larger exponents, or of smaller ones, fourth powers might lose digits: the eigenvalues of the Gram matrix take squares of its
    // elements.
    private const int MostExponent = 100;

    /// <summary>
    /// The singular values in descending order, as roots of the eigenvalues of the smaller Gram matrix, which is computed in
    /// double whatever the element.
    /// </summary>
    /// <param name="matrix">Any shape; as many values are returned as its smaller side has elements.</param>
    /// <remarks>
    /// A value s has an error of about 1e-16 times the square of the largest value, divided by s. A value below 1e-8 times the largest is
    /// noise. This is enough for shares of the spectrum, and several times faster than a singular value decomposition. It does not tell
    /// whether a matrix is singular.
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

        // By a power of two, which rounds nothing.
        int exponent = ScaledNorm.Exponent<double>(wide);
        exponent = Math.Abs(exponent) > MostExponent ? exponent : 0;
        wide = exponent == 0 ? wide : ScaledNorm.Times(wide, -exponent);
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

        double[] eigenvalues = [.. Matrix<double>.Build.Dense(side, side, gram)
            .Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real)];
        double[] values = Array.ConvertAll(eigenvalues, eigenvalue => Math.ScaleB(Math.Sqrt(Math.Max(eigenvalue, 0)), exponent));
        Array.Sort(values);
        Array.Reverse(values);
        return values;
    }

    /// <summary>
    /// The singular values in descending order by reflections: the rows are reduced to a triangle (Householder 1958), that to two diagonals
    /// (Golub and Kahan 1965), whose singular values are found by bisection. All in double whatever the element.
    /// </summary>
    /// <param name="matrix">Any shape; as many values are returned as its smaller side has elements.</param>
    /// <param name="progress">Told the share that is done, from 0 to 1; may be null.</param>
    /// <param name="cancellation">Observed on the way.</param>
    /// <remarks>
    /// Every value is off by some 1e-16 times the largest, times a small multiple of the smaller side: values of 1e-12 times the largest
    /// still have digits, which those of <see cref="SingularValues"/> have not. With the sides m and n, n the smaller, it takes
    /// 2 m n^2 + 8/3 n^3 operations on one thread, and memory for 2 n^2 doubles.
    /// </remarks>
    /// <exception cref="ArgumentException">An element is not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static double[] SingularValuesByReflections<T>(MatrixView<T> matrix, IProgress<double>? progress = null,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => ProductSpectrum.Of(matrix, progress, cancellation);

    /// <summary>
    /// The singular values of <paramref name="left"/> times <paramref name="right"/> in descending order, without that product: each factor
    /// is reduced to a triangle of the inner width, and the product of the triangles is decomposed as by
    /// <see cref="SingularValuesByReflections"/>. All in double whatever the element.
    /// </summary>
    /// <param name="left">m x k.</param>
    /// <param name="right">k x n.</param>
    /// <param name="progress">Told the share that is done, from 0 to 1; may be null.</param>
    /// <param name="cancellation">Observed on the way.</param>
    /// <returns>min(m, k, n) values; the other singular values of the product are exactly zero.</returns>
    /// <remarks>
    /// <para>Every value is off by some 1e-16 times the product of the largest singular values of the two factors, times a small
    /// multiple of the width: as much as rounding the elements of the product to double changes it.</para>
    /// <para>With k below both sides it takes 2 (m + n) k^2 + 14/3 k^3 operations and memory for a few k^2 doubles. A factor that is not
    /// taller than the inner width is not reduced but copied; with k at or above both sides that is as much as the product itself takes.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentException">The inner sides differ, or an element is not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static double[] SingularValuesOfProduct<T>(MatrixView<T> left, MatrixView<T> right, IProgress<double>? progress = null,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => ProductSpectrum.Of(left, right, progress, cancellation);

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
            Check(value);
            sum += value;
        }

        if (sum == 0)
        {
            return 0;
        }

        // A sum of finite values that overflows is taken of smaller ones.
        double factor = double.IsFinite(sum) ? 1 : Math.ScaleB(1, -32), entropy = 0;
        sum = factor == 1 ? sum : NuclearNorm(Array.ConvertAll(singularValues.ToArray(), value => value * factor));
        foreach (double value in singularValues)
        {
            double share = value * factor / sum;
            entropy -= share > 0 ? share * Math.Log(share) : 0;
        }

        return Math.Exp(entropy);
    }

    /// <summary>
    /// The stable rank, |W|_F^2 / |W|_2^2 (Rudelson and Vershynin 2007): 1 for a matrix of rank 1, n for n equal values, 0 where all are
    /// zero.
    /// </summary>
    /// <param name="singularValues">Finite and not negative.</param>
    /// <exception cref="ArgumentException">A value is negative or not finite.</exception>
    public static double StableRank(ReadOnlySpan<double> singularValues)
    {
        double largest = 0, sum = 0;
        foreach (double value in singularValues)
        {
            Check(value);
            largest = Math.Max(largest, value);
        }

        foreach (double value in singularValues)
        {
            double share = largest > 0 ? value / largest : 0;
            sum += share * share;
        }

        return sum;
    }

    /// <summary>The nuclear norm, the sum of the singular values; infinite where it is past a double.</summary>
    /// <param name="singularValues">Finite and not negative.</param>
    /// <exception cref="ArgumentException">A value is negative or not finite.</exception>
    public static double NuclearNorm(ReadOnlySpan<double> singularValues) => SchattenSum(singularValues, 1);

    /// <summary>
    /// The Frobenius norm, the root of the sum of the squared singular values; infinite where it is itself past a double.
    /// </summary>
    /// <param name="singularValues">Finite and not negative.</param>
    /// <exception cref="ArgumentException">A value is negative or not finite.</exception>
    public static double FrobeniusNorm(ReadOnlySpan<double> singularValues)
        => ScaledNorm.Root(SchattenSum(singularValues, 2), singularValues);

    /// <summary>
    /// The sum of the singular values' powers: the p-th power of the Schatten norm where p is 1 or more. With p = 2/L it is the least of
    /// (1/L) sum |W_i|_F^2 over factorizations of depth L. Infinite where it is past a double, and 0 where it is below one.
    /// </summary>
    /// <param name="singularValues">Finite and not negative.</param>
    /// <param name="power">p; finite and above 0.</param>
    /// <exception cref="ArgumentException">A value is negative or not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="power"/> is not finite or not above 0.</exception>
    public static double SchattenSum(ReadOnlySpan<double> singularValues, double power)
    {
        if (!double.IsFinite(power) || power <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(power), power, "The power must be finite and above 0.");
        }

        double sum = 0;
        foreach (double value in singularValues)
        {
            Check(value);
            sum += Math.Pow(value, power);
        }

        return sum;
    }

    /// <summary>
    /// The determinant of a square matrix, with its sign, by elimination with pivots, in double; infinite where it is itself past a double,
    /// and 0 where it is below one.
    /// </summary>
    /// <param name="matrix">Square.</param>
    /// <exception cref="ArgumentException">It is not square.</exception>
    public static double Determinant<T>(MatrixView<T> matrix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int side = matrix.Rows;
        if (side != matrix.Columns)
        {
            throw new ArgumentException($"The matrix is {matrix.Rows} x {matrix.Columns}; only a square one has a determinant.",
                nameof(matrix));
        }

        if (side == 2)
        {
            (double a, double b) = (double.CreateTruncating(matrix[0, 0]), double.CreateTruncating(matrix[0, 1]));
            (double c, double d) = (double.CreateTruncating(matrix[1, 0]), double.CreateTruncating(matrix[1, 1]));

            // b c as a fused product less its rounding, so that the sign of a small difference is right (Kahan).
            double product = b * c;
            double determinant = Math.FusedMultiplyAdd(a, d, -product) - Math.FusedMultiplyAdd(b, c, -product);
            return ScaledNorm.IsNormal(determinant) ? determinant : ScaledDeterminant.Of([a, b, c, d], 2);
        }

        var wide = Matrix<double>.Build.Dense(side, side);
        for (int i = 0; i < side; i++)
        {
            for (int j = 0; j < side; j++)
            {
                wide[i, j] = double.CreateTruncating(matrix[i, j]);
            }
        }

        double eliminated = side == 0 ? 1 : wide.Determinant();
        return ScaledNorm.IsNormal(eliminated) ? eliminated : ScaledDeterminant.Of(wide.ToColumnMajorArray(), side);
    }

    private static void Check(double value)
    {
        if (!double.IsFinite(value) || value < 0)
        {
            throw new ArgumentException($"A singular value is {value}; they must be finite and not negative.", "singularValues");
        }
    }
}
