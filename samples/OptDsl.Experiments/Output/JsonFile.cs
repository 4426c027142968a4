namespace OptDsl.Experiments;

/// <summary>The file of an option <c>--json</c>: written whole or not at all.</summary>
internal static class JsonFile
{
    /// <exception cref="InputException">Nothing could be written there.</exception>
    internal static void Check(string? path)
    {
        if (path is null)
        {
            return;
        }

        if (Directory.Exists(path) || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
        {
            throw new InputException(
                $"--json {path}: {(Directory.Exists(path) ? "is a directory; name a file" : "its directory does not exist; create it")}.");
        }
    }

    internal static void Write(string path, byte[] text)
    {
        string partial = $"{path}.{Guid.NewGuid():N}.partial";
        try
        {
            File.WriteAllBytes(partial, text);
            File.Move(partial, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            File.Delete(partial);
            throw new InputException($"--json {path} cannot be written ({exception.Message.TrimEnd('.')}).", exception);
        }
    }
}
