namespace OptDsl.Experiments;

/// <summary>What every model should beat.</summary>
internal static class Baselines
{
    internal static IReadOnlyList<BaselineResult> All(CompletionProblem problem)
        => [Of(problem, "column-mean", ColumnMean(problem)), Of(problem, "biases", Biases(problem)),
            Of(problem, "zero-fill", new float[problem.Uses.Length])];

    private static BaselineResult Of(CompletionProblem problem, string name, float[] prediction)
        => new(name, prediction, Errors.Of(problem, prediction));

    /// <summary>The mean of the observed cells of the column; of all observed cells where the column has none.</summary>
    private static float[] ColumnMean(CompletionProblem problem)
    {
        double[] sums = new double[problem.Columns];
        int[] counts = new int[problem.Columns];
        for (int i = 0; i < problem.Uses.Length; i++)
        {
            if (problem.Uses[i] is CellUse.Training or CellUse.Validation)
            {
                sums[i % problem.Columns] += problem.Matrix.Values[i];
                counts[i % problem.Columns]++;
            }
        }

        double mean = sums.Sum() / counts.Sum();
        float[] prediction = new float[problem.Uses.Length];
        for (int i = 0; i < prediction.Length; i++)
        {
            int column = i % problem.Columns;
            prediction[i] = (float)(counts[column] > 0 ? sums[column] / counts[column] : mean);
        }

        return prediction;
    }

    /// <summary>
    /// The mean of the observed cells, a number for each column and one for each row: the least squares of such sums, each drawn to zero as
    /// if by five more cells, by turns until they stay.
    /// </summary>
    private static float[] Biases(CompletionProblem problem)
    {
        const double Prior = 5;
        const int Turns = 30;
        int[] observed = [.. Enumerable.Range(0, problem.Uses.Length)
            .Where(i => problem.Uses[i] is CellUse.Training or CellUse.Validation)];
        double mean = observed.Average(i => problem.Matrix.Values[i]);
        double[] rows = new double[problem.Rows], columns = new double[problem.Columns];
        void Turn(double[] own, double[] others, Func<int, int> place, Func<int, int> other)
        {
            double[] sums = new double[own.Length];
            int[] counts = new int[own.Length];
            foreach (int i in observed)
            {
                sums[place(i)] += problem.Matrix.Values[i] - mean - others[other(i)];
                counts[place(i)]++;
            }

            for (int i = 0; i < own.Length; i++)
            {
                own[i] = sums[i] / (counts[i] + Prior);
            }
        }

        for (int turn = 0; turn < Turns; turn++)
        {
            Turn(columns, rows, i => i % problem.Columns, i => i / problem.Columns);
            Turn(rows, columns, i => i / problem.Columns, i => i % problem.Columns);
        }

        float[] prediction = new float[problem.Uses.Length];
        for (int i = 0; i < prediction.Length; i++)
        {
            prediction[i] = (float)(mean + rows[i / problem.Columns] + columns[i % problem.Columns]);
        }

        return prediction;
    }
}
