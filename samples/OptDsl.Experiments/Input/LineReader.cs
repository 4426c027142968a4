using System.Text;

namespace OptDsl.Experiments;

/// <summary>Reads lines of bounded length, whatever the line ends, and counts them.</summary>
internal sealed class LineReader(Stream stream, string name) : IDisposable
{
    private const int LengthLimit = 1000;

    private readonly StreamReader reader = new(stream, new UTF8Encoding(false, true), detectEncodingFromByteOrderMarks: true, 1 << 16);
    private readonly char[] line = new char[LengthLimit];

    /// <summary>The number of the line last read, from 1.</summary>
    internal int Number { get; private set; }

    /// <exception cref="InputException">A line is too long or not text.</exception>
    internal bool TryRead(out ReadOnlySpan<char> read)
    {
        read = default;
        int length = 0;
        while (true)
        {
            int next = Next();
            if (next < 0 && length == 0)
            {
                return false;
            }

            if (next is '\n' or < 0)
            {
                Number++;
                read = line.AsSpan(0, length);
                return true;
            }

            if (next == '\r')
            {
                // Alone, as before '\n', it ends the line; a blank line more is skipped by every caller but would be counted.
                if (reader.Peek() == '\n')
                {
                    reader.Read();
                }

                Number++;
                read = line.AsSpan(0, length);
                return true;
            }

            if (length == LengthLimit)
            {
                throw new InputException(
                    $"{name}, line {Number + 1}: is longer than {LengthLimit} characters; write one row,column,value a line.");
            }

            line[length++] = (char)next;
        }
    }

    public void Dispose() => reader.Dispose();

    private int Next()
    {
        try
        {
            return reader.Read();
        }
        catch (DecoderFallbackException exception)
        {
            throw new InputException($"{name}, line {Number + 1}: is not UTF-8 text; give rows row,column,value as text or IDX images.",
                exception);
        }
    }
}
