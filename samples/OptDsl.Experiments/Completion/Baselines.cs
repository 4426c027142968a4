namespace OptDsl.Experiments;

/// <summary>What every model should beat.</summary>
internal static class Baselines
{
    internal static IReadOnlyList<BaselineResult> All(CompletionProblem problem, CancellationToken cancellation)
        => [Of(problem, "column-mean", ColumnMean(problem)), Of(problem, "biases", Biases(problem, cancellation)),
            Of(problem, "zero-fill", new float[problem.Uses.Length])];

    private static BaselineResult Of(CompletionProblem problem, string name, float[] prediction)
        => new(name, Errors.Of(problem, prediction));

    /// <summary>The mean of the observed cells of the column; of all observed cells where the column has none.</summary>
    private static float[] ColumnMean(CompletionProblem problem)
    {
        CellMatrix matrix = problem.Matrix;
        double[] sums = new double[problem.Columns];
        int[] counts = new int[problem.Columns];
        for (int i = 0; i < problem.Uses.Length; i++)
        {
            if (problem.Uses[i] is CellUse.Training or CellUse.Validation)
            {
                sums[matrix.ColumnOf(i)] += matrix.Values[i];
                counts[matrix.ColumnOf(i)]++;
            }
        }

        double mean = sums.Sum() / counts.Sum();
        float[] prediction = new float[problem.Uses.Length];
        for (int i = 0; i < prediction.Length; i++)
        {
            int column = matrix.ColumnOf(i);
            prediction[i] = (float)(counts[column] > 0 ? sums[column] / counts[column] : mean);
        }

        return prediction;
    }

    /// <summary>
    /// The mean of the observed cells, a number for each column and one for each row: the least squares of such sums, each drawn to zero as
    /// if by five more cells, by turns until they stay.
    /// </summary>
    private static float[] Biases(CompletionProblem problem, CancellationToken cancellation)
    {
        const double Prior = 5;
        const int Turns = 30;
        CellMatrix matrix = problem.Matrix;
        int[] observed = problem.Find(CellUse.Training, CellUse.Validation);
        int[] rowOf = Array.ConvertAll(observed, matrix.RowOf), columnOf = Array.ConvertAll(observed, matrix.ColumnOf);
        double mean = observed.Average(i => matrix.Values[i]);
        double[] rows = new double[problem.Rows], columns = new double[problem.Columns];
        void Turn(double[] own, double[] others, int[] place, int[] other)
        {
            cancellation.ThrowIfCancellationRequested();
            double[] sums = new double[own.Length];
            int[] counts = new int[own.Length];
            for (int i = 0; i < observed.Length; i++)
            {
                sums[place[i]] += matrix.Values[observed[i]] - mean - others[other[i]];
                counts[place[i]]++;
            }

            for (int i = 0; i < own.Length; i++)
            {
                own[i] = sums[i] / (counts[i] + Prior);
            }
        }

        for (int turn = 0; turn < Turns; turn++)
        {
            Turn(columns, rows, columnOf, rowOf);
            Turn(rows, columns, rowOf, columnOf);
        }

        float[] prediction = new float[problem.Uses.Length];
        for (int i = 0; i < prediction.Length; i++)
        {
            prediction[i] = (float)(mean + rows[matrix.RowOf(i)] + columns[matrix.ColumnOf(i)]);
        }

        return prediction;
    }
}
