using System.Text;
using System.Text.Unicode;
using CsvHelper;

namespace OptDsl.Experiments;

/// <summary>The lines of a table, cut into fields without quotes and surrounding spaces. Blank lines are passed over.</summary>
internal sealed class TableLines : IDisposable
{
    private const int RecordLimit = 1 << 16;

    private readonly CsvReader reader;
    private readonly string file;
    private readonly bool spaces;
    private readonly char[] text = new char[RecordLimit];
    private readonly List<int> fields = [];

    internal TableLines(Stream stream, string separator, string file)
    {
        this.file = file;
        spaces = separator == " ";

        // The library takes one character; the other separator of two is MovieLens's.
        bool replaced = separator.Length > 1;
        reader = CsvReader.Create(
            replaced ? new CsvSeparatorStream(stream, separator) : stream,
            new CsvReaderOptions
            {
                Separator = replaced ? CsvSeparatorStream.DefaultReplacement : separator[0],
                HasHeader = false,
                DetectSeparatorHint = false,
                TrackLineNumbers = true,
                TrimWhitespace = true,
                TrimInsideQuotes = true,
                AllowLineBreaksInQuotes = false,
                MalformedData = CsvMalformedDataHandling.Throw,
                MaxRecordSize = RecordLimit,
            });
    }

    /// <summary>Fields of the line.</summary>
    internal int Count => fields.Count;

    /// <summary>Number of the line, from 1.</summary>
    internal int Line { get; private set; }

    /// <summary>The file and the line, for messages.</summary>
    internal string Where => $"{file}, line {Line}";

    /// <summary>A field, until another one is asked for.</summary>
    /// <exception cref="InputException">It is not text.</exception>
    internal ReadOnlySpan<char> this[int field]
    {
        get
        {
            ReadOnlySpan<byte> bytes = reader.GetSpan(fields[field]);

            // U+FFFD stands where somebody's conversion has lost a character: two names might have become one.
            return bytes.Length <= text.Length && Utf8.IsValid(bytes) && bytes.IndexOf("\uFFFD"u8) < 0
                ? text.AsSpan(0, Encoding.UTF8.GetChars(bytes, text))
                : throw new InputException($"{Where}: is not UTF-8 text; save the file as UTF-8.");
        }
    }

    /// <exception cref="InputException">The line is too long, or its quotes are not in order.</exception>
    internal bool TryRead()
    {
        try
        {
            while (reader.Read())
            {
                Line = checked((int)reader.LineNumber);
                fields.Clear();
                for (int i = 0; i < reader.FieldCount; i++)
                {
                    // Several spaces separate as one does.
                    if (!spaces || !reader.IsEmpty(i))
                    {
                        fields.Add(i);
                    }
                }

                if (fields.Count > 1 || (fields.Count == 1 && !reader.IsEmpty(fields[0])))
                {
                    return true;
                }
            }

            return false;
        }
        catch (CsvFormatException exception)
        {
            int line = exception.LineNumber > 0 ? (int)exception.LineNumber : Line + 1;
            if (exception.Message.Contains(nameof(CsvReaderOptions.MaxRecordSize), StringComparison.Ordinal))
            {
                throw new InputException(
                    $"{file}, line {line}: is longer than {RecordLimit} bytes; write one row,column,value per line.", exception);
            }

            // The library's reason stands between the place and the offset.
            int at = exception.Message.IndexOf("): ", StringComparison.Ordinal);
            string reason = exception.Message[(at < 0 ? 0 : at + 3)..].Split(" (byte", 2)[0].TrimEnd('.');
            throw new InputException(
                $"{file}, line {line}: cannot be cut into fields ({reason}); quote whole fields, and double a quote within.", exception);
        }
    }

    internal List<string> Fields() => [.. Enumerable.Range(0, Count).Select(i => this[i].ToString())];

    public void Dispose() => reader.Dispose();
}
