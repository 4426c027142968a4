using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OptDsl.Linear;

namespace OptDsl.Models;

/// <summary>
/// The loss of a <see cref="BiasedFactorization{T}"/> against E observed entries. It is the mean of r^2 over the entries, where r is an
/// entry's residual, plus (biasPenalty (|b|^2 + |c|^2) + factorPenalty (|P|^2 + |Q|^2)) / E. A penalty therefore acts like that many
/// additional entries that pull every parameter toward zero.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <remarks>
/// <para>
/// Time and memory grow with the number of entries and the sides, not with rows times columns. With E entries at rank k, a gradient takes
/// some 6 E k floating-point operations. Per entry it reads a column's factors, and reads and writes their gradient: 3 E k elements in
/// total. It reads everything else once. If the columns fit in the second-level cache, the bandwidth of that cache is the bound; at rank 32
/// a gradient takes some 1.7 to 1.8 times that bound.
/// </para>
/// <para>
/// Penalties and their gradient take one pass over the parameters, which also initializes the gradients. Entries are visited by row, so a
/// row's factors and gradient stay in the first-level cache. The bits are the same on every machine. Nothing is allocated after
/// construction. Not thread-safe.
/// </para>
/// </remarks>
public sealed unsafe partial class BiasedCompletionLoss<T> : ILossModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // The number of entries of a row that are computed together, because the sums of one entry alone would wait for each other.
    private const int Together = 4;

    private readonly BiasedFactorization<T> factorization;
    private readonly double biasPenalty, factorPenalty;
    private readonly int[] rowStarts, columns;
    private readonly T[] targets;

    /// <summary>A loss over a list of observed entries.</summary>
    /// <param name="factorization">The factorization; its shape is the matrix's.</param>
    /// <param name="rows">The row of each entry, from 0, in any order.</param>
    /// <param name="columns">The column of each entry, from 0.</param>
    /// <param name="values">The value of each entry, finite. At least one entry; a cell given twice counts twice.</param>
    /// <param name="biasPenalty">The penalty on biases, as a number of entries; finite and not negative.</param>
    /// <param name="factorPenalty">The penalty on factors, as a number of entries; finite and not negative.</param>
    /// <exception cref="ArgumentException">The spans differ in length or are empty, or a value is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A row or column is outside the matrix, or a penalty is out of range.</exception>
    public BiasedCompletionLoss(BiasedFactorization<T> factorization, ReadOnlySpan<int> rows, ReadOnlySpan<int> columns,
        ReadOnlySpan<T> values, double biasPenalty = 0, double factorPenalty = 0)
    {
        ArgumentNullException.ThrowIfNull(factorization);
        CompletionChecks.Penalty(biasPenalty);
        CompletionChecks.Penalty(factorPenalty);
        if (rows.Length != values.Length || columns.Length != values.Length)
        {
            throw new ArgumentException(
                $"There are {rows.Length} rows, {columns.Length} columns and {values.Length} values; each entry needs one of each.",
                    nameof(values));
        }

        CompletionChecks.SomethingObserved(values.Length);
        rowStarts = new int[factorization.Rows + 1];
        for (int i = 0; i < values.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)rows[i], (uint)factorization.Rows, nameof(rows));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)columns[i], (uint)factorization.Columns, nameof(columns));
            CompletionChecks.Finite(values[i], rows[i], columns[i]);
            rowStarts[rows[i] + 1]++;
        }

        this.factorization = factorization;
        this.biasPenalty = biasPenalty / values.Length;
        this.factorPenalty = factorPenalty / values.Length;
        this.columns = new int[values.Length];
        targets = new T[values.Length];
        for (int row = 0; row < factorization.Rows; row++)
        {
            rowStarts[row + 1] += rowStarts[row];
        }

        int[] next = rowStarts.AsSpan(0, factorization.Rows).ToArray();
        for (int i = 0; i < values.Length; i++)
        {
            int place = next[rows[i]]++;
            this.columns[place] = columns[i];
            targets[place] = T.CreateTruncating(double.CreateTruncating(values[i]) - factorization.Mean);
        }
    }

    /// <summary>The number of observed entries.</summary>
    public int ObservedCount => targets.Length;

    /// <summary>The mean of r^2 at the last computation of the loss, without the penalties; NaN before the first.</summary>
    public double MeanSquare { get; private set; } = double.NaN;

    /// <inheritdoc/>
    public double ComputeLoss(ParameterBuffer<T> parameters) => Evaluate(parameters, wantsGradient: false);

    /// <inheritdoc/>
    public double ComputeGradient(ParameterBuffer<T> parameters)
    {
        factorization.Resolve(parameters);
        if (parameters.Count != (factorization.Rows + (long)factorization.Columns) * (factorization.Rank + 1))
        {
            // The buffer also holds tensors that do not belong to the factorization.
            parameters.Gradients.Clear();
        }

        return Evaluate(parameters, wantsGradient: true);
    }

    private double Evaluate(ParameterBuffer<T> parameters, bool wantsGradient)
    {
        factorization.Resolve(parameters);
        int rank = factorization.Rank;
        double squares = 0,
            penalties = Penalty(factorization.RowBias, biasPenalty, wantsGradient)
            + Penalty(factorization.ColumnBias, biasPenalty, wantsGradient)
            + Penalty(factorization.RowFactors, factorPenalty, wantsGradient)
            + Penalty(factorization.ColumnFactors, factorPenalty, wantsGradient);
        fixed (T* b = factorization.RowBias.ReadOnlyValues, c = factorization.ColumnBias.ReadOnlyValues,
            p = factorization.RowFactors.ReadOnlyValues, q = factorization.ColumnFactors.ReadOnlyValues)
        fixed (T* gb = factorization.RowBias.Gradients, gc = factorization.ColumnBias.Gradients, gp = factorization.RowFactors.Gradients,
            gq = factorization.ColumnFactors.Gradients)
        {
            for (int row = 0; row < factorization.Rows; row++)
            {
                var at = new Row(p + ((nint)row * rank), gp + ((nint)row * rank), q, gq, c, gc, b[row], gb + row, rank,
                    T.CreateTruncating(2.0 / targets.Length), wantsGradient);
                int entry = rowStarts[row], end = rowStarts[row + 1];
                if (rank == Registers * Vector256<T>.Count)
                {
                    squares += InRegisters(in at, entry, end);
                    continue;
                }

                for (; entry + Together <= end; entry += Together)
                {
                    squares += Four(in at, entry);
                }

                for (; entry < end; entry++)
                {
                    squares += One(in at, entry);
                }
            }
        }

        MeanSquare = squares / targets.Length;
        return MeanSquare + penalties;
    }

    /// <summary>Adds four entries of a row.</summary>
    private double Four(in Row at, int entry)
    {
        int c0 = columns[entry], c1 = columns[entry + 1], c2 = columns[entry + 2], c3 = columns[entry + 3];
        nint rank = at.Rank;
        T* q0 = at.Q + (c0 * rank), q1 = at.Q + (c1 * rank), q2 = at.Q + (c2 * rank), q3 = at.Q + (c3 * rank);
        Vector256<T> s0 = default, s1 = default, s2 = default, s3 = default;
        nint i = 0, whole = rank - Vector256<T>.Count;
        for (; i <= whole; i += Vector256<T>.Count)
        {
            Vector256<T> p = Vector256.Load(at.P + i);
            s0 += p * Vector256.Load(q0 + i);
            s1 += p * Vector256.Load(q1 + i);
            s2 += p * Vector256.Load(q2 + i);
            s3 += p * Vector256.Load(q3 + i);
        }

        T d0 = FourLanes.Sum(s0), d1 = FourLanes.Sum(s1), d2 = FourLanes.Sum(s2), d3 = FourLanes.Sum(s3);
        for (nint rest = i; rest < rank; rest++)
        {
            d0 += at.P[rest] * q0[rest];
            d1 += at.P[rest] * q1[rest];
            d2 += at.P[rest] * q2[rest];
            d3 += at.P[rest] * q3[rest];
        }

        T r0 = at.Bias + at.ColumnBias[c0] + d0 - targets[entry], r1 = at.Bias + at.ColumnBias[c1] + d1 - targets[entry + 1];
        T r2 = at.Bias + at.ColumnBias[c2] + d2 - targets[entry + 2], r3 = at.Bias + at.ColumnBias[c3] + d3 - targets[entry + 3];
        if (at.WantsGradient)
        {
            T g0 = r0 * at.Scale, g1 = r1 * at.Scale, g2 = r2 * at.Scale, g3 = r3 * at.Scale;
            *at.BiasGradient += g0 + g1 + (g2 + g3);
            at.ColumnBiasGradient[c0] += g0;
            at.ColumnBiasGradient[c1] += g1;
            at.ColumnBiasGradient[c2] += g2;
            at.ColumnBiasGradient[c3] += g3;
            T* t0 = at.GradientQ + (c0 * rank), t1 = at.GradientQ + (c1 * rank), t2 = at.GradientQ + (c2 * rank),
                t3 = at.GradientQ + (c3 * rank);
            Vector256<T> v0 = Vector256.Create(g0), v1 = Vector256.Create(g1), v2 = Vector256.Create(g2), v3 = Vector256.Create(g3);
            for (i = 0; i <= whole; i += Vector256<T>.Count)
            {
                // One column after the other, because the same column may occur twice.
                Vector256<T> p = Vector256.Load(at.P + i);
                Vector256<T> own = Vector256.Load(at.GradientP + i) + ((v0 * Vector256.Load(q0 + i)) + (v1 * Vector256.Load(q1 + i)))
                    + ((v2 * Vector256.Load(q2 + i)) + (v3 * Vector256.Load(q3 + i)));
                own.Store(at.GradientP + i);
                (Vector256.Load(t0 + i) + (v0 * p)).Store(t0 + i);
                (Vector256.Load(t1 + i) + (v1 * p)).Store(t1 + i);
                (Vector256.Load(t2 + i) + (v2 * p)).Store(t2 + i);
                (Vector256.Load(t3 + i) + (v3 * p)).Store(t3 + i);
            }

            for (; i < rank; i++)
            {
                at.GradientP[i] += (g0 * q0[i]) + (g1 * q1[i]) + ((g2 * q2[i]) + (g3 * q3[i]));
                t0[i] += g0 * at.P[i];
                t1[i] += g1 * at.P[i];
                t2[i] += g2 * at.P[i];
                t3[i] += g3 * at.P[i];
            }
        }

        return Square(r0) + Square(r1) + (Square(r2) + Square(r3));
    }

    private double One(in Row at, int entry)
    {
        int column = columns[entry];
        nint rank = at.Rank, i = 0, whole = rank - Vector256<T>.Count;
        T* q = at.Q + (column * rank);
        Vector256<T> sums = default;
        for (; i <= whole; i += Vector256<T>.Count)
        {
            sums += Vector256.Load(at.P + i) * Vector256.Load(q + i);
        }

        T dot = FourLanes.Sum(sums);
        for (; i < rank; i++)
        {
            dot += at.P[i] * q[i];
        }

        T residual = at.Bias + at.ColumnBias[column] + dot - targets[entry];
        if (at.WantsGradient)
        {
            T g = residual * at.Scale;
            *at.BiasGradient += g;
            at.ColumnBiasGradient[column] += g;
            int length = (int)rank;
            SquaredNorm.AddGradient(new ReadOnlySpan<T>(q, length), new Span<T>(at.GradientP, length), g);
            SquaredNorm.AddGradient(new ReadOnlySpan<T>(at.P, length), new Span<T>(at.GradientQ + (column * rank), length), g);
        }

        return Square(residual);
    }

    /// <summary>Returns a tensor's penalty. If wanted, its gradient is written, and the entries' gradients are added to it later.</summary>
    private static double Penalty(ParameterTensor<T> tensor, double weight, bool wantsGradient)
    {
        if (wantsGradient && weight > 0)
        {
            return weight * SquaredNorm.WithGradient(tensor.ReadOnlyValues, tensor.Gradients, T.CreateTruncating(2 * weight));
        }

        if (wantsGradient)
        {
            tensor.Gradients.Clear();
        }

        return weight > 0 ? weight * SquaredNorm.Of(tensor.ReadOnlyValues) : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Square(T residual)
    {
        double wide = double.CreateTruncating(residual);
        return wide * wide;
    }

    /// <summary>What all entries of a row share.</summary>
    private readonly struct Row(T* p, T* gradientP, T* q, T* gradientQ, T* columnBias, T* columnBiasGradient, T bias, T* biasGradient,
        nint rank, T scale, bool wantsGradient)
    {
        internal readonly T* P = p, GradientP = gradientP, Q = q, GradientQ = gradientQ, ColumnBias = columnBias,
            ColumnBiasGradient = columnBiasGradient, BiasGradient = biasGradient;
        internal readonly T Bias = bias, Scale = scale;
        internal readonly nint Rank = rank;
        internal readonly bool WantsGradient = wantsGradient;
    }
}
