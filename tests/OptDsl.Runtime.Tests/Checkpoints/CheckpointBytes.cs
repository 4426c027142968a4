using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OptDsl.Runtime.Tests.Checkpoints;

/// <summary>A checkpoint taken apart and put together again, with or without a header whose hash is right.</summary>
internal static class CheckpointBytes
{
    private const string HashKey = "\"sha256\":\"";

    internal static (byte[] Header, byte[] Data) Split(byte[] file)
    {
        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        return (file[8..(8 + length)], file[(8 + length)..]);
    }

    internal static byte[] Join(byte[] header, byte[] data)
    {
        byte[] prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        return [.. prefix, .. header, .. data];
    }

    /// <summary>The header with the hash it should have; as it is where it has no place for one.</summary>
    internal static byte[] Rehash(byte[] header)
    {
        int place = header.AsSpan().IndexOf(Encoding.ASCII.GetBytes(HashKey)) + HashKey.Length;
        if (place < HashKey.Length || place + 64 > header.Length)
        {
            return header;
        }

        byte[] changed = [.. header];
        changed.AsSpan(place, 64).Fill((byte)'0');
        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(changed)), changed.AsSpan(place));
        return changed;
    }

    /// <summary>The file with another header text, whose hash is right.</summary>
    internal static byte[] WithHeader(byte[] file, Func<string, string> change)
    {
        (byte[] header, byte[] data) = Split(file);
        return Join(Rehash(Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(header)))), data);
    }

    /// <summary>The file with other JSON for a header, whose hash is right.</summary>
    internal static byte[] WithJson(byte[] file, Action<JsonObject> change) => WithHeader(file, text =>
    {
        JsonObject json = JsonNode.Parse(text)!.AsObject();
        change(json);
        return json.ToJsonString(
            new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    });

    internal static JsonObject Json(byte[] file) => JsonNode.Parse(Split(file).Header)!.AsObject();
}
