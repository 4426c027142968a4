using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using OptDsl.Testing;

namespace OptDsl.Models.Tests.Draws;

public class NpzArchiveTests
{
    private const string Python = "/usr/bin/python3";

    /// <summary>
    /// Read by the format's description: a wrong length of the header, an order or a stride of a variable gone wrong is seen.
    /// </summary>
    [Fact]
    public void Arrays_have_ArviZs_names_shapes_and_order()
    {
        using var sandbox = new Sandbox();
        Samples<double> samples = Flagged();
        NpzArchive.Write(samples, sandbox.In("run.npz"), TestContext.Current.CancellationToken);
        Assert.Equal(["run.npz"], sandbox.Entries);
        Dictionary<string, (string Header, byte[] Data)> arrays = Read(sandbox.In("run.npz"));
        Assert.Equal(["posterior/mu.npy", "posterior/theta.npy", "sample_stats/diverging.npy", "sample_stats/lp.npy"],
            arrays.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }", arrays["posterior/mu.npy"].Header);
        Assert.Equal("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3, 2, 2), }", arrays["posterior/theta.npy"].Header);
        Assert.Equal("{'descr': '|b1', 'fortran_order': False, 'shape': (2, 3), }", arrays["sample_stats/diverging.npy"].Header);
        Assert.Equal(samples.GetComponent("mu"), Doubles(arrays["posterior/mu.npy"].Data));
        double[] theta = Doubles(arrays["posterior/theta.npy"].Data);
        Assert.Equal(2 * 3 * 4, theta.Length);
        Assert.Equal(samples.GetDraw(1, 2)[3], theta[(1 * 3 + 2) * 4 + 2]);
        Assert.Equal(samples.GetStatistic("log_density").ToArray(), Doubles(arrays["sample_stats/lp.npy"].Data));
        Assert.Equal([0, 0, 1, 0, 0, 0], arrays["sample_stats/diverging.npy"].Data);

        byte[] first = File.ReadAllBytes(sandbox.In("run.npz"));
        NpzArchive.Write(samples, sandbox.In("run.npz"), TestContext.Current.CancellationToken);
        Assert.Equal(first, File.ReadAllBytes(sandbox.In("run.npz")));
        Assert.Equal(["run.npz"], sandbox.Entries);

        static double[] Doubles(byte[] data) => MemoryMarshal.Cast<byte, double>(data).ToArray();
    }

    [Fact]
    public void NumPy_reads_it()
    {
        Assert.SkipUnless(File.Exists(Python) && Run("import numpy").Exit == 0, $"There is no {Python} with numpy.");
        using var sandbox = new Sandbox();
        Samples<float> samples = SamplesTests.Numbered<float>();
        NpzArchive.Write(samples, sandbox.In("run.npz"), TestContext.Current.CancellationToken);
        NpzArchive.Write(Flagged(), sandbox.In("flagged.npz"), TestContext.Current.CancellationToken);
        (int exit, string words) = Run($"""
            import numpy as np
            z = np.load('{sandbox.In("run.npz")}')
            groups = dict((g, dict((k.split('/')[1], z[k]) for k in z if k.startswith(g))) for g in ('posterior', 'sample_stats'))
            for g, arrays in groups.items():
                for name, a in sorted(arrays.items()):
                    print(g, name, a.dtype, a.shape, a.reshape(6, -1)[4].tolist())
            f = np.load('{sandbox.In("flagged.npz")}')['sample_stats/diverging']
            print(f.dtype, f.shape, f.sum())
            """);
        Assert.True(exit == 0, words);
        Assert.Equal(
            """
            posterior mu float32 (2, 3) [110.0]
            posterior tau float32 (2, 3, 1) [117.0]
            posterior theta float32 (2, 3, 2, 3) [111.0, 112.0, 113.0, 114.0, 115.0, 116.0]
            sample_stats acceptance_rate float64 (2, 3) [1.0]
            sample_stats level float64 (2, 3) [1.0]
            sample_stats lp float64 (2, 3) [4.5]
            bool (2, 3) 1
            """, words.Trim());
    }

    [Fact]
    public void A_full_disk_or_a_cancellation_leaves_the_old_file()
    {
        using var sandbox = new Sandbox();
        Samples<double> samples = Flagged();
        NpzArchive.Write(samples, sandbox.In("whole.npz"), TestContext.Current.CancellationToken);
        long length = new FileInfo(sandbox.In("whole.npz")).Length;
        sandbox.Write("x.npz", "old");
        for (long capacity = 0; capacity < length; capacity += 97)
        {
            Assert.Throws<IOException>(() =>
                NpzArchive.WriteWatched(samples, sandbox.In("x.npz"), new FullDisk(capacity), TestContext.Current.CancellationToken));
        }

        NpzArchive.WriteWatched(samples, sandbox.In("y.npz"), new FullDisk(length), TestContext.Current.CancellationToken);
        Assert.ThrowsAny<OperationCanceledException>(() =>
            NpzArchive.Write(samples, sandbox.In("x.npz"), new CancellationToken(canceled: true)));
        Assert.Equal("old", File.ReadAllText(sandbox.In("x.npz")));
        Assert.Equal(["whole.npz", "x.npz", "y.npz"], sandbox.Entries);
    }

    [Fact]
    public void Statistics_that_ArviZ_knows_by_one_name_are_refused()
    {
        using var sandbox = new Sandbox();
        var twice = new Samples<float>(1, 1, [new("x", [])], new float[1],
            new Dictionary<string, double[]> { ["log_density"] = [1], ["lp"] = [1] });
        Assert.Contains("'log_density' and 'lp'",
            Assert.Throws<ArgumentException>(() =>
                NpzArchive.Write(twice, sandbox.In("x.npz"), TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
        Assert.Empty(sandbox.Entries);
    }

    private static Samples<double> Flagged() => new(
        2, 3, [new("mu", []), new("theta", [2, 2])], Enumerable.Range(0, 30).Select(i => i / 7.0).ToArray(),
        new Dictionary<string, double[]> { ["log_density"] = [1, 2, 3, 4, 5, double.NaN], ["diverging"] = [0, 0, 1, 0, 0, 0] });

    /// <summary>The arrays of an archive, by the description of the .npy format, version 1.0.</summary>
    private static Dictionary<string, (string Header, byte[] Data)> Read(string path)
    {
        using ZipArchive archive = ZipFile.OpenRead(path);
        return archive.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using var memory = new MemoryStream();
            using Stream stream = entry.Open();
            stream.CopyTo(memory);
            byte[] bytes = memory.ToArray();
            Assert.Equal([0x93, .. "NUMPY"u8, 1, 0], bytes[..8]);
            int begin = 10 + bytes[8] + 256 * bytes[9];
            Assert.Equal(0, begin % 64);
            string header = Encoding.ASCII.GetString(bytes, 10, begin - 10);
            Assert.EndsWith("\n", header, StringComparison.Ordinal);
            return (header.Trim(), bytes[begin..]);
        });
    }

    private static (int Exit, string Words) Run(string program)
    {
        var start = new ProcessStartInfo(Python) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(program);
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string words = process.StandardOutput.ReadToEnd() + errors.GetAwaiter().GetResult();
        process.WaitForExit();
        return (process.ExitCode, words);
    }
}
