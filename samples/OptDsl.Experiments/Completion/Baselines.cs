namespace OptDsl.Experiments;

/// <summary>What every model should beat.</summary>
internal static class Baselines
{
    internal static IReadOnlyList<BaselineResult> All(CompletionProblem problem)
        => [Of(problem, "column-mean", ColumnMean(problem)), Of(problem, "zero-fill", new float[problem.Uses.Length])];

    private static BaselineResult Of(CompletionProblem problem, string name, float[] prediction) => new(name, prediction, Errors.Of(problem, prediction));

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
}
