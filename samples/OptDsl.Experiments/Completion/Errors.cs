namespace OptDsl.Experiments;

/// <summary>Root mean square errors of a prediction, by what cells are for.</summary>
/// <param name="Training">Over the cells trained on.</param>
/// <param name="Validation">Over those set aside; NaN if there are none.</param>
/// <param name="Observed">Over both.</param>
/// <param name="Hidden">Over the hidden cells.</param>
internal readonly record struct Errors(double Training, double Validation, double Observed, double Hidden)
{
    /// <summary>Measures a prediction in the data's own units.</summary>
    internal static Errors Of(CompletionProblem problem, ReadOnlySpan<float> prediction)
    {
        Span<double> squares = stackalloc double[4];
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

    /// <summary>From sums of squares, indexed by <see cref="CellUse"/>.</summary>
    internal static Errors FromSquares(CompletionProblem problem, ReadOnlySpan<double> squares)
    {
        double training = squares[(int)CellUse.Training], validation = squares[(int)CellUse.Validation];
        return new(
            Math.Sqrt(training / problem.TrainingCount),
            Math.Sqrt(validation / problem.ValidationCount),
            Math.Sqrt((training + validation) / problem.ObservedCount),
            Math.Sqrt(squares[(int)CellUse.Hidden] / problem.HiddenCount));
    }
}
