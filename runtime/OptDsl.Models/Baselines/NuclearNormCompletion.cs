using System.Numerics.Tensors;
using OptDsl.Linear;

namespace OptDsl.Models;

/// <summary>
/// Finds the matrix of least nuclear norm that has the observed entries (Candes and Recht 2009). It uses the alternating direction method
/// of multipliers (Boyd et al. 2011, section 3), whose first step is singular value thresholding (Cai, Candes and Shen 2010). The result
/// comes with a proof: a feasible matrix of the dual problem bounds the least nuclear norm from below.
/// </summary>
/// <remarks>
/// For an n x n matrix, an iteration takes one decomposition and one product, some 60 n^3 operations. Every tenth iteration takes three
/// decompositions. The algorithm is in double only; the caller widens float data.
/// </remarks>
public static class NuclearNormCompletion
{
    private const int CheckEvery = 10, ModerateExponent = 400;

    /// <summary>Completes a matrix.</summary>
    /// <param name="matrix">The matrix. Observed entries are finite; the others may hold anything.</param>
    /// <param name="observed">One element per element of the matrix, row by row; true where the entry is observed. At least one is.</param>
    /// <param name="tolerance">The gap, relative to the nuclear norm, at which the algorithm stops; finite and above 0.</param>
    /// <param name="iterations">The largest number of iterations; at least 1.</param>
    /// <param name="cancellation">Checked every 10 iterations.</param>
    /// <returns>A matrix with exactly the observed entries. Its gap shows whether the tolerance was reached.</returns>
    /// <exception cref="ArgumentException">
    /// The mask has another length, nothing is observed, or an observed entry is not finite.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="tolerance"/> or <paramref name="iterations"/> is out of range.
    /// </exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public static NuclearNormResult Complete(MatrixView<double> matrix, ReadOnlySpan<bool> observed, double tolerance = 1e-6,
        int iterations = 100_000, CancellationToken cancellation = default)
    {
        (int rows, int columns) = (matrix.Rows, matrix.Columns);
        CompletionChecks.Length(observed.Length, rows, columns, nameof(observed));
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        if (!(tolerance > 0) || !double.IsFinite(tolerance))
        {
            throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, "The tolerance must be finite and above 0.");
        }

        double[] known = new double[observed.Length];
        int count = 0;
        for (int i = 0; i < known.Length; i++)
        {
            if (observed[i])
            {
                known[i] = matrix[i / columns, i % columns];
                CompletionChecks.Finite(known[i], i / columns, i % columns);
                count++;
            }
        }

        CompletionChecks.SomethingObserved(count);

        // Squares of such numbers would overflow or underflow, and so would the weight, which is proportional to the inverse of the
        // largest.
        int exponent = ScaledNorm.Exponent<double>(known);
        if (Math.Abs(exponent) > ModerateExponent)
        {
            NuclearNormResult scaled = Complete(ScaledNorm.Times(known, -exponent), observed, rows, columns, tolerance, iterations,
                cancellation);
            double[] completed = ScaledNorm.Times(scaled.Matrix, exponent);
            for (int i = 0; i < completed.Length; i++)
            {
                completed[i] = observed[i] ? known[i] : completed[i];
            }

            return scaled with { Matrix = completed, NuclearNorm = Math.ScaleB(scaled.NuclearNorm, exponent) };
        }

        return Complete(known, observed, rows, columns, tolerance, iterations, cancellation);
    }

    /// <summary>Completes a matrix of numbers of moderate size, which are 0 where they are not observed.</summary>
    private static NuclearNormResult Complete(double[] known, ReadOnlySpan<bool> observed, int rows, int columns, double tolerance,
        int iterations, CancellationToken cancellation)
    {
        var work = new Work(rows, columns);

        // x is the thresholded matrix, z has the observed entries, and u is the scaled multiplier, zero at entries that are not observed.
        // The initial weight makes the threshold a hundredth of the largest singular value. Later the weight follows the residuals.
        double[] x = new double[known.Length], z = (double[])known.Clone(), u = new double[known.Length], last = new double[known.Length];
        double largest = work.SingularValues(known)[0];
        if (largest == 0)
        {
            return new NuclearNormResult(z, 0, 0, 0);
        }

        double weight = 100 / largest;
        for (int iteration = 1; ; iteration++)
        {
            TensorPrimitives.Subtract(z, u, x);
            work.Threshold(x, 1 / weight);
            z.CopyTo(last, 0);
            double primal = 0, dual = 0;
            for (int i = 0; i < x.Length; i++)
            {
                z[i] = observed[i] ? known[i] : x[i] + u[i];
                u[i] = observed[i] ? u[i] + x[i] - z[i] : 0;
                primal += (x[i] - z[i]) * (x[i] - z[i]);
                dual += (z[i] - last[i]) * (z[i] - last[i]);
            }

            if (iteration % CheckEvery != 0 && iteration < iterations)
            {
                continue;
            }

            cancellation.ThrowIfCancellationRequested();
            double norm = Spectrum.NuclearNorm(work.SingularValues(z));
            double size = weight * work.SingularValues(u)[0], bound = -weight * TensorPrimitives.Dot<double>(u, known) / Math.Max(1, size);
            double gap = (norm - bound) / norm;
            if (gap <= tolerance || iteration >= iterations)
            {
                return new NuclearNormResult(z, norm, gap, iteration);
            }

            double factor = Math.Sqrt(primal) > 10 * Math.Sqrt(dual) ? 2 : Math.Sqrt(dual) > 10 * Math.Sqrt(primal) ? 0.5 : 1;
            weight *= factor;
            TensorPrimitives.Multiply(u, 1 / factor, u);
        }
    }

    private sealed class Work(int rows, int columns)
    {
        private readonly SingularValueDecomposition decomposition = new(rows, columns);
        private readonly MatrixProduct<double> product = new(threads: 1);
        private readonly double[] left = new double[Math.Min(rows, columns) * rows], right = new double[Math.Min(rows, columns) * columns];

        internal ReadOnlySpan<double> SingularValues(double[] matrix)
        {
            decomposition.Decompose(new MatrixView<double>(matrix, rows, columns));
            return decomposition.Values;
        }

        /// <summary>Subtracts an amount from every singular value, but not below 0.</summary>
        internal void Threshold(double[] matrix, double amount)
        {
            ReadOnlySpan<double> values = SingularValues(matrix);
            int rank = 0;
            while (rank < values.Length && values[rank] > amount)
            {
                decomposition.GetLeft(rank).CopyTo(left.AsSpan(rank * rows));
                TensorPrimitives.Multiply(decomposition.GetRight(rank), values[rank] - amount, right.AsSpan(rank * columns, columns));
                rank++;
            }

            product.Multiply(
                new MatrixView<double>(left.AsSpan(0, rank * rows), rank, rows).Transposed,
                    new MatrixView<double>(right.AsSpan(0, rank * columns), rank, columns), matrix);
        }
    }
}

/// <summary>The result of a completion of least nuclear norm.</summary>
/// <param name="Matrix">The matrix, row by row, with exactly the observed entries.</param>
/// <param name="NuclearNorm">The nuclear norm of the matrix.</param>
/// <param name="Gap">
/// An upper bound of the distance from the least nuclear norm, relative to <paramref name="NuclearNorm"/>. A feasible matrix of the dual
/// problem proves it.
/// </param>
/// <param name="Iterations">The number of iterations.</param>
public sealed record NuclearNormResult(double[] Matrix, double NuclearNorm, double Gap, int Iterations);
