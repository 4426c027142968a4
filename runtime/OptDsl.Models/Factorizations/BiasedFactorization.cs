using System.Numerics;
using System.Runtime.InteropServices;
using OptDsl.Linear;

namespace OptDsl.Models;

/// <summary>
/// The matrix mean + b_i + c_k + p_i . q_k: a mean, a bias for each row and column, and factors of a rank (Koren, Bell and Volinsky 2009).
/// Of ratings the biases explain most; the factors what remains.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <remarks>
/// It holds shapes, not parameters: <see cref="AddTo"/> adds the tensors to a buffer. (rows + columns) (rank + 1) parameters.
/// </remarks>
public sealed class BiasedFactorization<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly string[] names;
    private readonly NamedTensors<T> tensors;

    /// <summary>A factorization of a shape.</summary>
    /// <param name="rows">At least 1.</param>
    /// <param name="columns">At least 1.</param>
    /// <param name="rank">Of the factors, at least 1.</param>
    /// <param name="mean">The number that biases and factors are added to; finite. It is not trained.</param>
    /// <param name="name">
    /// Prefix of the tensors' names: <c>name.rowBias</c>, <c>name.columnBias</c>, <c>name.rows</c>, <c>name.columns</c>.
    /// </param>
    /// <exception cref="ArgumentException">A blank name, or a mean that is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A side or the rank is below 1, or a factor has more elements than an array can hold.
    /// </exception>
    public BiasedFactorization(int rows, int columns, int rank, double mean = 0, string name = "ratings")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)Math.Max(rows, columns) * rank, Array.MaxLength, nameof(rank));
        if (!double.IsFinite(mean))
        {
            throw new ArgumentException($"The mean is {mean}; it must be finite.", nameof(mean));
        }

        (Rows, Columns, Rank, Mean) = (rows, columns, rank, mean);
        names = [$"{name}.rowBias", $"{name}.columnBias", $"{name}.rows", $"{name}.columns"];
        tensors = new NamedTensors<T>(names, [[rows], [columns], [rows, rank], [columns, rank]]);
    }

    /// <summary>Rows of the matrix.</summary>
    public int Rows { get; }

    /// <summary>Columns of the matrix.</summary>
    public int Columns { get; }

    /// <summary>Of the factors.</summary>
    public int Rank { get; }

    /// <summary>What biases and factors are added to.</summary>
    public double Mean { get; }

    /// <summary>Adds the biases, one per row and one per column, and the factors, rows x rank and columns x rank, all zero.</summary>
    /// <param name="parameters">The buffer.</param>
    /// <param name="group">The group whose rule value steps them.</param>
    /// <exception cref="ArgumentException">A name is taken.</exception>
    /// <exception cref="InvalidOperationException">An optimizer is bound to the buffer.</exception>
    public void AddTo(ParameterBuffer<T> parameters, string group = ParameterGroup.Default)
    {
        ArgumentNullException.ThrowIfNull(parameters);

        // The factors first: at the buffer's beginning, where the rank is a whole number of vectors, none of them lies across two cache
        // lines.
        parameters.Add(names[2], [Rows, Rank], group);
        parameters.Add(names[3], [Columns, Rank], group);
        parameters.Add(names[0], [Rows], group);
        parameters.Add(names[1], [Columns], group);
    }

    /// <summary>Gives the factors independent normal values of mean zero; the biases stay.</summary>
    /// <param name="parameters">A buffer with the tensors.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="scale">The standard deviation; finite and not negative. Zero factors have zero gradients and stay so.</param>
    /// <exception cref="ArgumentException">A tensor is missing or of another shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="scale"/> is negative or not finite.</exception>
    public void Initialize(ParameterBuffer<T> parameters, ulong seed, double scale)
    {
        Resolve(parameters);
        RowFactors.FillGaussian(seed, scale);
        ColumnFactors.FillGaussian(seed, scale);
    }

    /// <summary>One entry of the matrix.</summary>
    /// <param name="parameters">A buffer with the tensors.</param>
    /// <param name="row">From 0.</param>
    /// <param name="column">From 0.</param>
    /// <exception cref="ArgumentException">A tensor is missing or of another shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The entry is outside the matrix.</exception>
    public double ComputeValue(ParameterBuffer<T> parameters, int row, int column)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows, nameof(row));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)column, (uint)Columns, nameof(column));
        Resolve(parameters);
        ReadOnlySpan<T> p = RowFactors.ReadOnlyValues.Slice(row * Rank, Rank), q = ColumnFactors.ReadOnlyValues.Slice(column * Rank, Rank);
        double sum = Mean + double.CreateTruncating(RowBias.ReadOnlyValues[row])
            + double.CreateTruncating(ColumnBias.ReadOnlyValues[column]);
        for (int i = 0; i < Rank; i++)
        {
            sum += double.CreateTruncating(p[i]) * double.CreateTruncating(q[i]);
        }

        return sum;
    }

    /// <summary>
    /// The singular values of the part p_i . q_k, without mean and biases, in descending order, from the factors: that matrix itself is not
    /// computed.
    /// </summary>
    /// <param name="parameters">A buffer with the tensors.</param>
    /// <param name="progress">Told the share that is done, from 0 to 1; may be null.</param>
    /// <param name="cancellation">Observed on the way.</param>
    /// <returns>As many as the least of the sides and the rank; the other singular values are exactly zero.</returns>
    /// <remarks>The error and the time are those of <see cref="Spectrum.SingularValuesOfProduct"/>.</remarks>
    /// <exception cref="ArgumentException">
    /// A tensor is missing or of another shape, or a factor has an element that is not finite.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public double[] ComputeSingularValues(ParameterBuffer<T> parameters, IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        Resolve(parameters);
        return Spectrum.SingularValuesOfProduct(new(RowFactors.ReadOnlyValues, Rows, Rank),
            new MatrixView<T>(ColumnFactors.ReadOnlyValues, Columns, Rank).Transposed, progress, cancellation);
    }

    /// <summary>The factors of the columns in double, q_k[i] at i columns + k, for <see cref="ComputeRow"/>.</summary>
    internal double[] WidenColumnFactors()
    {
        double[] wide = new double[checked(Rank * Columns)];
        ReadOnlySpan<T> factors = ColumnFactors.ReadOnlyValues;
        for (int k = 0; k < Columns; k++)
        {
            for (int i = 0; i < Rank; i++)
            {
                wide[(i * Columns) + k] = double.CreateTruncating(factors[(k * Rank) + i]);
            }
        }

        return wide;
    }

    /// <summary>A row of the matrix, to the bits of <see cref="ComputeValue"/>.</summary>
    internal void ComputeRow(int row, ReadOnlySpan<double> columnFactors, Span<double> values)
    {
        double start = Mean + double.CreateTruncating(RowBias.ReadOnlyValues[row]);
        ReadOnlySpan<T> biases = ColumnBias.ReadOnlyValues, p = RowFactors.ReadOnlyValues.Slice(row * Rank, Rank);
        for (int k = 0; k < values.Length; k++)
        {
            values[k] = start + double.CreateTruncating(biases[k]);
        }

        Span<Vector<double>> sums = MemoryMarshal.Cast<double, Vector<double>>(values);
        for (int i = 0; i < p.Length; i++)
        {
            double factor = double.CreateTruncating(p[i]);
            ReadOnlySpan<double> q = columnFactors.Slice(i * Columns, Columns);
            ReadOnlySpan<Vector<double>> vectors = MemoryMarshal.Cast<double, Vector<double>>(q);
            var factors = new Vector<double>(factor);
            for (int k = 0; k < sums.Length; k++)
            {
                sums[k] += factors * vectors[k];
            }

            for (int k = sums.Length * Vector<double>.Count; k < values.Length; k++)
            {
                values[k] += factor * q[k];
            }
        }
    }

    internal ParameterTensor<T> RowBias => tensors[0];

    internal ParameterTensor<T> ColumnBias => tensors[1];

    internal ParameterTensor<T> RowFactors => tensors[2];

    internal ParameterTensor<T> ColumnFactors => tensors[3];

    internal void Resolve(ParameterBuffer<T> parameters) => tensors.In(parameters);
}
