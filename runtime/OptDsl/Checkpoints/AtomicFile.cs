namespace OptDsl.Checkpoints;

/// <summary>What has been done when a save is watched by a test.</summary>
internal enum SaveStep
{
    Written,
    Flushed,
    Linked,
    PreviousKept,
    Renamed,
    DirectorySynced,
}

/// <summary>What a save goes through: the disk, unless a test watches every byte and step, or what is asked of the disk.</summary>
internal interface ISaveWatch
{
    /// <summary>Makes the file that is written.</summary>
    FileStream Create(string path, FileStreamOptions options) => new(path, options);

    /// <summary>What the content is written to, over that file.</summary>
    Stream Over(Stream file) => file;

    /// <summary>Makes the names in a directory last.</summary>
    void SyncDirectory(string path) => FileSystem.SyncDirectory(path);

    /// <summary>Called after each step.</summary>
    void Reached(SaveStep step)
    {
    }
}

/// <summary>The disk, and nobody who watches.</summary>
internal sealed class Unwatched : ISaveWatch
{
    internal static ISaveWatch Instance { get; } = new Unwatched();
}

/// <summary>
/// Replaces a file by a new one, and keeps the last: at every moment there is a whole file of that name, the old one or the new one,
/// also when the process or the machine ends there.
/// </summary>
/// <remarks>
/// The new file is written beside the old one and flushed to the disk. Then the old one gets the name <c>.previous</c> as a second name (a
/// hard link; a copy where the file system has none), and the new one takes its place by a rename, which is one step for those who look. On
/// Unix the directory is flushed then; Windows has no such call, and its renames are in the file system's journal. A symbolic link stays,
/// and the file it leads to is replaced; on Unix the new file has the permissions of the old one. Several may save to one path at the same
/// time: each replaces the file by a whole one, and the last one's stays.
/// </remarks>
internal static class AtomicFile
{
    /// <summary>Of the last file but one, after its name.</summary>
    internal const string Previous = ".previous";

    private const string Partial = ".partial", Link = ".link";
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes the file.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="write">Writes what it holds.</param>
    /// <param name="watch">A test's.</param>
    /// <param name="cancellation">Heeded until the new file takes its place.</param>
    /// <param name="keepPrevious">Whether the old file keeps its second name.</param>
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
            // A rename of one name of a file over another name of it leaves both.
            File.Delete(link);
            File.Delete(partial);
        }

        watch.SyncDirectory(Path.GetDirectoryName(path)!);
        watch.Reached(SaveStep.DirectorySynced);
    }

    /// <summary>
    /// Makes the new file. It is open, and on Unix locked, until it has its name, and nobody cleans up what is locked; deleting and
    /// renaming it meanwhile is allowed. On Unix it is made first and locked after: who cleans up in between takes it for left over, and it
    /// is made again.
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

    /// <summary>Deletes what a process left that was ended while it saved. What another one has open is in use.</summary>
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
                // The second name of an old file is in use as long as the new file that belongs to it is.
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
                // In use, or gone.
            }
            catch (UnauthorizedAccessException)
            {
                // Somebody else's.
            }
        }
    }

    /// <summary>Whether it is the name, a point, 32 digits and one of the two endings.</summary>
    private static bool IsLeftOver(ReadOnlySpan<char> name, ReadOnlySpan<char> of)
    {
        const int Digits = 32;
        return name.StartsWith(of) && name[of.Length..] is ['.', .. var rest] && rest.Length > Digits
            && rest[Digits..] is Partial or Link && Guid.TryParseExact(rest[..Digits], "N", out _);
    }
}
