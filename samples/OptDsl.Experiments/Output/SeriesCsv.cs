using System.Globalization;
using System.Text;

namespace OptDsl.Experiments;

/// <summary>Writes what was measured during a run as comma-separated text.</summary>
internal static class SeriesCsv
{
    internal static void Write(string path, IReadOnlyList<SeriesPoint> series)
    {
        var text = new StringBuilder("iteration,seconds,trainRmse,validationRmse,hiddenRmse\n");
        foreach (SeriesPoint point in series)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{point.Iteration},{point.Seconds:0.000},{point.Errors.Training:R},{Number(point.Errors.Validation)},{point.Errors.Hidden:R}\n");
        }

        File.WriteAllText(path, text.ToString());
    }

    /// <summary>
    /// One column per model, and the data's own if all cells are known. A model narrower than another has no more singular values than its
    /// width; the others are zero.
    /// </summary>
    internal static void WriteSingularValues(string path, CompletionResult result)
    {
        var columns = result.Models.Select(model => (model.Settings.Name, model.SingularValues)).ToList();
        if (result.TrueSingularValues is double[] truth)
        {
            columns.Add(("data", truth));
        }

        var text = new StringBuilder("index," + string.Join(",", columns.Select(column => column.Name)) + "\n");
        for (int i = 0; i < columns.Max(column => column.SingularValues.Length); i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i + 1}");
            foreach ((_, double[] values) in columns)
            {
                text.Append(CultureInfo.InvariantCulture, $",{(i < values.Length ? values[i] : 0):R}");
            }

            text.Append('\n');
        }

        File.WriteAllText(path, text.ToString());
    }

    /// <summary>What the input calls each row or column of the arrays.</summary>
    internal static void WriteIdentities(string path, Identities identities)
    {
        var text = new StringBuilder("place,identity\n");
        for (int i = 0; i < identities.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i},{Field(identities.At(i))}\n");
        }

        File.WriteAllText(path, text.ToString());
    }

    /// <summary>A text as one field.</summary>
    internal static string Field(string text)
        => text.AsSpan().ContainsAny(",\"") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    // An empty field, as elsewhere, for a number there is not.
    private static string Number(double value) => double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);
}
