using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace OptDsl.Experiments;

/// <summary>Writes and reads matrices in NumPy's format, version 1.0, row after row.</summary>
internal static class NpyFile
{
    private const int Alignment = 64;

    internal static void Write(string path, ReadOnlySpan<bool> values, int rows, int columns)
        => Write(path, "|b1", MemoryMarshal.AsBytes(values), rows, columns);

    internal static void Write(string path, ReadOnlySpan<float> values, int rows, int columns)
    {
        if (BitConverter.IsLittleEndian)
        {
            Write(path, "<f4", MemoryMarshal.AsBytes(values), rows, columns);
            return;
        }

        byte[] bytes = new byte[values.Length * sizeof(float)];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        }

        Write(path, "<f4", bytes, rows, columns);
    }

    private static void Write(string path, string type, ReadOnlySpan<byte> data, int rows, int columns)
    {
        // Magic, version and length take 10 bytes; the header is padded so that the data start on a multiple of 64.
        string header = FormattableString.Invariant($"{{'descr': '{type}', 'fortran_order': False, 'shape': ({rows}, {columns}), }}");
        int padded = ((10 + header.Length + 1 + Alignment - 1) / Alignment * Alignment) - 10;
        using FileStream file = File.Create(path);
        file.Write([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, (byte)padded, (byte)(padded >> 8)]);
        file.Write(Encoding.ASCII.GetBytes(header.PadRight(padded - 1) + "\n"));
        file.Write(data);
    }
}
