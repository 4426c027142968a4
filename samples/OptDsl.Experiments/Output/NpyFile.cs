using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace OptDsl.Experiments;

/// <summary>
/// Writes matrices in NumPy's format, version 1.0, row after row and some rows at a time: a matrix need not fit in memory.
/// </summary>
internal static class NpyFile
{
    private const int Alignment = 64;

    /// <summary>Fills whole rows of a matrix.</summary>
    /// <param name="first">The first row, from 0.</param>
    /// <param name="rows">To fill; holds what an earlier call left.</param>
    internal delegate void RowFiller<T>(int first, Span<T> rows);

    internal static void Write(
        string path, int rows, int columns, RowFiller<bool> fill, IProgress<double> progress, CancellationToken cancellation)
        => Write(path, "|b1", rows, columns, fill, progress, cancellation);

    internal static void Write(
        string path, int rows, int columns, RowFiller<float> fill, IProgress<double> progress, CancellationToken cancellation)
        => Write(path, "<f4", rows, columns, fill, progress, cancellation);

    internal static void Write(
        string path, int rows, int columns, RowFiller<int> fill, IProgress<double> progress, CancellationToken cancellation)
        => Write(path, "<i4", rows, columns, fill, progress, cancellation);

    private static void Write<T>(
        string path, string type, int rows, int columns, RowFiller<T> fill, IProgress<double> progress, CancellationToken cancellation)
        where T : unmanaged
    {
        // Magic, version and length take 10 bytes; the header is padded so that the data start on a multiple of 64.
        string header = FormattableString.Invariant($"{{'descr': '{type}', 'fortran_order': False, 'shape': ({rows}, {columns}), }}");
        int padded = ((10 + header.Length + 1 + Alignment - 1) / Alignment * Alignment) - 10;
        using FileStream file = File.Create(path);
        file.Write([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, (byte)padded, (byte)(padded >> 8)]);
        file.Write(Encoding.ASCII.GetBytes(header.PadRight(padded - 1) + "\n"));
        var block = new T[Math.Min(rows, RowBlocks.RowsPerBlock(columns)) * columns];
        RowBlocks.ForEach(rows, columns, (first, count) =>
        {
            Span<T> filled = block.AsSpan(0, count * columns);
            fill(first, filled);
            if (!BitConverter.IsLittleEndian && typeof(T) != typeof(bool))
            {
                Span<int> words = MemoryMarshal.Cast<T, int>(filled);
                BinaryPrimitives.ReverseEndianness(words, words);
            }

            file.Write(MemoryMarshal.AsBytes(filled));
        }, progress, cancellation);
    }
}
