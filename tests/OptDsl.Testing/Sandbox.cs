namespace OptDsl.Testing;

/// <summary>A directory for one test, which goes with it.</summary>
public sealed class Sandbox : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("optdsl-test-");

    /// <summary>Where a command writes.</summary>
    public string Output => In("result");

    /// <summary>A path in the directory.</summary>
    public string In(string name) => Path.Combine(directory.FullName, name);

    /// <summary>The names of everything in the directory, hidden siblings too.</summary>
    public IEnumerable<string> Entries => directory.EnumerateFileSystemInfos().Select(entry => entry.Name).Order(StringComparer.Ordinal);

    /// <summary>Writes a file of text.</summary>
    /// <returns>Its path.</returns>
    public string Write(string name, string text)
    {
        File.WriteAllText(In(name), text);
        return In(name);
    }

    /// <summary>Writes a file of bytes.</summary>
    /// <returns>Its path.</returns>
    public string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(In(name), bytes);
        return In(name);
    }

    /// <summary>Removes the directory.</summary>
    public void Dispose() => directory.Delete(recursive: true);
}
