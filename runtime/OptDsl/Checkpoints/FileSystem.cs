using System.Runtime.InteropServices;

namespace OptDsl.Checkpoints;

/// <summary>What .NET's files do not offer: a second name of a file, and the flush of a directory.</summary>
internal static partial class FileSystem
{
    private const int ReadOnly = 0, InvalidArgument = 22;

    // EWOULDBLOCK of Linux and of macOS, and Windows' sharing violation.
    private const int WouldBlock = 11, WouldBlockOnMac = 35, SharingViolation = unchecked((int)0x80070020);

    /// <summary>Opens a file to read.</summary>
    /// <exception cref="IOException">There is none, or the path is a directory.</exception>
    internal static FileStream OpenRead(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        RequireNoDirectory(path);
        return File.OpenRead(path);
    }

    /// <summary>The full name of the file to replace: what a symbolic link leads to, be there a file or not.</summary>
    /// <exception cref="ArgumentException">The path is the root.</exception>
    /// <exception cref="IOException">The path is a directory, or links lead in a circle.</exception>
    internal static string FileToReplace(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        path = Path.GetFullPath(path);
        if (Path.GetDirectoryName(path) is null)
        {
            throw new ArgumentException($"'{path}' is the root of the file system; name a file in it.", nameof(path));
        }

        RequireNoDirectory(path);
        return new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
    }

    /// <summary>The permissions of a file; null where there is none, and on Windows.</summary>
    internal static UnixFileMode? ModeOf(string path)
    {
        try
        {
            return OperatingSystem.IsWindows() || !File.Exists(path) ? null : File.GetUnixFileMode(path);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    internal static void SetMode(FileStream file, UnixFileMode? mode)
    {
        if (!OperatingSystem.IsWindows() && mode is { } given)
        {
            File.SetUnixFileMode(file.SafeFileHandle, given);
        }
    }

    /// <summary>Whether a file could not be opened because another handle has it.</summary>
    internal static bool IsInUse(IOException exception) => exception.HResult is WouldBlock or WouldBlockOnMac or SharingViolation;

    /// <summary>Deletes a file that no handle has locked, if there is one, while having it locked.</summary>
    /// <exception cref="IOException">It is in use.</exception>
    internal static void DeleteUnused(string path)
    {
        try
        {
            new FileStream(path,
                new FileStreamOptions
                {
                    Access = FileAccess.Write,
                    Share = FileShare.None,
                    BufferSize = 0,
                    Options = FileOptions.DeleteOnClose
                }).Dispose();
        }
        catch (FileNotFoundException)
        {
            // Its owner was quicker.
        }
    }

    /// <summary>Gives a file a second name; or makes a copy of it, flushed to the disk, where there can be none.</summary>
    /// <returns>False where there is no such file.</returns>
    internal static bool LinkOrCopy(string path, string name)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        if (!OperatingSystem.IsWindows() && MakeLink(path, name) == 0)
        {
            return true;
        }

        try
        {
            File.Copy(path, name);
        }
        catch (FileNotFoundException)
        {
            return false;
        }

        using var copy = new FileStream(name, FileMode.Open, FileAccess.Write);
        copy.Flush(flushToDisk: true);
        return true;
    }

    /// <summary>Makes the names in a directory last.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="sync">Flushes what a handle is open for; a test's, or null for the system's.</param>
    /// <exception cref="IOException">The disk could not.</exception>
    internal static void SyncDirectory(string path, Func<int, int>? sync = null)
    {
        sync ??= Sync;
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int directory = Open(path, ReadOnly);
        int error = directory < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (directory >= 0)
        {
            // Some file systems have no such flush for directories, and say so.
            error = sync(directory) == 0 || Marshal.GetLastPInvokeError() is InvalidArgument ? 0 : Marshal.GetLastPInvokeError();
            _ = Close(directory);
        }

        if (error != 0)
        {
            throw new IOException(
                $"'{path}' cannot be flushed to the disk ({Marshal.GetPInvokeErrorMessage(error)}); what was saved there is whole, but may not outlast a loss of power.");
        }
    }

    private static void RequireNoDirectory(string path)
    {
        if (Directory.Exists(path))
        {
            throw new IOException($"'{path}' is a directory; name a file in it.");
        }
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeLink(string path, string name);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int file);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
