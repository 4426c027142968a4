using System.Numerics.Tensors;
using OptDsl.Linear;

namespace OptDsl.Models;

/// <summary>
/// The matrix of least nuclear norm among those with the observed entries (Candes and Recht 2009), by alternating directions (Boyd et al.
/// 2011, section 3; its first step is singular value thresholding, Cai, Candes and Shen 2010), with a proof: a feasible matrix of the dual
/// problem bounds the least nuclear norm from below.
/// </summary>
/// <remarks>
/// An iteration takes a decomposition and a product, some 60 n^3 operations on n x n; every tenth three of them. Float data are widened by
/// the caller: the algorithm is in double only.
/// </remarks>
public static class NuclearNormCompletion
{
    private const int CheckEvery = 10, ModerateExponent = 400;

    /// <summary>Completes a matrix.</summary>
    /// <param name="matrix">What it is where it is observed; finite there.</param>
    /// <param name="observed">As many as the matrix has elements, row after row; true where the entry is observed. At least one is.</param>
    /// <param name="tolerance">The gap at which it ends, over the nuclear norm; above 0.</param>
    /// <param name="iterations">Iterations at most; at least 1.</param>
    /// <param name="cancellation">Observed at every check.</param>
    /// <returns>A matrix with exactly the observed entries. Its gap tells whether the tolerance was reached.</returns>
    /// <exception cref="ArgumentException">
    /// The mask has another length, nothing is observed, or an observed entry is not finite.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="tolerance"/> or <paramref name="iterations"/> is out of its range.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
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

        // Squares of these would overflow or vanish, and the weight, the inverse of the largest.
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

    /// <summary>The same of numbers of moderate size, 0 where they are not observed.</summary>
    private static NuclearNormResult Complete(double[] known, ReadOnlySpan<bool> observed, int rows, int columns, double tolerance,
        int iterations, CancellationToken cancellation)
    {
        var work = new Work(rows, columns);

        // x is thresholded, z has the observed entries, and the scaled multiplier u is zero elsewhere. The weight begins where the
        // threshold is a hundredth of the largest singular value, and follows the residuals from there.
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

        /// <summary>Takes an amount from every singular value, down to 0.</summary>
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

/// <summary>What a completion of least nuclear norm came to.</summary>
/// <param name="Matrix">Row after row, with exactly the observed entries.</param>
/// <param name="NuclearNorm">Its nuclear norm.</param>
/// <param name="Gap">
/// What is at most left to the least nuclear norm, as a share of this one: proved by a feasible matrix of the dual problem.
/// </param>
/// <param name="Iterations">Iterations made.</param>
public sealed record NuclearNormResult(double[] Matrix, double NuclearNorm, double Gap, int Iterations);
