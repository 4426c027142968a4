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

/// <summary>Watches a save: every byte on its way to the file, and every step after them.</summary>
internal interface ISaveWatch
{
    Stream Over(Stream file);

    void Reached(SaveStep step);
}

/// <summary>
/// Replaces a file by a new one, and keeps the last: at every moment there is a whole file of that name, the old one or the new one,
/// also when the process or the machine ends there.
/// </summary>
/// <remarks>
/// The new file is written beside the old one and flushed to the disk. Then the old one gets the name <c>.previous</c> as a second name (a hard
/// link; a copy where the file system has none), and the new one takes its place by a rename, which is one step for those who look. On
/// Unix the directory is flushed then; Windows has no such call, and its renames are in the file system's journal.
/// </remarks>
internal static class AtomicFile
{
    /// <summary>Of the last file but one, after its name.</summary>
    internal const string Previous = ".previous";

    private const string Partial = ".partial", Link = ".link";

    /// <summary>Writes the file.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="write">Writes what it holds.</param>
    /// <param name="watch">A test's.</param>
    /// <param name="cancellation">Heeded until the new file takes its place.</param>
    /// <param name="keepPrevious">Whether the old file keeps its second name.</param>
    internal static void Write(string path, Action<Stream> write, ISaveWatch? watch, CancellationToken cancellation, bool keepPrevious = true)
    {
        path = Path.GetFullPath(path);
        cancellation.ThrowIfCancellationRequested();
        CleanUp(path);
        string stem = $"{path}.{Guid.NewGuid():N}", partial = stem + Partial, link = stem + Link;
        try
        {
            // Open until it has its name: nobody cleans up what is open. Deleting and renaming it meanwhile is allowed.
            using var file = new FileStream(partial, FileMode.CreateNew, FileAccess.Write, FileShare.Delete, bufferSize: 0);
            write(watch?.Over(file) ?? file);
            watch?.Reached(SaveStep.Written);
            file.Flush(flushToDisk: true);
            watch?.Reached(SaveStep.Flushed);
            cancellation.ThrowIfCancellationRequested();
            if (keepPrevious && File.Exists(path))
            {
                FileSystem.LinkOrCopy(path, link);
                watch?.Reached(SaveStep.Linked);
                File.Move(link, path + Previous, overwrite: true);
                watch?.Reached(SaveStep.PreviousKept);
            }

            File.Move(partial, path, overwrite: true);
            watch?.Reached(SaveStep.Renamed);
        }
        finally
        {
            // A rename of one name of a file over another name of it leaves both.
            File.Delete(link);
            File.Delete(partial);
        }

        FileSystem.SyncDirectory(Path.GetDirectoryName(path)!);
        watch?.Reached(SaveStep.DirectorySynced);
    }

    /// <summary>Deletes what a process left that was ended while it saved. What another one has open is in use.</summary>
    private static void CleanUp(string path)
    {
        string directory = Path.GetDirectoryName(path) ?? throw new ArgumentException($"'{path}' is the root of the file system; name a file in it.", nameof(path));
        foreach (string left in Directory.EnumerateFiles(directory, "*", new EnumerationOptions { MatchType = MatchType.Simple }))
        {
            if (!IsLeftOver(Path.GetFileName(left.AsSpan()), Path.GetFileName(path.AsSpan())))
            {
                continue;
            }

            try
            {
                using (new FileStream(left, FileMode.Open, FileAccess.Write, FileShare.None))
                {
                }

                File.Delete(left);
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
