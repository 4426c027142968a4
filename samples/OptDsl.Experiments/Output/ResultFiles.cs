namespace OptDsl.Experiments;

/// <summary>The files of a run.</summary>
internal static class ResultFiles
{
    internal const string Result = "result.json", Mask = "mask.npy", Report = "report.html", SingularValues = "singular-values.csv",
        RowIdentities = "rows.csv", ColumnIdentities = "columns.csv";

    internal static string PredictionOf(string model) => $"prediction-{model}.npy";

    internal static string SeriesOf(string model) => $"series-{model}.csv";

    /// <summary>Whether an entry of an output directory is one this command writes.</summary>
    internal static bool IsOurs(string path)
    {
        string name = Path.GetFileName(path);
        return !Directory.Exists(path)
            && (name is Result or Mask or Report or SingularValues or RowIdentities or ColumnIdentities
                || (name.StartsWith("prediction-", StringComparison.Ordinal) && name.EndsWith(".npy", StringComparison.Ordinal))
                || (name.StartsWith("series-", StringComparison.Ordinal) && name.EndsWith(".csv", StringComparison.Ordinal)));
    }

    internal static void Write(string directory, CompletionResult result, RunRecord record, CancellationToken cancellation)
    {
        string In(string name) => Path.Combine(directory, name);
        CompletionProblem problem = result.Problem;
        bool[] observed = Array.ConvertAll(problem.Uses, use => use is CellUse.Training or CellUse.Validation);
        NpyFile.Write(In(Mask), observed, problem.Rows, problem.Columns);
        foreach (ModelResult model in result.Models)
        {
            cancellation.ThrowIfCancellationRequested();
            NpyFile.Write(In(PredictionOf(model.Settings.Name)), model.Prediction, problem.Rows, problem.Columns);
            SeriesCsv.Write(In(SeriesOf(model.Settings.Name)), model.Series);
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
}
