using System.Runtime.CompilerServices;
using System.Text;
using DiffPlex;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;
using Xunit;

namespace OptDsl.Testing;

/// <summary>
/// Compares text with a file beside the test, by Verify's conventions: <c>Class.Method.verified.cs</c> is what was
/// reviewed, <c>.received.cs</c> is written where they differ. To accept a change, rename the one to the other.
/// </summary>
public static class Snapshot
{
    /// <summary>Requires that the text is the reviewed one.</summary>
    public static void Verify(string text, string extension = "cs", [CallerFilePath] string file = "",
        [CallerMemberName] string method = "")
    {
        string name = Path.Combine(Path.GetDirectoryName(file)!, $"{Path.GetFileNameWithoutExtension(file)}.{method}");
        string verified = $"{name}.verified.{extension}", received = $"{name}.received.{extension}";
        string expected = File.Exists(verified) ? File.ReadAllText(verified) : "";
        if (text == expected)
        {
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        Assert.Fail($"{Path.GetFileName(received)} differs from the reviewed {Path.GetFileName(verified)}:\n{Difference(expected, text)}");
    }

    private static string Difference(string expected, string actual)
    {
        DiffPaneModel lines = new InlineDiffBuilder(new Differ()).BuildDiffModel(expected, actual);
        return string.Join("\n", lines.Lines
            .Where(line => line.Type is ChangeType.Inserted or ChangeType.Deleted)
            .Select(line => (line.Type == ChangeType.Inserted ? "+ " : "- ") + line.Text)
            .Take(40));
    }
}
