namespace OptDsl.Checkpoints;

/// <summary>The steps of a save that a test can watch.</summary>
internal enum SaveStep
{
    Written,
    Flushed,
    Linked,
    PreviousKept,
    Renamed,
    DirectorySynced,
}

/// <summary>The file operations of a save. A test replaces them to watch every byte and step, or the calls to the disk.</summary>
internal interface ISaveWatch
{
    /// <summary>Creates the new file.</summary>
    FileStream Create(string path, FileStreamOptions options) => new(path, options);

    /// <summary>Wraps the new file in the stream that the content is written to.</summary>
    Stream Over(Stream file) => file;

    /// <summary>Flushes the names in a directory to the disk.</summary>
    void SyncDirectory(string path) => FileSystem.SyncDirectory(path);

    /// <summary>Called after each step.</summary>
    void Reached(SaveStep step)
    {
    }
}

/// <summary>Uses the disk without a watch.</summary>
internal sealed class Unwatched : ISaveWatch
{
    internal static ISaveWatch Instance { get; } = new Unwatched();
}

/// <summary>
/// Replaces a file with a new one and keeps the previous one. At every moment, even if the process or the machine stops, the path has a
/// whole file: the old one or the new one.
/// </summary>
/// <remarks>
/// The new file is written beside the old one and flushed to the disk. Then the old file gets a second name that ends in <c>.previous</c>:
/// a hard link, or a copy if the file system has no hard links. Then a rename puts the new file in its place, which other readers see as
/// one step. On Unix the directory is flushed after that. Windows has no such call; its renames are in the file system's journal. A
/// symbolic link stays, and the file it leads to is replaced. On Unix the new file has the permissions of the old one. Several threads or
/// processes may save to the same path at the same time: each replaces the whole file, and the last one's file stays.
/// </remarks>
internal static class AtomicFile
{
    /// <summary>The ending of the name of the previous file.</summary>
    internal const string Previous = ".previous";

    private const string Partial = ".partial", Link = ".link";
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes the file.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="watch">The watch of a test, or null.</param>
    /// <param name="cancellation">Checked until the new file takes its place.</param>
    /// <param name="keepPrevious">Whether the old file is kept under its second name.</param>
    internal static void Write(string path, Action<Stream> write, ISaveWatch? watch, CancellationToken cancellation,
        bool keepPrevious = true)
    {
        watch ??= Unwatched.Instance;
        path = FileSystem.FileToReplace(path);
        cancellation.ThrowIfCancellationRequested();
        CleanUp(path);
        UnixFileMode? mode = FileSystem.ModeOf(path);
        using FileStream file = Create(path, mode, watch, out string stem);
        string partial = stem + Partial, link = stem + Link;
        try
        {
            write(watch.Over(file));
            watch.Reached(SaveStep.Written);
            FileSystem.SetMode(file, mode);
            file.Flush(flushToDisk: true);
            watch.Reached(SaveStep.Flushed);
            cancellation.ThrowIfCancellationRequested();
            if (keepPrevious && FileSystem.LinkOrCopy(path, link))
            {
                watch.Reached(SaveStep.Linked);
                File.Move(link, path + Previous, overwrite: true);
                watch.Reached(SaveStep.PreviousKept);
            }

            File.Move(partial, path, overwrite: true);
            watch.Reached(SaveStep.Renamed);
        }
        finally
        {
            // A rename between two names of the same file leaves both names.
            File.Delete(link);
            File.Delete(partial);
        }

        watch.SyncDirectory(Path.GetDirectoryName(path)!);
        watch.Reached(SaveStep.DirectorySynced);
    }

    /// <summary>
    /// Creates the new file. It stays open, and on Unix locked, until it has its name; no save deletes a locked file. Deleting and renaming
    /// it while it is open is allowed. On Unix the file is created first and locked afterwards. Another save may delete it in between; then
    /// it is created again.
    /// </summary>
    private static FileStream Create(string path, UnixFileMode? mode, ISaveWatch watch, out string stem)
    {
        const int Tries = 100;
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.Delete,
            BufferSize = 0
        };
        if (!OperatingSystem.IsWindows() && mode is not null)
        {
            options.UnixCreateMode = Owner;
        }

        for (int tries = 1; ; tries++)
        {
            stem = $"{path}.{Guid.NewGuid():N}";
            try
            {
                FileStream file = watch.Create(stem + Partial, options);
                if (tries == Tries || File.Exists(stem + Partial))
                {
                    return file;
                }

                file.Dispose();
            }
            catch (IOException exception) when (tries < Tries && FileSystem.IsInUse(exception))
            {
            }
        }
    }

    /// <summary>
    /// Deletes temporary files that a killed process left behind. A file that another process has open is in use and stays.
    /// </summary>
    private static void CleanUp(string path)
    {
        foreach (string left in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, "*",
            new EnumerationOptions { MatchType = MatchType.Simple }))
        {
            if (!IsLeftOver(Path.GetFileName(left.AsSpan()), Path.GetFileName(path.AsSpan())))
            {
                continue;
            }

            try
            {
                // The second name of an old file is in use as long as the new file with the same stem is.
                if (left.EndsWith(Link, StringComparison.Ordinal))
                {
                    FileSystem.DeleteUnused(string.Concat(left.AsSpan(0, left.Length - Link.Length), Partial));
                    File.Delete(left);
                }
                else
                {
                    FileSystem.DeleteUnused(left);
                }
            }
            catch (IOException)
            {
                // The file is in use, or gone.
            }
            catch (UnauthorizedAccessException)
            {
                // The file belongs to another user.
            }
        }
    }

    /// <summary>Whether a file name is the other name followed by a point, 32 digits and one of the two endings.</summary>
    private static bool IsLeftOver(ReadOnlySpan<char> name, ReadOnlySpan<char> of)
    {
        const int Digits = 32;
        return name.StartsWith(of) && name[of.Length..] is ['.', .. var rest] && rest.Length > Digits
            && rest[Digits..] is Partial or Link && Guid.TryParseExact(rest[..Digits], "N", out _);
    }
}
