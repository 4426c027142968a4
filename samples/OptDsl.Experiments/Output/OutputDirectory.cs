namespace OptDsl.Experiments;

/// <summary>
/// A directory that is written as a whole or not at all: into a sibling first, which is then moved into its place. Only an
/// earlier result of ours is ever replaced.
/// </summary>
internal sealed class OutputDirectory
{
    private readonly string path, shown;
    private readonly Func<string, bool> isOurs;

    /// <param name="path">The directory.</param>
    /// <param name="isOurs">Whether an entry of it is one the command writes.</param>
    internal OutputDirectory(string path, Func<string, bool> isOurs)
    {
        this.isOurs = isOurs;
        shown = path;
        try
        {
            this.path = Links.Target(path);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException or IOException)
        {
            throw new InputException($"--output {path} is not a path ({exception.Message.TrimEnd('.')}).", exception);
        }
    }

    /// <summary>Refuses, before any work is done, a place where the results could not be put.</summary>
    /// <exception cref="InputException">There is a file, or a directory with files of somebody else, or no permission to write.</exception>
    internal void Check()
    {
        if (File.Exists(path))
        {
            throw new InputException($"--output {shown} is a file; name a directory.");
        }

        if (path != Path.TrimEndingDirectorySeparator(Path.GetFullPath(shown)) && !Directory.Exists(path))
        {
            throw new InputException($"--output {shown} is a link to {path}, which does not exist; create it, or remove the link.");
        }

        if (Path.GetDirectoryName(path) is not string parent)
        {
            throw new InputException($"--output {shown} is the root of the file system; name a directory in it.");
        }

        Guarded(() =>
        {
            if (Directory.Exists(path)
                && Directory.EnumerateFileSystemEntries(path).FirstOrDefault(entry => !isOurs(entry)) is string foreign)
            {
                throw new InputException(
                    $"--output {shown} holds {Path.GetFileName(foreign)}, which this command did not write; name an empty or new directory.");
            }

            string[] missing = [.. Missing(parent)];
            string probe = Sibling("probe");
            Directory.CreateDirectory(probe);
            Directory.Delete(probe);
            foreach (string created in missing)
            {
                Directory.Delete(created);
            }
        });
    }

    /// <summary>Writes the directory.</summary>
    /// <param name="write">Fills the directory it is given.</param>
    /// <param name="cancellation">Observed until the moment of the move.</param>
    /// <exception cref="InputException">It cannot be written; nothing is left behind.</exception>
    internal void Write(Action<string> write, CancellationToken cancellation) => Guarded(() =>
    {
        Check();
        string[] missing = [.. Missing(Path.GetDirectoryName(path)!)];
        string staging = Sibling("partial"), old = Sibling("old");
        try
        {
            Directory.CreateDirectory(staging);
            write(staging);
            cancellation.ThrowIfCancellationRequested();
            if (Directory.Exists(path))
            {
                Directory.Move(path, old);
            }

            try
            {
                Directory.Move(staging, path);
            }
            catch when (Directory.Exists(old))
            {
                Directory.Move(old, path);
                throw;
            }
        }
        catch
        {
            DeleteIfThere(staging);
            foreach (string created in missing.Where(Directory.Exists))
            {
                Directory.Delete(created);
            }

            throw;
        }

        DeleteIfThere(old);
    });

    private static void DeleteIfThere(string directory)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>The directory and its ancestors that do not exist, innermost first.</summary>
    private static IEnumerable<string> Missing(string directory)
    {
        for (string? at = directory; at is not null && !Directory.Exists(at); at = Path.GetDirectoryName(at))
        {
            yield return at;
        }
    }

    private string Sibling(string purpose)
        => Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.{purpose}");

    private void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"--output {shown} cannot be written ({exception.Message.TrimEnd('.')}).", exception);
        }
    }
}
