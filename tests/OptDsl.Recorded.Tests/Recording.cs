using System.Runtime.CompilerServices;

namespace OptDsl.Recorded.Tests;

/// <summary>
/// Digests that earlier code wrote, by name, one per line of a file in <c>Data</c>. With <c>OPTDSL_RECORD=1</c> the tests write what
/// they find instead of comparing it.
/// </summary>
internal sealed class Recording
{
    private static readonly Lock Writing = new();

    private readonly string path;
    private readonly SortedDictionary<string, string> digests = new(StringComparer.Ordinal);

    internal Recording(string file)
    {
        path = PathOf(file);
        if (File.Exists(path))
        {
            foreach (string line in File.ReadLines(path))
            {
                int space = line.LastIndexOf(' ');
                digests.Add(line[..space], line[(space + 1)..]);
            }
        }
    }

    internal static bool IsWriting => Environment.GetEnvironmentVariable("OPTDSL_RECORD") == "1";

    /// <summary>The names that were recorded.</summary>
    internal IReadOnlyCollection<string> Names => digests.Keys;

    /// <summary>Requires that a digest is the recorded one.</summary>
    internal void Require(string name, Digest digest)
    {
        string found = digest.ToString();
        if (IsWriting)
        {
            lock (Writing)
            {
                digests[name] = found;
                File.WriteAllLines(path, digests.Select(pair => $"{pair.Key} {pair.Value}"));
            }

            return;
        }

        Assert.True(digests.TryGetValue(name, out string? recorded),
            $"{name} has no line in {Path.GetFileName(path)}; record what is new as CONTRIBUTING.md says.");
        Assert.True(
            recorded == found,
            $"{name} no longer gives the bits recorded in {Path.GetFileName(path)}: recorded {recorded}, found {found}. Find the change that did it. Only if the change is meant, "
            + "record the bits anew as CONTRIBUTING.md says, and say why in CHANGELOG.md.");
    }

    /// <summary>A file among the recorded data.</summary>
    internal static string PathOf(string file, [CallerFilePath] string here = "")
        => Path.Combine(Path.GetDirectoryName(here)!, "Data", file);
}
