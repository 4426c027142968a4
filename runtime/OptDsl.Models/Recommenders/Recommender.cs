using System.Numerics.Tensors;
using OptDsl.Linear;
using OptDsl.Rules;

namespace OptDsl.Models;

/// <summary>
/// Predicts ratings: a mean, biases of rows and columns, and factors, with an l2 penalty, trained by Adam and stopped where the error of
/// entries that were set aside is least (Koren, Bell and Volinsky 2009). Rows are who rates, columns what is rated.
/// </summary>
/// <remarks>Not thread-safe while it is fitted; predictions may be asked for by several threads after.</remarks>
public sealed class Recommender : IDisposable
{
    private readonly BiasedFactorization<float> factorization;
    private readonly ParameterBuffer<float> parameters = new();
    private readonly double mean, scale, least, most;

    private Recommender(int rows, int columns, int rank, ReadOnlySpan<float> values)
    {
        double sum = 0, squares = 0;
        (least, most) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (float value in values)
        {
            sum += value;
            (least, most) = (Math.Min(least, value), Math.Max(most, value));
        }

        mean = sum / values.Length;
        foreach (float value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        scale = Math.Sqrt(squares / values.Length) is > 0 and var deviation ? deviation : 1;
        factorization = new BiasedFactorization<float>(rows, columns, rank);
        factorization.AddTo(parameters);
    }

    /// <summary>Rows it knows of.</summary>
    public int Rows => factorization.Rows;

    /// <summary>Columns it knows of.</summary>
    public int Columns => factorization.Columns;

    /// <summary>Numbers per row and per column that <see cref="ComputeFactors"/> fills: the rank and two.</summary>
    public int Width => factorization.Rank + 2;

    /// <summary>What was measured while training; the parameters are those of the least validation error among them.</summary>
    public IReadOnlyList<RecommenderProgress> Course { get; private set; } = [];

    /// <summary>The measurement whose parameters were kept.</summary>
    public RecommenderProgress Kept { get; private set; }

    /// <summary>Whether it was cancelled before it would have stopped by itself.</summary>
    public bool WasCancelled { get; private set; }

    /// <summary>Fits a recommender to entries.</summary>
    /// <param name="rows">The row of each entry, from 0, in any order.</param>
    /// <param name="columns">The column of each entry, from 0.</param>
    /// <param name="values">The value of each entry, finite. At least one.</param>
    /// <param name="rowCount">Rows, those without an entry too; at least 1.</param>
    /// <param name="columnCount">Columns, those without an entry too; at least 1.</param>
    /// <param name="settings">How; the defaults if null.</param>
    /// <param name="setAside">As many as entries, true where one is set aside to stop by; or empty, for a share at random.</param>
    /// <param name="progress">Told every measurement, and given the recommender as it is there; may be null.</param>
    /// <param name="cancellation">Ends the training; what was best until then is returned.</param>
    /// <exception cref="ArgumentException">
    /// The spans differ in length or are empty, a value is not finite, or the split leaves nothing to train on.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A row, column or setting is out of its range.</exception>
    /// <exception cref="NonFiniteException">The training diverged; try a lower rate.</exception>
    public static Recommender Fit(
        ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, ReadOnlySpan<float> values, int rowCount, int columnCount,
        RecommenderSettings? settings = null, ReadOnlySpan<bool> setAside = default,
            Action<RecommenderProgress, Recommender>? progress = null, CancellationToken cancellation = default)
    {
        settings ??= new();
        settings.Validate();
        if (rows.Length != values.Length || columns.Length != values.Length || (setAside.Length != 0 && setAside.Length != values.Length))
        {
            throw new ArgumentException(
                $"There are {rows.Length} rows, {columns.Length} columns, {values.Length} values and {setAside.Length} marks; each entry needs one of each, or none a mark.", nameof(values));
        }

        CompletionChecks.SomethingObserved(values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            CompletionChecks.Finite(values[i], rows[i], columns[i]);
        }

        var random = new Xoshiro256(settings.Seed, stream: 3);
        Entries training = new(), validation = new();
        for (int i = 0; i < values.Length; i++)
        {
            bool aside = setAside.IsEmpty ? random.NextDouble() < settings.ValidationShare : setAside[i];
            (aside ? validation : training).Add(rows[i], columns[i], values[i]);
        }

        if (training.Count == 0)
        {
            throw new ArgumentException($"Of {values.Length} entries none is left to train on; give more, or set fewer aside.",
                setAside.IsEmpty ? nameof(settings) : nameof(setAside));
        }

        var recommender = new Recommender(rowCount, columnCount, settings.Rank, training.Values);
        recommender.Train(training, validation, settings, progress, cancellation);
        return recommender;
    }

    /// <summary>
    /// The rating predicted, within those observed. Of a row or column without an entry it is what the others' biases say.
    /// </summary>
    /// <param name="row">From 0.</param>
    /// <param name="column">From 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The entry is outside the matrix.</exception>
    public double Predict(int row, int column)
        => Math.Clamp(mean + (scale * factorization.ComputeValue(parameters, row, column)), least, most);

    /// <summary>The columns whose ratings are predicted highest for a row, best first; of equal ones the lower column.</summary>
    /// <param name="row">From 0.</param>
    /// <param name="count">How many at most; at least 0.</param>
    /// <param name="skip">Columns to leave out, such as those the row has rated; may be null.</param>
    /// <exception cref="ArgumentOutOfRangeException">The row is outside the matrix, or the count below 0.</exception>
    public IReadOnlyList<(int Column, double Value)> Recommend(int row, int count, Predicate<int>? skip = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows, nameof(row));

        // By the number before it is clamped: several may be clamped to the highest.
        return [.. Enumerable.Range(0, Columns).Where(column => skip is null || !skip(column))
            .Select(column => (Column: column, Value: factorization.ComputeValue(parameters, row, column)))
            .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Column).Take(count)
            .Select(pair => (pair.Column, Predict(row, pair.Column)))];
    }

    /// <summary>The part of all predictions that is the factors', without mean and biases: rows x columns, row after row.</summary>
    /// <param name="matrix">Receives it.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public void ComputeInteraction(Span<float> matrix)
    {
        CompletionChecks.Length(matrix.Length, Rows, Columns, nameof(matrix));
        factorization.Resolve(parameters);
        int rank = factorization.Rank;
        new MatrixProduct<float>()
            .Multiply(new(factorization.RowFactors.ReadOnlyValues, Rows, rank),
                new MatrixView<float>(factorization.ColumnFactors.ReadOnlyValues, Columns, rank).Transposed, matrix);
        TensorPrimitives.Multiply(matrix, (float)scale, matrix);
    }

    /// <summary>
    /// The singular values of what <see cref="ComputeInteraction"/> computes, in descending order, from the factors: the matrix itself is
    /// not computed.
    /// </summary>
    /// <param name="progress">Told the share that is done, from 0 to 1; may be null.</param>
    /// <param name="cancellation">Observed on the way.</param>
    /// <returns>As many as the least of rows, columns and rank; the other singular values are exactly zero.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public double[] ComputeSingularValues(IProgress<double>? progress = null, CancellationToken cancellation = default)
        => Array.ConvertAll(factorization.ComputeSingularValues(parameters, progress, cancellation), value => value * scale);

    /// <summary>Predicts all ratings of some rows, each as <see cref="Predict"/> does.</summary>
    /// <param name="first">The first row, from 0.</param>
    /// <param name="ratings">Receives whole rows of <see cref="Columns"/> ratings, one after the other.</param>
    /// <remarks>Many rows at a time share a copy of the columns' factors.</remarks>
    /// <exception cref="ArgumentException">The span does not hold whole rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The rows are not all rows it knows of.</exception>
    public void PredictRows(int first, Span<float> ratings)
    {
        CompletionChecks.WholeRows(first, ratings.Length, Rows, Columns, nameof(first), nameof(ratings));
        factorization.Resolve(parameters);
        double[] columnFactors = factorization.WidenColumnFactors(), row = new double[Columns];
        for (int i = 0; i < ratings.Length / Columns; i++)
        {
            factorization.ComputeRow(first + i, columnFactors, row);
            Span<float> rounded = ratings.Slice(i * Columns, Columns);
            for (int k = 0; k < row.Length; k++)
            {
                rounded[k] = (float)Math.Clamp(mean + (scale * row[k]), least, most);
            }
        }
    }

    /// <summary>
    /// All predictions as a product of two thin matrices R C^T, up to rounding and before they are limited to the range of the observed
    /// ratings: mean, biases and scale are columns of these.
    /// </summary>
    /// <param name="rowFactors">Receives R, <see cref="Rows"/> x <see cref="Width"/>, row after row.</param>
    /// <param name="columnFactors">Receives C, <see cref="Columns"/> x <see cref="Width"/>, row after row.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public void ComputeFactors(Span<float> rowFactors, Span<float> columnFactors)
    {
        CompletionChecks.Length(rowFactors.Length, Rows, Width, nameof(rowFactors));
        CompletionChecks.Length(columnFactors.Length, Columns, Width, nameof(columnFactors));
        factorization.Resolve(parameters);
        int rank = factorization.Rank;
        for (int i = 0; i < Rows; i++)
        {
            Span<float> row = rowFactors.Slice(i * Width, Width);
            TensorPrimitives.Multiply(factorization.RowFactors.ReadOnlyValues.Slice(i * rank, rank), (float)scale, row);
            row[rank] = (float)(mean + (scale * factorization.RowBias.ReadOnlyValues[i]));
            row[rank + 1] = 1;
        }

        for (int k = 0; k < Columns; k++)
        {
            Span<float> column = columnFactors.Slice(k * Width, Width);
            factorization.ColumnFactors.ReadOnlyValues.Slice(k * rank, rank).CopyTo(column);
            column[rank] = 1;
            column[rank + 1] = (float)(scale * factorization.ColumnBias.ReadOnlyValues[k]);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => parameters.Dispose();

    private void Train(Entries training, Entries validation, RecommenderSettings settings,
        Action<RecommenderProgress, Recommender>? progress, CancellationToken cancellation)
    {
        var loss = new BiasedCompletionLoss<float>(factorization, training.Rows, training.Columns, training.Scaled(mean, scale),
            settings.BiasPenalty, settings.FactorPenalty);
        factorization.Initialize(parameters, settings.Seed, settings.InitialScale);
        Optimizer<float, Adam> adam = parameters.Optimize(new Adam(settings.LearningRate));
        var course = new List<RecommenderProgress>();
        float[] best = parameters.ReadOnlyValues.ToArray();
        double leastError = double.PositiveInfinity;
        int idle = 0;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        void Measure(DescentPoint point)
        {
            var measured = new RecommenderProgress(point.Iteration, scale * Math.Sqrt(loss.MeanSquare), Error(validation));
            course.Add(measured);
            progress?.Invoke(measured, this);

            // Without entries set aside the last is the best.
            double error = validation.Count > 0 ? measured.ValidationError : -point.Iteration;
            idle++;
            if (error < leastError)
            {
                (leastError, idle, Kept) = (error, 0, measured);
                parameters.ReadOnlyValues.CopyTo(best);
            }

            if (idle >= settings.Patience)
            {
                stop.Cancel();
            }
        }

        Descent.Run(loss, adam, new DescentSettings { Iterations = settings.Iterations, MeasureEvery = settings.MeasureEvery }, Measure,
            stop.Token);
        WasCancelled = cancellation.IsCancellationRequested;
        Course = course;
        int place = 0;
        foreach (ParameterTensor<float> tensor in parameters.Tensors)
        {
            tensor.FillFrom(best.AsSpan(place, tensor.Length));
            place += tensor.Length;
        }
    }

    private double Error(Entries entries)
    {
        double squares = 0;
        for (int i = 0; i < entries.Count; i++)
        {
            double difference = Predict(entries.Rows[i], entries.Columns[i]) - entries.Values[i];
            squares += difference * difference;
        }

        return Math.Sqrt(squares / entries.Count);
    }

    /// <summary>A part of the entries.</summary>
    private sealed class Entries
    {
        private readonly List<int> rows = [], columns = [];
        private readonly List<float> values = [];

        internal int Count => values.Count;

        internal Span<int> Rows => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(rows);

        internal Span<int> Columns => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(columns);

        internal Span<float> Values => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(values);

        internal void Add(int row, int column, float value)
        {
            rows.Add(row);
            columns.Add(column);
            values.Add(value);
        }

        internal float[] Scaled(double mean, double scale) => [.. values.Select(value => (float)((value - mean) / scale))];
    }
}
