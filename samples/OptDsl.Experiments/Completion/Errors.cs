namespace OptDsl.Experiments;

/// <summary>Root mean square errors of a prediction, by what cells are for.</summary>
/// <param name="Training">Over the cells trained on.</param>
/// <param name="Validation">Over those set aside; NaN if there are none.</param>
/// <param name="Observed">Over both.</param>
/// <param name="Hidden">Over the hidden cells.</param>
internal readonly record struct Errors(double Training, double Validation, double Observed, double Hidden)
{
    private const int Parts = (int)CellUse.Hidden + 1;

    /// <summary>Measures a prediction of the known cells in the data's own units.</summary>
    internal static Errors Of(CompletionProblem problem, ReadOnlySpan<float> prediction)
    {
        Span<double> squares = stackalloc double[Parts];
        squares.Clear();
        ReadOnlySpan<float> values = problem.Matrix.Values;
        ReadOnlySpan<CellUse> uses = problem.Uses;
        for (int i = 0; i < prediction.Length; i++)
        {
            double difference = (double)prediction[i] - values[i];
            squares[(int)uses[i]] += difference * difference;
        }

        return FromSquares(problem, squares);
    }

    /// <summary>Measures a model whose values at the known cells come one by one.</summary>
    internal static Errors Of(CompletionProblem problem, Func<int, double> predict)
    {
        Span<double> squares = stackalloc double[Parts];
        squares.Clear();
        for (int i = 0; i < problem.Uses.Length; i++)
        {
            double difference = predict(i) - problem.Matrix.Values[i];
            squares[(int)problem.Uses[i]] += difference * difference;
        }

        return FromSquares(problem, squares);
    }

    /// <summary>Measures a completed matrix by its rows, which are those that are written.</summary>
    internal static Errors Of(
        CompletionProblem problem, ICompletedMatrix completed, IProgress<double> progress, CancellationToken cancellation)
    {
        int columns = problem.Columns, cell = 0;
        float[] prediction = new float[problem.Uses.Length];
        float[] block = new float[Math.Min(problem.Rows, RowBlocks.RowsPerBlock(columns)) * columns];
        RowBlocks.ForEach(problem.Rows, columns, (first, count) =>
        {
            completed.ComputeRows(first, block.AsSpan(0, count * columns));
            for (; cell < prediction.Length && problem.Matrix.RowOf(cell) < first + count; cell++)
            {
                prediction[cell] = block[((problem.Matrix.RowOf(cell) - first) * columns) + problem.Matrix.ColumnOf(cell)];
            }
        }, progress, cancellation);
        return Of(problem, prediction);
    }

    /// <summary>From sums of squares, indexed by <see cref="CellUse"/>.</summary>
    private static Errors FromSquares(CompletionProblem problem, ReadOnlySpan<double> squares)
    {
        double training = squares[(int)CellUse.Training], validation = squares[(int)CellUse.Validation];
        return new(
            Math.Sqrt(training / problem.TrainingCount),
            Math.Sqrt(validation / problem.ValidationCount),
            Math.Sqrt((training + validation) / problem.ObservedCount),
            Math.Sqrt(squares[(int)CellUse.Hidden] / problem.HiddenCount));
    }
}
