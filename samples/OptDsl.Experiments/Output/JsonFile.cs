namespace OptDsl.Experiments;

/// <summary>The file of an option <c>--json</c>: written whole or not at all.</summary>
internal static class JsonFile
{
    private static readonly string[] DeviceDirectories = ["/dev", "/dev/fd", "/proc/self/fd"];

    /// <summary>Refuses, before any work is done, a place where the file could not be put.</summary>
    /// <exception cref="InputException">Nothing could be written there.</exception>
    internal static void Check(string? path)
    {
        if (path is null)
        {
            return;
        }

        if (string.IsNullOrWhiteSpace(path))
        {
            throw new InputException("--json is blank; name a file.");
        }

        if (Directory.Exists(path) || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
        {
            throw new InputException(
                $"--json {path}: {(Directory.Exists(path) ? "is a directory; name a file" : "its directory does not exist; create it")}.");
        }

        Guarded(path, target =>
        {
            // A file moved to a device's place would replace the device.
            if (DeviceDirectories.Contains(Path.GetDirectoryName(target)))
            {
                throw new InputException($"--json {path}: is a device; name a file.");
            }

            WriteBeside(target, [], File.Delete);
        });
    }

    internal static void Write(string path, byte[] text)
        => Guarded(path, target => WriteBeside(target, text, partial => File.Move(partial, target, overwrite: true)));

    private static void WriteBeside(string target, byte[] text, Action<string> finish)
    {
        string partial = $"{target}.{Guid.NewGuid():N}.partial";
        try
        {
            File.WriteAllBytes(partial, text);
            finish(partial);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    private static void Guarded(string path, Action<string> action)
    {
        try
        {
            action(Links.Target(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputException($"--json {path} cannot be written ({exception.Message.TrimEnd('.')}); name another file.", exception);
        }
    }
}
