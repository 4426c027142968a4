using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace OptDsl.Checkpoints;

/// <summary>
/// Receives the entries of a header, one after the other. A name longer than <see cref="LongestText"/> is unknown to the reader.
/// </summary>
internal interface IHeaderVisitor
{
    /// <summary>The largest number of UTF-8 bytes that an expected name or value can have, including escapes; at least 64.</summary>
    int LongestText { get; }

    /// <summary>Whether the metadata are read. If not, they may be anything.</summary>
    bool ReadsMetadata { get; }

    /// <summary>An entry of the metadata.</summary>
    /// <param name="key">The entry's key.</param>
    /// <param name="value">The entry's value.</param>
    /// <param name="isWhole">False if the value is too long and this is only its beginning.</param>
    /// <param name="place">Where the text of the value begins in the header.</param>
    /// <returns>False if a value of this length is not allowed.</returns>
    bool Metadata(ReadOnlySpan<char> key, ReadOnlySpan<char> value, bool isWhole, int place);

    /// <summary>A tensor.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="isWhole">False if the name is too long and this is only its beginning.</param>
    /// <param name="element">The name of the element type.</param>
    /// <param name="shape">The length of each dimension.</param>
    /// <param name="begin">Where its data begin, counted from the end of the header.</param>
    /// <param name="end">Where its data end; not before the beginning, and within the file.</param>
    void Tensor(ReadOnlySpan<char> name, bool isWhole, ReadOnlySpan<char> element, ReadOnlySpan<long> shape, long begin, long end);
}

/// <summary>
/// The header of a safetensors file: its length in eight bytes, little-endian, then JSON with names, element types, shapes and places. It
/// is read without an object per entry. So no header makes the reader allocate more than the header itself.
/// </summary>
internal static class SafetensorsHeader
{
    /// <summary>The limit of the reference implementation.</summary>
    internal const int Limit = 100_000_000;

    internal const int LengthBytes = 8;

    private const int MostDimensions = 64, LongestElement = 16, Beginning = 60;

    private const string Foreign = "the file is not a safetensors file, or is damaged: name a file that Save wrote, or its .previous";

    /// <summary>Reads the header's bytes, after comparing its length with the file's.</summary>
    /// <exception cref="CheckpointException">The file is too short, or the header is longer than the file or the format allows.</exception>
    internal static byte[] Read(Stream stream, long fileLength, string file)
    {
        if (fileLength < LengthBytes)
        {
            throw new CheckpointException(file, null, $"is {fileLength} bytes long, but the length of a header alone takes {LengthBytes}",
                Foreign);
        }

        Span<byte> prefix = stackalloc byte[LengthBytes];
        stream.ReadExactly(prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > Limit)
        {
            throw new CheckpointException(file, null, $"says that its header takes {length} bytes, but a header has at most {Limit}",
                Foreign);
        }

        if (length > (ulong)(fileLength - LengthBytes))
        {
            throw new CheckpointException(file, null,
                $"says that its header takes {length} bytes, but only {fileLength - LengthBytes} bytes follow", Foreign);
        }

        byte[] header = new byte[length];
        stream.ReadExactly(header);
        return header;
    }

    /// <summary>Walks over a header.</summary>
    /// <param name="header">The header's bytes.</param>
    /// <param name="dataLength">The number of bytes that follow the header.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="visitor">Receives the entries.</param>
    /// <exception cref="CheckpointException">The bytes are not a valid header, or the visitor refuses an entry.</exception>
    internal static void Walk(byte[] header, long dataLength, string file, IHeaderVisitor visitor)
    {
        try
        {
            if (!Utf8.IsValid(header))
            {
                throw new CheckpointException(file, null, "has a header that is not UTF-8", Foreign);
            }

            new Walker(header, dataLength, file, visitor).Walk();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // For a lone surrogate among the escapes the reader throws InvalidOperationException.
            throw new CheckpointException(file, null, $"has a header that is not the expected JSON ({exception.Message.TrimEnd('.')})",
                Foreign, exception);
        }
    }

    private ref struct Walker(byte[] header, long dataLength, string file, IHeaderVisitor visitor)
    {
        private readonly char[] first = new char[visitor.LongestText], second = new char[visitor.LongestText];
        private Utf8JsonReader reader = new(header);

        internal void Walk()
        {
            Expect(JsonTokenType.StartObject, "the header");
            bool hasMetadata = false;
            while (Next() == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals(TensorNames.Metadata))
                {
                    Refuse(hasMetadata, $"has its metadata twice");
                    hasMetadata = true;
                    if (visitor.ReadsMetadata)
                    {
                        Metadata();
                    }
                    else
                    {
                        reader.Skip();
                    }
                }
                else
                {
                    bool isWhole = !IsTooLong(first);
                    Tensor(Text(first), isWhole);
                }
            }

            // Only spaces may follow.
            reader.Read();
        }

        private void Metadata()
        {
            Expect(JsonTokenType.StartObject, "the metadata");
            while (Next() == JsonTokenType.PropertyName)
            {
                ReadOnlySpan<char> key = Text(first);
                Expect(JsonTokenType.String, "a value of the metadata");
                if (!visitor.Metadata(key, Text(second), !IsTooLong(second), (int)reader.TokenStartIndex + 1))
                {
                    throw Malformed(
                        $"has a value of {reader.ValueSpan.Length} bytes for '{key}' in its metadata, more than Save would write");
                }
            }
        }

        private void Tensor(scoped ReadOnlySpan<char> name, bool isWhole)
        {
            Span<char> element = stackalloc char[LongestElement];
            Span<long> shape = stackalloc long[MostDimensions], offsets = stackalloc long[2];
            int elementLength = -1, dimensions = -1, places = -1;
            Expect(JsonTokenType.StartObject, "an entry");
            while (Next() == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("dtype"))
                {
                    Refuse(elementLength >= 0, $"has two elements for tensor '{name}'");
                    Expect(JsonTokenType.String, "dtype");
                    Refuse(reader.ValueSpan.Length > LongestElement, $"has an unknown element for tensor '{name}'");
                    elementLength = reader.CopyString(element);
                }
                else if (reader.ValueTextEquals("shape"))
                {
                    Refuse(dimensions >= 0, $"has two shapes for tensor '{name}'");
                    dimensions = Numbers(shape, name);
                }
                else if (reader.ValueTextEquals("data_offsets"))
                {
                    Refuse(places >= 0, $"has two places for tensor '{name}'");
                    places = Numbers(offsets, name);
                }
                else
                {
                    throw Malformed($"has more about tensor '{name}' than its dtype, shape and data_offsets");
                }
            }

            Refuse(elementLength < 0 || dimensions < 0 || places != 2, $"lacks dtype, shape or both data_offsets for tensor '{name}'");
            Refuse(offsets[0] > offsets[1] || offsets[1] > dataLength,
                $"places tensor '{name}' at bytes {offsets[0]} to {offsets[1]} of its {dataLength} bytes of data");
            visitor.Tensor(name, isWhole, element[..elementLength], shape[..dimensions], offsets[0], offsets[1]);
        }

        private int Numbers(scoped Span<long> numbers, scoped ReadOnlySpan<char> name)
        {
            Expect(JsonTokenType.StartArray, "shape and data_offsets");
            int count = 0;
            while (Next() != JsonTokenType.EndArray)
            {
                Refuse(count == numbers.Length, $"has more than {numbers.Length} numbers in an array of tensor '{name}'");
                if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out numbers[count]) || numbers[count] < 0)
                {
                    throw Malformed($"has a length or place of tensor '{name}' that is not an integer from 0 to {long.MaxValue}");
                }

                count++;
            }

            return count;
        }

        private readonly bool IsTooLong(char[] room) => reader.ValueSpan.Length > room.Length;

        /// <summary>The text. Of a text that is too long, only enough of its beginning to show which it is.</summary>
        private readonly ReadOnlySpan<char> Text(char[] room)
        {
            int count = IsTooLong(room) ? Encoding.UTF8.GetChars(reader.ValueSpan[..Beginning], room) : reader.CopyString(room);
            return room.AsSpan(0, count);
        }

        private JsonTokenType Next()
        {
            if (!reader.Read())
            {
                throw Malformed("has a header that ends too early");
            }

            return reader.TokenType;
        }

        private void Expect(JsonTokenType type, string what)
            => Refuse(Next() != type,
                $"has a header in which {what} is not the expected {type switch { JsonTokenType.StartObject => "object", JsonTokenType.StartArray => "array", _ => "string" }}");

        private readonly void Refuse(bool wrong,
            [System.Runtime.CompilerServices.InterpolatedStringHandlerArgument(nameof(wrong))] Message what)
        {
            if (wrong)
            {
                throw Malformed(what.ToString());
            }
        }

        private readonly CheckpointException Malformed(string what) => new(file, null, what, Foreign);
    }

    /// <summary>Builds a message only if it is needed, so that walking a header with many entries creates no strings.</summary>
    [System.Runtime.CompilerServices.InterpolatedStringHandler]
    internal readonly ref struct Message
    {
        private readonly StringBuilder? text;

        public Message(int literalLength, int formattedCount, bool wrong, out bool needed)
        {
            needed = wrong;
            text = wrong ? new StringBuilder(literalLength + (16 * formattedCount)) : null;
        }

        public void AppendLiteral(string value) => text!.Append(value);

        public void AppendFormatted(ReadOnlySpan<char> value) => text!.Append(value);

        public void AppendFormatted(string value) => text!.Append(value);

        public void AppendFormatted(long value) => text!.Append(value);

        public override string ToString() => text?.ToString() ?? "";
    }
}
