namespace OptDsl.Experiments;

/// <summary>The files of a run.</summary>
internal static class ResultFiles
{
    internal const string Result = "result.json", Mask = "mask.npy", Report = "report.html", SingularValues = "singular-values.csv",
        RowIdentities = "rows.csv", ColumnIdentities = "columns.csv", ObservedCells = "observed.npy";

    internal static string PredictionOf(string model) => $"prediction-{model}.npy";

    internal static string RowFactorsOf(string model) => $"row-factors-{model}.npy";

    internal static string ColumnFactorsOf(string model) => $"column-factors-{model}.npy";

    internal static string SeriesOf(string model) => $"series-{model}.csv";

    /// <summary>Whether an entry of an output directory is one this command writes.</summary>
    internal static bool IsOurs(string path)
    {
        string name = Path.GetFileName(path);
        return !Directory.Exists(path)
            && (name is Result or Mask or Report or SingularValues or RowIdentities or ColumnIdentities or ObservedCells
                || (name.StartsWith("prediction-", StringComparison.Ordinal) && name.EndsWith(".npy", StringComparison.Ordinal))
                || (name.Contains("-factors-", StringComparison.Ordinal) && name.EndsWith(".npy", StringComparison.Ordinal))
                || (name.StartsWith("series-", StringComparison.Ordinal) && name.EndsWith(".csv", StringComparison.Ordinal)));
    }

    internal static void Write(
        string directory, CompletionResult result, RunRecord record, ITrainingProgress progress, CancellationToken cancellation)
    {
        string In(string name) => Path.Combine(directory, name);
        CompletionProblem problem = result.Problem;
        using (IProgressStage stage = progress.Begin("writing the observed cells"))
        {
            if (problem.Matrix.IsSmall)
            {
                WriteMask(In(Mask), problem, stage, cancellation);
            }
            else
            {
                WriteObserved(In(ObservedCells), problem, stage, cancellation);
            }
        }

        foreach (ModelResult model in result.Models)
        {
            string name = model.Settings.Name;
            using IProgressStage stage = progress.Begin($"{name}: writing");
            if (problem.Matrix.IsSmall)
            {
                NpyFile.Write(In(PredictionOf(name)), problem.Rows, problem.Columns, model.Completed.ComputeRows, stage, cancellation);
            }
            else
            {
                (float[] rowFactors, float[] columnFactors) = model.Completed.ComputeFactors();
                WriteFactors(In(RowFactorsOf(name)), rowFactors, problem.Rows, stage, cancellation);
                WriteFactors(In(ColumnFactorsOf(name)), columnFactors, problem.Columns, stage, cancellation);
            }

            SeriesCsv.Write(In(SeriesOf(name)), model.Series);
        }

        if (problem.Matrix is { RowIdentities: { } rows, ColumnIdentities: { } columns } && (rows.NeedIndex || columns.NeedIndex))
        {
            SeriesCsv.WriteIdentities(In(RowIdentities), rows);
            SeriesCsv.WriteIdentities(In(ColumnIdentities), columns);
        }

        SeriesCsv.WriteSingularValues(In(SingularValues), result);
        record.Write(In(Result));
        File.WriteAllText(In(Report), HtmlReport.Render(result));
    }

    private static void WriteMask(string path, CompletionProblem problem, IProgress<double> progress, CancellationToken cancellation)
    {
        int cell = 0;
        NpyFile.Write(path, problem.Rows, problem.Columns, (int first, Span<bool> rows) =>
        {
            rows.Clear();
            int end = first + (rows.Length / problem.Columns);
            for (; cell < problem.Uses.Length && problem.Matrix.RowOf(cell) < end; cell++)
            {
                rows[((problem.Matrix.RowOf(cell) - first) * problem.Columns) + problem.Matrix.ColumnOf(cell)] =
                    problem.Uses[cell] is CellUse.Training or CellUse.Validation;
            }
        }, progress, cancellation);
    }

    private static void WriteObserved(string path, CompletionProblem problem, IProgress<double> progress, CancellationToken cancellation)
    {
        int[] observed = problem.Find(CellUse.Training, CellUse.Validation);
        NpyFile.Write(path, observed.Length, 2, (int first, Span<int> rows) =>
        {
            for (int i = 0; i < rows.Length; i += 2)
            {
                int cell = observed[first + (i / 2)];
                (rows[i], rows[i + 1]) = (problem.Matrix.RowOf(cell), problem.Matrix.ColumnOf(cell));
            }
        }, progress, cancellation);
    }

    private static void WriteFactors(string path, float[] factors, int rows, IProgress<double> progress, CancellationToken cancellation)
    {
        int width = factors.Length / rows;
        NpyFile.Write(path, rows, width, (int first, Span<float> part) => factors.AsSpan(first * width, part.Length).CopyTo(part), progress,
            cancellation);
    }
}
