using System.Text;

namespace OptDsl.Experiments;

/// <summary>
/// The page of the experiments: what stands between <c>&lt;!-- S24 --&gt;</c> and <c>&lt;!-- /S24 --&gt;</c> is written by a run of S24,
/// the words around it by hand.
/// </summary>
internal sealed class DocumentationPage
{
    private readonly string path, shown;

    /// <summary>Opens the page.</summary>
    /// <exception cref="InputException">It cannot be read, or has no place for one of the systems.</exception>
    internal DocumentationPage(string path, IEnumerable<VerificationSystem> systems)
    {
        shown = path;
        this.path = Path.GetFullPath(path);
        string text = Read();
        foreach (VerificationSystem system in systems)
        {
            Place(text, system.Id);
        }
    }

    /// <summary>Writes one system's tables, and its pictures into the folder <c>pictures</c> beside the page.</summary>
    internal void Write(RunFiles files, IReadOnlyList<VerificationRow> rows, ExhibitList exhibits)
    {
        string pictures = Path.Combine(Path.GetDirectoryName(path)!, "pictures");
        var section = new StringBuilder();
        foreach (DataTable table in exhibits.Tables)
        {
            section.Append("\n**").Append(table.Title).Append("**\n\n").Append(table.ToMarkdown());
        }

        foreach (Picture picture in exhibits.Pictures)
        {
            section.Append("\n![").Append(picture.Title).Append("](pictures/").Append(files.NameOf(picture)).Append(")\n");
        }

        var claims = new DataTable("claims", "", "claimed", "measured", "bounds");
        foreach (VerificationRow row in rows)
        {
            claims.Row(row.Claim.Text, row.Measured, row.Claim.Expected);
        }

        section.Append('\n').Append(claims.ToMarkdown());
        foreach (string note in exhibits.Notes)
        {
            section.Append('\n').Append(note).Append('\n');
        }

        try
        {
            Directory.CreateDirectory(pictures);
            files.WritePictures(pictures);
            string text = Read();
            (int start, int end) = Place(text, files.System);
            File.WriteAllText(path, text[..start] + section + "\n" + text[end..]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"--docs {shown} cannot be written ({exception.Message.TrimEnd('.')}).", exception);
        }
    }

    private string Read()
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"--docs {shown} cannot be read ({exception.Message.TrimEnd('.')}).", exception);
        }
    }

    private (int Start, int End) Place(string text, string system)
    {
        string open = $"<!-- {system} -->\n", close = $"<!-- /{system} -->";
        int start = text.IndexOf(open, StringComparison.Ordinal), end = text.IndexOf(close, StringComparison.Ordinal);
        return start >= 0 && end > start
            ? (start + open.Length, end)
            : throw new InputException(
                $"--docs {shown} has no place for {system}; write <!-- {system} --> and <!-- /{system} --> on lines of their own where its tables belong.");
    }
}
