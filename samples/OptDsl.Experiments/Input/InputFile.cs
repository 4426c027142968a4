using System.Text;

namespace OptDsl.Experiments;

/// <summary>Opens the user's file, compressed or not, and turns what can go wrong with it into one line.</summary>
internal static class InputFile
{
    /// <summary>The path that stands for standard input.</summary>
    internal const string Standard = "-";

    private const string Wanted = "rows row,column,value or IDX images";

    // Enough for the first line of a table, by which its separator is known.
    private const int StartLength = 4096;

    /// <summary>Reads a matrix from a table of cells or from IDX images. A pipe serves as well as a file: it is read once.</summary>
    /// <exception cref="InputException">The file is missing, unreadable or malformed.</exception>
    internal static CellMatrix Read(string path, CancellationToken cancellation)

        // On another thread, because opening a pipe and reading it wait for its writer, and nothing else ends that wait.
        => Task.Run(() => Opened(path, Wanted, file => Read(file, path, cancellation)), cancellation)
            .WaitAsync(cancellation).GetAwaiter().GetResult();

    /// <summary>Reads a matrix from an open stream; <paramref name="name"/> stands in messages.</summary>
    internal static CellMatrix Read(Stream stream, string name, CancellationToken cancellation)
    {
        using var hashing = new HashingStream(stream);
        CellMatrix matrix = Plain(hashing, name, Wanted, plain =>
        {
            using var content = new PeekedStream(plain, StartLength);
            FileFormats.RefuseOthers(content.Peeked, name);
            if (FileFormats.Utf16Of(content.Peeked) is { } encoding)
            {
                using Stream utf8 = Encoding.CreateTranscodingStream(content, encoding, Encoding.UTF8);
                using var text = new PeekedStream(utf8, StartLength);
                return TableReader.Read(text, name, cancellation);
            }

            return IsImages(content.Peeked, name) ? IdxReader.Read(content, name) : TableReader.Read(content, name, cancellation);
        });
        return matrix with { Sha256 = hashing.ReadToEnd() };
    }

    /// <summary>Reads the labels of images from an IDX file of one dimension.</summary>
    /// <exception cref="InputException">The file is missing, unreadable or malformed.</exception>
    internal static byte[] ReadLabels(string path)
        => Opened(path, "IDX labels", file => Plain(file, path, "IDX labels", plain => IdxReader.ReadLabels(plain, path)));

    /// <summary>Reads a file, and says what is wrong where it cannot be.</summary>
    /// <param name="path">Of it.</param>
    /// <param name="wanted">What it should hold.</param>
    /// <param name="read">Reads it.</param>
    /// <exception cref="InputException">It is missing or unreadable.</exception>
    internal static T Opened<T>(string path, string wanted, Func<Stream, T> read)
    {
        if (Directory.Exists(path))
        {
            throw new InputException($"{path}: is a directory; give a file of {wanted}.");
        }

        try
        {
            using Stream file = path == Standard ? Console.OpenStandardInput() : File.OpenRead(path);
            return read(file);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{path}: no such file; check the path.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException
        or NotSupportedException)
        {
            throw new InputException($"{path}: cannot be read ({exception.Message.TrimEnd('.')}).", exception);
        }
    }

    /// <summary>Reads what a stream holds, compressed or not.</summary>
    private static T Plain<T>(Stream stream, string name, string wanted, Func<Stream, T> read)
    {
        using var start = new PeekedStream(stream, 2);
        if (start.Peeked.IsEmpty)
        {
            throw new InputException($"{name}: is empty; give {wanted}.");
        }

        bool compressed = start.Peeked is [0x1f, 0x8b];
        if (!compressed && name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            throw new InputException($"{name}: is not gzip data although it is named .gz; compress it, or rename it.");
        }

        try
        {
            using Stream plain = compressed ? new GzipReader(start) : start;
            return read(plain);
        }
        catch (Exception exception) when (compressed && exception is InvalidDataException or EndOfStreamException)
        {
            throw new InputException($"{name}: the gzip data are truncated or damaged; copy the file again.", exception);
        }
    }

    // Text never begins with a zero byte, an IDX file always does.
    private static bool IsImages(ReadOnlySpan<byte> start, string name)
    {
        string plain = name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name;
        return start[..Math.Min(4, start.Length)].Contains((byte)0)
            || plain.EndsWith("-ubyte", StringComparison.OrdinalIgnoreCase)
            || plain.EndsWith(".idx", StringComparison.OrdinalIgnoreCase);
    }
}
