using System.Numerics;

namespace OptDsl.Models;

/// <summary>
/// The posterior of a symmetric factorization, p(X) ~ exp(-b |A(X X') - y|^2) of an n x k matrix X (Moitra and Risteski 2020). A observes
/// all entries of a matrix (factorization), some of them (completion), or inner products with given matrices (sensing). The density is the
/// same at X and X R for orthogonal R. So its maximizers are two manifolds, one with det R = 1 and one with det R = -1.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <remarks>
/// Per chain, an evaluation takes 6 n^2 k operations (factorization), 6 k per given entry (completion), or 4 n^2 per measurement plus 4 n^2
/// k (sensing).
/// </remarks>
public sealed class MatrixPosterior<T> : ITarget<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int rows, rank, measurements;
    private readonly double inverseTemperature;
    private readonly int[] entryRows, entryColumns;
    private readonly T[] values, sensors;

    private MatrixPosterior(int rows, int rank, double inverseTemperature, int[] entryRows, int[] entryColumns, T[] values, T[] sensors)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);
        if (!double.IsFinite(inverseTemperature) || inverseTemperature <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(inverseTemperature), inverseTemperature,
                "The inverse temperature must be finite and above 0.");
        }

        for (int i = 0; i < values.Length; i++)
        {
            if (!T.IsFinite(values[i]))
            {
                throw new ArgumentException($"Value {i} is {values[i]}; every value must be finite.", nameof(values));
            }
        }

        (this.rows, this.rank, this.inverseTemperature) = (rows, rank, ElementRange.Require<T>(inverseTemperature));
        (this.entryRows, this.entryColumns, this.values, this.sensors) = (entryRows, entryColumns, values, sensors);
        measurements = sensors.Length == 0 ? 0 : values.Length;
        Variables = [new SampledVariable("X", [rows, rank])];
    }

    /// <inheritdoc/>
    public int Dimensions => rows * rank;

    /// <inheritdoc/>
    public IReadOnlyList<SampledVariable> Variables { get; }

    /// <inheritdoc/>
    public bool IsThreadSafe => true;

    /// <summary>The posterior given all entries: U = b |X X' - M|^2, summed over the whole matrix.</summary>
    /// <param name="matrix">M, n x n, row by row; symmetric, finite.</param>
    /// <param name="rows">n, the number of rows; at least 1.</param>
    /// <param name="rank">k, the number of columns of X; at least 1.</param>
    /// <param name="inverseTemperature">b, the inverse temperature; finite and above 0.</param>
    /// <exception cref="ArgumentException">M has another size, is not symmetric, or is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range.</exception>
    public static MatrixPosterior<T> Factorization(ReadOnlySpan<T> matrix, int rows, int rank, double inverseTemperature)
    {
        if (matrix.Length != (long)rows * rows)
        {
            throw new ArgumentException($"The matrix has {matrix.Length} numbers; it must have {rows} x {rows}.", nameof(matrix));
        }

        var entries = new List<(int Row, int Column)>();
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < rows; j++)
            {
                if (matrix[(i * rows) + j] != matrix[(j * rows) + i])
                {
                    throw new ArgumentException(
                        $"Entry ({i}, {j}) is {matrix[(i * rows) + j]} and ({j}, {i}) is {matrix[(j * rows) + i]}; M must be symmetric, as X X' is.", nameof(matrix));
                }

                entries.Add((i, j));
            }
        }

        return Completion([.. entries.Select(entry => entry.Row)], [.. entries.Select(entry => entry.Column)], matrix, rows, rank,
            inverseTemperature);
    }

    /// <summary>The posterior given some entries: U is b times the sum of (x_i . x_j - v)^2 over these entries.</summary>
    /// <param name="entryRows">The row i of each entry, from 0.</param>
    /// <param name="entryColumns">The column j of each entry, from 0.</param>
    /// <param name="values">The value v of each entry; finite, at least one.</param>
    /// <param name="rows">n, the number of rows; at least 1.</param>
    /// <param name="rank">k, the number of columns of X; at least 1.</param>
    /// <param name="inverseTemperature">b, the inverse temperature; finite and above 0.</param>
    /// <exception cref="ArgumentException">
    /// There is no entry, the lengths differ, an entry is outside the matrix, or a value is not finite.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range.</exception>
    public static MatrixPosterior<T> Completion(ReadOnlySpan<int> entryRows, ReadOnlySpan<int> entryColumns, ReadOnlySpan<T> values,
        int rows, int rank, double inverseTemperature)
    {
        if (values.IsEmpty || entryRows.Length != values.Length || entryColumns.Length != values.Length)
        {
            throw new ArgumentException(
                $"There are {entryRows.Length} rows, {entryColumns.Length} columns and {values.Length} values; the numbers must be equal, and at least 1.", nameof(values));
        }

        for (int e = 0; e < values.Length; e++)
        {
            if ((uint)entryRows[e] >= (uint)rows || (uint)entryColumns[e] >= (uint)rows)
            {
                throw new ArgumentException($"Entry {e} is at ({entryRows[e]}, {entryColumns[e]}), but the matrix is only {rows} x {rows}.",
                    nameof(entryRows));
            }
        }

        return new(rows, rank, inverseTemperature, entryRows.ToArray(), entryColumns.ToArray(), values.ToArray(), []);
    }

    /// <summary>The posterior given measurements: U is b times the sum of (&lt;A_m, X X'&gt; - y_m)^2.</summary>
    /// <param name="sensors">The matrices A_m, one after the other, each n x n, row by row; finite.</param>
    /// <param name="values">The measurements y_m; finite, at least one.</param>
    /// <param name="rows">n, the number of rows; at least 1.</param>
    /// <param name="rank">k, the number of columns of X; at least 1.</param>
    /// <param name="inverseTemperature">b, the inverse temperature; finite and above 0.</param>
    /// <exception cref="ArgumentException">
    /// There is no measurement, there is not exactly one sensor matrix per value, or a number is not finite.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range.</exception>
    public static MatrixPosterior<T> Sensing(ReadOnlySpan<T> sensors, ReadOnlySpan<T> values, int rows, int rank, double inverseTemperature)
    {
        if (values.IsEmpty || sensors.Length != (double)values.Length * rows * rows)
        {
            throw new ArgumentException(
                $"{values.Length} measurements of {rows} x {rows} matrices need {(double)values.Length * rows * rows} numbers, but there are {sensors.Length}; there must be at least one measurement.", nameof(sensors));
        }

        // <A, X X'> depends only on the symmetric part of A.
        var symmetric = new T[sensors.Length];
        for (int at = 0; at < sensors.Length; at++)
        {
            (int matrix, int place) = Math.DivRem(at, rows * rows);
            (int i, int j) = Math.DivRem(place, rows);
            symmetric[at] = (sensors[at] + sensors[(matrix * rows * rows) + (j * rows) + i]) / T.CreateTruncating(2);
            if (!T.IsFinite(symmetric[at]))
            {
                throw new ArgumentException($"Entry ({i}, {j}) of sensor {matrix} is {sensors[at]}; every entry must be finite.",
                    nameof(sensors));
            }
        }

        return new(rows, rank, inverseTemperature, [], [], values.ToArray(), symmetric);
    }

    /// <inheritdoc/>
    public void Evaluate(in ChainBatch<T> batch)
    {
        (T[] product, T[] slopes) = measurements > 0 ? (new T[rows * rows], new T[rows * rows]) : ([], []);
        for (int chain = 0; chain < batch.Count; chain++)
        {
            batch.Potentials[chain] = measurements > 0 ? Sensed(batch.GetPosition(chain), batch.GetGradient(chain), product, slopes)
                : Entries(batch.GetPosition(chain), batch.GetGradient(chain));
        }
    }

    private double Entries(ReadOnlySpan<T> x, Span<T> gradient)
    {
        gradient.Clear();
        T scale = T.CreateTruncating(2 * inverseTemperature);
        double sum = 0;
        for (int e = 0; e < values.Length; e++)
        {
            int i = entryRows[e] * rank, j = entryColumns[e] * rank;
            T residual = Dot(x.Slice(i, rank), x.Slice(j, rank)) - values[e], slope = scale * residual;
            sum += double.CreateTruncating(residual * residual);
            for (int r = 0; r < rank; r++)
            {
                gradient[i + r] += slope * x[j + r];
                gradient[j + r] += slope * x[i + r];
            }
        }

        return inverseTemperature * sum;
    }

    private double Sensed(ReadOnlySpan<T> x, Span<T> gradient, T[] product, T[] slopes)
    {
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < rows; j++)
            {
                product[(i * rows) + j] = Dot(x.Slice(i * rank, rank), x.Slice(j * rank, rank));
            }
        }

        // The sum of 4 b residual A. Its product with X is the gradient, because A is symmetric.
        Array.Clear(slopes);
        T scale = T.CreateTruncating(4 * inverseTemperature);
        double sum = 0;
        for (int m = 0; m < measurements; m++)
        {
            ReadOnlySpan<T> sensor = sensors.AsSpan(m * slopes.Length, slopes.Length);
            T residual = SparseProduct.Dot<T>(sensor, product) - values[m];
            sum += double.CreateTruncating(residual * residual);
            SquaredNorm.AddGradient(sensor, slopes, scale * residual);
        }

        gradient.Clear();
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < rows; j++)
            {
                SquaredNorm.AddGradient(x.Slice(j * rank, rank), gradient.Slice(i * rank, rank), slopes[(i * rows) + j]);
            }
        }

        return inverseTemperature * sum;
    }

    private static T Dot(ReadOnlySpan<T> left, ReadOnlySpan<T> right)
    {
        T sum = T.Zero;
        for (int r = 0; r < left.Length; r++)
        {
            sum += left[r] * right[r];
        }

        return sum;
    }
}
