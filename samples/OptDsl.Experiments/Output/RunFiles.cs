namespace OptDsl.Experiments;

/// <summary>The files of one system's run.</summary>
internal sealed class RunFiles(VerificationSystem system, IReadOnlyList<VerificationRow> rows, ExhibitList exhibits)
{
    internal const string Report = "report.html";

    private const string Rows = "result.json";

    internal string System => system.Id;

    /// <summary>Whether an entry of an output directory is one the command writes.</summary>
    internal static bool IsOurs(string path)
    {
        string name = Path.GetFileName(path);
        return !Directory.Exists(path)
            && (name is Report or Rows || (name.StartsWith('S') && name.Contains('-', StringComparison.Ordinal) && Path.GetExtension(name) is ".svg" or ".csv"));
    }

    internal void Write(string directory)
    {
        File.WriteAllBytes(Path.Combine(directory, Rows), VerificationJson.Render(rows));
        foreach (DataTable table in exhibits.Tables)
        {
            File.WriteAllText(Path.Combine(directory, $"{system.Id}-{table.Name}.csv"), table.ToCsv());
        }

        foreach (Picture picture in exhibits.Pictures)
        {
            File.WriteAllText(Path.Combine(directory, $"{system.Id}-{picture.Name}-points.csv"), picture.ToCsv());
        }

        WritePictures(directory);
        File.WriteAllText(Path.Combine(directory, Report), RunReport.Render(system, rows, exhibits));
    }

    internal string NameOf(Picture picture) => $"{system.Id}-{picture.Name}.svg";

    internal void WritePictures(string directory)
    {
        foreach (Picture picture in exhibits.Pictures)
        {
            File.WriteAllText(Path.Combine(directory, NameOf(picture)), picture.ToSvg() + "\n");
        }
    }
}
