using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using OptDsl.Checkpoints;

namespace OptDsl.Models;

/// <summary>
/// Draws as CmdStan writes them (CmdStan User's Guide, "Stan CSV file format"), a text file a chain: comments, a line of names, a line a
/// draw. Programs that read CmdStan's files read these, such as ArviZ (<c>from_cmdstan</c>).
/// </summary>
/// <remarks>
/// Columns are the sampler's statistics, each with two underscores behind, <c>lp__</c> first if there is a log density
/// (<see cref="SampleStatistics"/>), then the variables, matrices column by column. Numbers have 17 digits, those of float variables 9, and
/// read back to the same bits; what is not finite is <c>nan</c>, <c>inf</c> or <c>-inf</c>.
/// </remarks>
public static class StanCsv
{
    internal const string DrawsKey = "num_samples", ChainsKey = "chains", RunKey = "run", ThinKey = "thin";

    /// <summary>Writes the files, each of which replaces an old one whole and at once.</summary>
    /// <param name="samples">The draws; names of variables without a point and without two underscores at the end.</param>
    /// <param name="stem">Of the files, which are named <c>stem_1.csv</c> and so on, in an existing directory.</param>
    /// <param name="cancellation">Heeded before every draw.</param>
    /// <returns>The files, in the chains' order.</returns>
    /// <exception cref="ArgumentException">
    /// A variable has a name that is none in a Stan CSV file, or a statistic's and a variable's columns have the same; nothing was written.
    /// </exception>
    /// <exception cref="IOException">
    /// A file cannot be written, or there is one of a chain after the last, which is another run's; what was there has stayed, of a run of
    /// several chains perhaps beside new files, which <see cref="Read"/> does not mix.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the file under way is the old one.</exception>
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
                    $"Variable '{variable.Name}' cannot be written as Stan CSV, where a point comes before an index and two underscores end the name of a statistic; name it otherwise.", nameof(samples));
            }
        }

        if (samples.StatisticNames.GroupBy(SampleStatistics.ToStan).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException(
                $"Statistics {string.Join(" and ", twice.Select(name => $"'{name}'"))} are both {twice.Key} in Stan CSV; name one otherwise.", nameof(samples));
        }

        string beyond = PathOf(stem, samples.Chains);
        if (File.Exists(beyond))
        {
            throw new IOException(
                $"There is a file '{beyond}' of a run of more chains than these {samples.Chains}; delete it, or write to another name.");
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

    /// <summary>Reads what <see cref="Write"/> wrote, or CmdStan of variables of real numbers without draws of the warm-up.</summary>
    /// <typeparam name="T">The element, float or double; wider numbers are rounded.</typeparam>
    /// <param name="stem">
    /// As of <see cref="Write"/>; without a word on how many chains there are, as of CmdStan, all files in a row are read.
    /// </param>
    /// <exception cref="InvalidDataException">
    /// A file is none of this form, is cut short, or is of another run than the first; the message says where.
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

        // Not disposed, which would close the file; it holds nothing but memory.
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

    /// <summary>The same in all files of a run, and in those of no other.</summary>
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
