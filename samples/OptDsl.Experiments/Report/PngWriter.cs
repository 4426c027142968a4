using System.Buffers.Binary;
using System.IO.Compression;

namespace OptDsl.Experiments;

/// <summary>Encodes small pictures of gray and transparent pixels as PNG (ISO/IEC 15948).</summary>
internal static class PngWriter
{
    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>A data URI of the picture.</summary>
    /// <param name="pixels">Row after row: 0 is black, 1 white, NaN transparent; others are clipped.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    internal static string DataUri(ReadOnlySpan<float> pixels, int height, int width)
        => "data:image/png;base64," + Convert.ToBase64String(Encode(pixels, height, width));

    internal static byte[] Encode(ReadOnlySpan<float> pixels, int height, int width)
    {
        // Gray and alpha, eight bits each; every line is led by its filter, none.
        byte[] raw = new byte[height * ((2 * width) + 1)];
        int at = 0;
        for (int y = 0; y < height; y++)
        {
            raw[at++] = 0;
            foreach (float pixel in pixels.Slice(y * width, width))
            {
                raw[at++] = float.IsNaN(pixel) ? (byte)0 : (byte)Math.Round(Math.Clamp(pixel, 0f, 1f) * 255);
                raw[at++] = float.IsNaN(pixel) ? (byte)0 : (byte)255;
            }
        }

        var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize))
        {
            zlib.Write(raw);
        }

        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        header[9] = 4;
        var file = new MemoryStream();
        file.Write(Signature);
        WriteChunk(file, "IHDR"u8, header);
        WriteChunk(file, "IDAT"u8, packed.ToArray());
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static void WriteChunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        Crc32 checksum = default;
        checksum.Add(type);
        checksum.Add(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, checksum.Value);
        file.Write(number);
    }
}
