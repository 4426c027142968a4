using System.Runtime.InteropServices;

namespace OptDsl.Checkpoints;

/// <summary>File operations that .NET does not offer: a second name for a file, and the flush of a directory.</summary>
internal static partial class FileSystem
{
    private const int ReadOnly = 0, InvalidArgument = 22;

    // EWOULDBLOCK of Linux and of macOS, and the sharing violation of Windows.
    private const int WouldBlock = 11, WouldBlockOnMac = 35, SharingViolation = unchecked((int)0x80070020);

    /// <summary>Opens a file to read.</summary>
    /// <exception cref="IOException">There is no such file, or the path is a directory.</exception>
    internal static FileStream OpenRead(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        RequireNoDirectory(path);
        return File.OpenRead(path);
    }

    /// <summary>The full name of the file to replace. A symbolic link is followed, even if there is no file at its end.</summary>
    /// <exception cref="ArgumentException">The path is the root.</exception>
    /// <exception cref="IOException">The path is a directory, or symbolic links form a cycle.</exception>
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

    /// <summary>The permissions of a file; null if there is no file, and on Windows.</summary>
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

    /// <summary>Whether a file could not be opened because another handle has it open.</summary>
    internal static bool IsInUse(IOException exception) => exception.HResult is WouldBlock or WouldBlockOnMac or SharingViolation;

    /// <summary>Deletes a file, if it exists and no other handle has locked it, while holding its lock.</summary>
    /// <exception cref="IOException">The file is in use.</exception>
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
            // The owner has deleted it already.
        }
    }

    /// <summary>Gives a file a second name. If the file system has no second names, makes a copy and flushes it to the disk.</summary>
    /// <returns>False if there is no such file.</returns>
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

    /// <summary>Flushes the names in a directory to the disk.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="sync">Flushes an open handle; null for the system's call, a replacement in tests.</param>
    /// <exception cref="IOException">The disk reported an error.</exception>
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
            // Some file systems cannot flush a directory, and report that.
            error = sync(directory) == 0 || Marshal.GetLastPInvokeError() is InvalidArgument ? 0 : Marshal.GetLastPInvokeError();
            _ = Close(directory);
        }

        if (error != 0)
        {
            throw new IOException(
                $"'{path}' cannot be flushed to the disk ({Marshal.GetPInvokeErrorMessage(error)}); the files saved there are complete, but may not survive a power failure.");
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
