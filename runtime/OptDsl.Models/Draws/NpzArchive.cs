using System.IO.Compression;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using OptDsl.Checkpoints;

namespace OptDsl.Models;

/// <summary>
/// Draws as arrays for NumPy, in one file (<c>.npz</c>: a ZIP archive of arrays of the .npy format, version 1.0), in ArviZ's shapes and
/// names.
/// </summary>
/// <remarks>
/// A variable is <c>posterior/name</c> of shape (chain, draw, its own lengths), of the draws' element; a statistic is
/// <c>sample_stats/name</c> of shape (chain, draw), of doubles, by ArviZ's name where it has one (<see cref="SampleStatistics"/>),
/// <c>diverging</c> of booleans. The arrays are not compressed, and little-endian.
/// </remarks>
public static class NpzArchive
{
    private const int Alignment = 64;

    /// <summary>Fits the format, and makes the same draws the same bytes.</summary>
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes the file, which replaces an old one whole and at once.</summary>
    /// <param name="samples">The draws.</param>
    /// <param name="path">Of the file, in an existing directory.</param>
    /// <param name="cancellation">Heeded before every array.</param>
    /// <exception cref="ArgumentException">Two statistics are the same for ArviZ; nothing was written.</exception>
    /// <exception cref="IOException">The file cannot be written; what was there has stayed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; what was there has stayed.</exception>
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
                $"Statistics {string.Join(" and ", twice.Select(name => $"'{name}'"))} are both {twice.Key} for ArviZ; name one otherwise.",
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

        // Magic, version and length take 10 bytes; the header is padded so that the data start on a multiple of 64.
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
