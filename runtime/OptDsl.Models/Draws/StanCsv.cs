using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using OptDsl.Checkpoints;

namespace OptDsl.Models;

/// <summary>
/// Reads and writes draws in CmdStan's format (CmdStan User's Guide, "Stan CSV file format"). Each chain is a text file with comments, a
/// line of names and one line per draw. Programs that read CmdStan's files can read these, such as ArviZ (<c>from_cmdstan</c>).
/// </summary>
/// <remarks>
/// The first columns are the sampler's statistics, each with two underscores at the end, with <c>lp__</c> first if there is a log density
/// (<see cref="SampleStatistics"/>). The variables follow, matrices in column-major order. Numbers have 17 digits, those of float variables
/// 9, and read back to the same bits. Values that are not finite are written <c>nan</c>, <c>inf</c> or <c>-inf</c>.
/// </remarks>
public static class StanCsv
{
    internal const string DrawsKey = "num_samples", ChainsKey = "chains", RunKey = "run", ThinKey = "thin";

    /// <summary>Writes one file per chain, and atomically replaces a previous one.</summary>
    /// <param name="samples">The draws. Names of variables must have no point, and no two underscores at the end.</param>
    /// <param name="stem">The stem of the files, which are named <c>stem_1.csv</c> and so on; the directory must exist.</param>
    /// <param name="cancellation">Checked before every draw.</param>
    /// <returns>The paths of the files, in the order of the chains.</returns>
    /// <exception cref="ArgumentException">
    /// A variable's name is not allowed in a Stan CSV file, or two statistics have the same column name; nothing was written.
    /// </exception>
    /// <exception cref="IOException">
    /// A file cannot be written, or there is a file of another run with more chains. The file that failed is unchanged. Files of earlier
    /// chains may already be replaced; <see cref="Read"/> refuses such a mixture.
    /// </exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; the file that was being written is unchanged.</exception>
    public static IReadOnlyList<string> Write<T>(Samples<T> samples, string stem, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => WriteWatched(samples, stem, watch: null, cancellation);

    internal static IReadOnlyList<string> WriteWatched<T>(Samples<T> samples, string stem, ISaveWatch? watch,
        CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentException.ThrowIfNullOrEmpty(stem);
        foreach (SampledVariable variable in samples.Variables)
        {
            if (variable.Name.Contains('.', StringComparison.Ordinal) || variable.Name.EndsWith("__", StringComparison.Ordinal))
            {
                throw new ArgumentException(
                    $"Variable '{variable.Name}' cannot be written as Stan CSV, where a point precedes an index and two underscores end the name of a statistic; rename it.", nameof(samples));
            }
        }

        if (samples.StatisticNames.GroupBy(SampleStatistics.ToStan).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException(
                $"Statistics {string.Join(" and ", twice.Select(name => $"'{name}'"))} are both named {twice.Key} in Stan CSV; rename one.", nameof(samples));
        }

        string beyond = PathOf(stem, samples.Chains);
        if (File.Exists(beyond))
        {
            throw new IOException(
                $"The file '{beyond}' belongs to a run with more than these {samples.Chains} chains; delete it, or write to another name.");
        }

        string[] paths = [.. Enumerable.Range(0, samples.Chains).Select(chain => PathOf(stem, chain))];
        string run = Fingerprint(samples);
        for (int chain = 0; chain < paths.Length; chain++)
        {
            AtomicFile.Write(paths[chain], stream => WriteChain(samples, chain, Header(samples, stem, chain, run), stream, cancellation),
                watch, cancellation, keepPrevious: false);
        }

        return paths;
    }

    /// <summary>
    /// Reads what <see cref="Write"/> wrote, or files of CmdStan for variables of real numbers without warm-up draws.
    /// </summary>
    /// <typeparam name="T">The element, float or double; numbers with more digits are rounded.</typeparam>
    /// <param name="stem">
    /// The stem, as in <see cref="Write"/>. If the first file does not state the number of chains, as CmdStan's do not, files are read up
    /// to the first missing one.
    /// </param>
    /// <exception cref="InvalidDataException">
    /// A file does not have this format, is truncated, or belongs to another run than the first file; the message says where.
    /// </exception>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    /// <exception cref="NotSupportedException">The element is neither float nor double.</exception>
    public static Samples<T> Read<T>(string stem)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentException.ThrowIfNullOrEmpty(stem);
        List<StanCsvChain<T>> chains = [StanCsvChain<T>.Read(PathOf(stem, 0))];
        while (chains[0].Chains is int count ? chains.Count < count : File.Exists(PathOf(stem, chains.Count)))
        {
            var next = StanCsvChain<T>.Read(PathOf(stem, chains.Count));
            next.RequireSameRun(chains[0]);
            chains.Add(next);
        }

        StanColumns columns = chains[0].Columns;
        T[] values = [.. chains.SelectMany(chain => chain.Values)];
        var statistics = columns.Statistics.Select((name, i) => (name, (double[])[.. chains.SelectMany(chain => chain.Statistics[i])]))
            .ToDictionary();
        return new Samples<T>(chains.Count, chains[0].Draws, columns.Variables, values, statistics);
    }

    internal static string PathOf(string stem, int chain) => string.Create(CultureInfo.InvariantCulture, $"{stem}_{chain + 1}.csv");

    private static string Header<T>(Samples<T> samples, string stem, int chain, string run)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        IEnumerable<string> columns = samples.StatisticNames.Select(SampleStatistics.ToStan)
            .Concat(samples.Variables.SelectMany(variable => Enumerable.Range(0, variable.Size)
                .Select(place => variable.GetElementName(variable.FromColumnMajor(place)))));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            # model = {Path.GetFileName(stem)}
            # method = sample
            #   sample
            #     {DrawsKey} = {samples.Draws}
            #     save_warmup = 0
            #     {ThinKey} = 1
            # id = {chain + 1}
            # {ChainsKey} = {samples.Chains}
            # {RunKey} = {run}
            {string.Join(',', columns)}

            """);
    }

    private static void WriteChain<T>(Samples<T> samples, int chain, string header, Stream stream, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] order = [.. StanColumns.Order(samples.Variables)];
        string[] statistics = [.. samples.StatisticNames];

        // Not disposed, because that would close the file; it holds only memory.
        var buffered = new BufferedStream(stream, 1 << 16);
        buffered.Write(Encoding.UTF8.GetBytes(header));
        for (int draw = 0; draw < samples.Draws; draw++)
        {
            cancellation.ThrowIfCancellationRequested();
            bool first = true;
            foreach (string statistic in statistics)
            {
                WriteNumber(buffered, samples.GetStatistic(statistic)[chain * samples.Draws + draw], first);
                first = false;
            }

            ReadOnlySpan<T> values = samples.GetDraw(chain, draw);
            foreach (int place in order)
            {
                WriteNumber(buffered, values[place], first);
                first = false;
            }

            buffered.WriteByte((byte)'\n');
        }

        buffered.Flush();
    }

    private static void WriteNumber<T>(Stream stream, T value, bool first)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<byte> text = stackalloc byte[32];
        text[0] = (byte)',';
        int length = 0;
        if (T.IsFinite(value))
        {
            _ = value.TryFormat(text[1..], out length, typeof(T) == typeof(float) ? "g9" : "g17", CultureInfo.InvariantCulture);
        }
        else
        {
            ReadOnlySpan<byte> name = T.IsNaN(value) ? "nan"u8 : T.IsPositive(value) ? "inf"u8 : "-inf"u8;
            name.CopyTo(text[1..]);
            length = name.Length;
        }

        stream.Write(first ? text.Slice(1, length) : text[..(length + 1)]);
    }

    /// <summary>A hash that all files of a run share, and that differs between runs.</summary>
    private static string Fingerprint<T>(Samples<T> samples)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(samples.Values));
        foreach (string statistic in samples.StatisticNames)
        {
            hash.AppendData(MemoryMarshal.AsBytes(samples.GetStatistic(statistic)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }
}
