using System.IO.Compression;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using OptDsl.Checkpoints;

namespace OptDsl.Models;

/// <summary>
/// Writes draws as NumPy arrays into one file (<c>.npz</c>, a ZIP archive of arrays in the .npy format, version 1.0), with ArviZ's shapes
/// and names.
/// </summary>
/// <remarks>
/// A variable is the array <c>posterior/name</c> of shape (chain, draw, variable's own shape), with the element type of the draws. A
/// statistic is the array <c>sample_stats/name</c> of shape (chain, draw), in double. It has ArviZ's name if there is one
/// (<see cref="SampleStatistics"/>); <c>diverging</c> is boolean. The arrays are uncompressed and little-endian.
/// </remarks>
public static class NpzArchive
{
    private const int Alignment = 64;

    /// <summary>A fixed date that the format allows, so that the same draws give the same bytes.</summary>
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes the file, and atomically replaces a previous one.</summary>
    /// <param name="samples">The draws.</param>
    /// <param name="path">The path of the file; its directory must exist.</param>
    /// <param name="cancellation">Checked before every array.</param>
    /// <exception cref="ArgumentException">Two statistics have the same name in ArviZ; nothing was written.</exception>
    /// <exception cref="IOException">The file cannot be written; a previous file is unchanged.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; a previous file is unchanged.</exception>
    public static void Write<T>(Samples<T> samples, string path, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => WriteWatched(samples, path, watch: null, cancellation);

    internal static void WriteWatched<T>(Samples<T> samples, string path, ISaveWatch? watch, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (samples.StatisticNames.GroupBy(SampleStatistics.ToArviz).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException(
                $"Statistics {string.Join(" and ", twice.Select(name => $"'{name}'"))} are both named {twice.Key} in ArviZ; rename one.",
                    nameof(samples));
        }

        AtomicFile.Write(path, stream => Write(samples, stream, cancellation), watch, cancellation, keepPrevious: false);
    }

    private static void Write<T>(Samples<T> samples, Stream stream, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        int offset = 0;
        foreach (SampledVariable variable in samples.Variables)
        {
            cancellation.ThrowIfCancellationRequested();
            using Stream array = Begin(archive, $"posterior/{variable.Name}", typeof(T) == typeof(float) ? "<f4" : "<f8",
                [samples.Chains, samples.Draws, .. variable.Shape]);
            for (int chain = 0; chain < samples.Chains; chain++)
            {
                for (int draw = 0; draw < samples.Draws; draw++)
                {
                    WriteNumbers(array, samples.GetDraw(chain, draw).Slice(offset, variable.Size));
                }
            }

            offset += variable.Size;
        }

        foreach (string name in samples.StatisticNames)
        {
            cancellation.ThrowIfCancellationRequested();
            bool isFlag = name == SampleStatistics.Diverging;
            using Stream array = Begin(archive, $"sample_stats/{SampleStatistics.ToArviz(name)}", isFlag ? "|b1" : "<f8",
                [samples.Chains, samples.Draws]);
            if (isFlag)
            {
                WriteNumbers<bool>(array, Array.ConvertAll(samples.GetStatistic(name).ToArray(), value => value != 0));
            }
            else
            {
                WriteNumbers(array, samples.GetStatistic(name));
            }
        }
    }

    private static BufferedStream Begin(ZipArchive archive, string name, string type, int[] shape)
    {
        ZipArchiveEntry entry = archive.CreateEntry($"{name}.npy", CompressionLevel.NoCompression);
        entry.LastWriteTime = Epoch;

        // Magic number, version and length take 10 bytes. The header is padded so that the data begin at a multiple of 64.
        string header = FormattableString.Invariant(
            $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({string.Join(", ", shape)}), }}");
        int padded = ((10 + header.Length + 1 + Alignment - 1) / Alignment * Alignment) - 10;
        var stream = new BufferedStream(entry.Open(), 1 << 16);
        stream.Write([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, (byte)padded, (byte)(padded >> 8)]);
        stream.Write(Encoding.ASCII.GetBytes(header.PadRight(padded - 1) + "\n"));
        return stream;
    }

    private static void WriteNumbers<N>(Stream stream, ReadOnlySpan<N> numbers)
        where N : unmanaged
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(numbers);
        if (BitConverter.IsLittleEndian)
        {
            stream.Write(bytes);
            return;
        }

        int size = bytes.Length / Math.Max(1, numbers.Length);
        byte[] turned = bytes.ToArray();
        for (int i = 0; i < turned.Length; i += size)
        {
            turned.AsSpan(i, size).Reverse();
        }

        stream.Write(turned);
    }
}
