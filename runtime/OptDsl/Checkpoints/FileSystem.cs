using System.Runtime.InteropServices;

namespace OptDsl.Checkpoints;

/// <summary>What .NET's files do not offer: a second name of a file, and the flush of a directory.</summary>
internal static partial class FileSystem
{
    private const int ReadOnly = 0, InvalidArgument = 22;

    /// <summary>A second name of a file, or a copy of it flushed to the disk where there can be none.</summary>
    internal static void LinkOrCopy(string path, string name)
    {
        if (!OperatingSystem.IsWindows() && MakeLink(path, name) == 0)
        {
            return;
        }

        File.Copy(path, name);
        using var copy = new FileStream(name, FileMode.Open, FileAccess.Write);
        copy.Flush(flushToDisk: true);
    }

    /// <summary>Makes the names in a directory last.</summary>
    /// <exception cref="IOException">The disk could not.</exception>
    internal static void SyncDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int directory = Open(path, ReadOnly);
        int error = directory < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (directory >= 0)
        {
            // Some file systems have no such flush for directories, and say so.
            error = Sync(directory) == 0 || Marshal.GetLastPInvokeError() is InvalidArgument ? 0 : Marshal.GetLastPInvokeError();
            _ = Close(directory);
        }

        if (error != 0)
        {
            throw new IOException($"'{path}' cannot be flushed to the disk ({Marshal.GetPInvokeErrorMessage(error)}); what was saved there is whole, but may not outlast a loss of power.");
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
