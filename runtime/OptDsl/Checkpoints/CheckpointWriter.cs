using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OptDsl.Checkpoints;

/// <summary>Returns elements of a tensor as bytes.</summary>
internal delegate ReadOnlySpan<byte> ByteSource(CheckpointTensor tensor, int start, int count);

/// <summary>Writes a checkpoint: the header, then each tensor, without copying any tensor.</summary>
internal static class CheckpointWriter
{
    /// <summary>The number of elements written at a time.</summary>
    internal const int Chunk = 1 << 17;

    private const int Alignment = 8;

    // The header's hash comes first, so that its place is known.
    private static ReadOnlySpan<byte> Start => "{\"__metadata__\":{\"sha256\":\""u8;

    internal static void Write(Stream stream, IReadOnlyList<CheckpointTensor> tensors, CheckpointMetadata metadata, ByteSource bytes,
        string file)
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("A checkpoint is little-endian, and this processor is not.");
        }

        // Tensors of double come first: then every tensor is aligned to its element.
        CheckpointTensor[] ordered = [.. tensors.Where(tensor => tensor.IsDouble), .. tensors.Where(tensor => !tensor.IsDouble)];
        byte[] header = Header(ordered, metadata, bytes);
        if (header.Length > SafetensorsHeader.Limit)
        {
            throw new CheckpointException(file, null,
                $"would need a header of {header.Length} bytes for {ordered.Length} tensors, but a header has at most {SafetensorsHeader.Limit}", "join small tensors, or give them shorter names");
        }

        Span<byte> prefix = stackalloc byte[SafetensorsHeader.LengthBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        stream.Write(prefix);
        stream.Write(header);
        foreach (CheckpointTensor tensor in ordered)
        {
            for (int start = 0; start < tensor.Count; start += Chunk)
            {
                stream.Write(bytes(tensor, start, Math.Min(Chunk, tensor.Count - start)));
            }
        }
    }

    private static byte[] Header(CheckpointTensor[] tensors, CheckpointMetadata metadata, ByteSource bytes)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteStartObject(TensorNames.Metadata);
            json.WriteString(CheckpointMetadata.HashKey, new string('0', CheckpointMetadata.HashDigits));
            foreach (MetadataEntry entry in metadata.Entries.Where(entry => entry is not { Use: MetadataUse.TakeIfAny, Value: "" }))
            {
                json.WriteString(entry.Key, entry.Value);
            }

            foreach (CheckpointTensor tensor in tensors)
            {
                json.WriteString(CheckpointMetadata.TensorHash + tensor.Name, Hash(tensor, bytes));
            }

            json.WriteEndObject();
            long place = 0;
            foreach (CheckpointTensor tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.ElementName);
                json.WriteStartArray("shape");
                foreach (nint side in tensor.Shape)
                {
                    json.WriteNumberValue((long)side);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(place);
                json.WriteNumberValue(place += tensor.Bytes);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (text.WrittenCount % Alignment != 0)
        {
            text.Write(" "u8);
        }

        byte[] header = text.WrittenSpan.ToArray();
        string hash = Convert.ToHexStringLower(SHA256.HashData(header));
        Encoding.ASCII.GetBytes(hash, header.AsSpan(Start.Length));
        return header;
    }

    private static string Hash(CheckpointTensor tensor, ByteSource bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int start = 0; start < tensor.Count; start += Chunk)
        {
            hash.AppendData(bytes(tensor, start, Math.Min(Chunk, tensor.Count - start)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
