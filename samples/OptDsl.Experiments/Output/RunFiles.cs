using OptDsl.Models;

namespace OptDsl.Experiments;

/// <summary>The files of one system's run.</summary>
internal sealed class RunFiles(VerificationSystem system, IReadOnlyList<VerificationRow> rows, ExhibitList exhibits)
{
    internal const string Report = "report.html";

    private const string Rows = "result.json";

    internal string System => system.Id;

    /// <summary>A system's own directory in that of all, where nothing but its files is replaced.</summary>
    internal static OutputDirectory DirectoryOf(VerificationSystem system, string output) => new(Path.Combine(output, system.Id), entry =>
    {
        string name = Path.GetFileName(entry);
        return !Directory.Exists(entry)
            && (name is Report or Rows
                || (name.StartsWith(system.Id + "-", StringComparison.Ordinal) && Path.GetExtension(name) is ".svg" or ".csv" or ".npz"));
    });

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

        foreach ((string name, Samples<double> samples) in exhibits.Draws)
        {
            string stem = Path.Combine(directory, $"{system.Id}-{name}");
            StanCsv.Write(samples, stem);
            NpzArchive.Write(samples, stem + ".npz");
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
