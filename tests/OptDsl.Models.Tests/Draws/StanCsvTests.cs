using System.Globalization;
using System.Numerics;
using OptDsl.Testing;

namespace OptDsl.Models.Tests.Draws;

public class StanCsvTests
{
    /// <summary>
    /// The file as CmdStan has it: statistics by Stan's names, matrices column by column. A transposed order is seen here and not by
    /// reading back.
    /// </summary>
    [Fact]
    public void A_file_has_Stans_columns()
    {
        using var sandbox = new Sandbox();
        IReadOnlyList<string> paths = StanCsv.Write(SamplesTests.Numbered<double>(), sandbox.In("run"),
            TestContext.Current.CancellationToken);
        Assert.Equal([sandbox.In("run_1.csv"), sandbox.In("run_2.csv")], paths);
        Assert.Equal(["run_1.csv", "run_2.csv"], sandbox.Entries);
        string[] lines = File.ReadAllLines(paths[1]);
        Assert.Equal(
            ["# model = run", "# method = sample", "#   sample", "#     num_samples = 3", "#     save_warmup = 0", "#     thin = 1",
                "# id = 2", "# chains = 2"], lines[..8]);
        Assert.StartsWith("# run = ", lines[8], StringComparison.Ordinal);
        Assert.Equal("lp__,accept_stat__,level__,mu,theta.1.1,theta.2.1,theta.1.2,theta.2.2,theta.1.3,theta.2.3,tau.1", lines[9]);
        Assert.Equal("5.5,0.10000000000000001,1,120,121,124,122,125,123,126,127", lines[12]);
        Assert.Equal(13, lines.Length);
        Assert.Equal(lines[8], File.ReadAllLines(paths[0])[8]);
    }

    /// <summary>A digit too few, or a point that a culture makes a comma, and bits differ.</summary>
    [Fact]
    public void Numbers_read_back_to_the_same_bits()
    {
        Check<float>(random => BitConverter.UInt32BitsToSingle((uint)random.NextUInt64()), float.Epsilon, float.MaxValue);
        Check<double>(random => BitConverter.UInt64BitsToDouble(random.NextUInt64()), double.Epsilon, double.MaxValue);

        static void Check<T>(Func<Xoshiro256, T> any, T least, T most)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var sandbox = new Sandbox();
            var random = new Xoshiro256(5);
            T[] values = new T[2 * 500 * 6];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = any(random);
            }

            T[] special = [T.NaN, T.PositiveInfinity, T.NegativeInfinity, T.NegativeZero, T.Zero, least, -least, most, -most,
                T.One / T.CreateChecked(3)];
            special.CopyTo(values, 1000);
            double[] statistic = [.. Enumerable.Range(0, 1000).Select(_ => BitConverter.UInt64BitsToDouble(random.NextUInt64()))];
            var samples = new Samples<T>(2, 500, [new("b", [2, 2]), new("a", []), new("c", [1])], values,
                new Dictionary<string, double[]> { ["n_steps"] = statistic, ["anything_else"] = statistic });
            CultureInfo culture = CultureInfo.CurrentCulture;
            try
            {
                // A culture that writes 1,5 and ∞.
                var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
                (other.NumberFormat.NumberDecimalSeparator, other.NumberFormat.NegativeSign) = (",", "~");
                CultureInfo.CurrentCulture = other;
                StanCsv.Write(samples, sandbox.In("x"), TestContext.Current.CancellationToken);
                Samples<T> read = StanCsv.Read<T>(sandbox.In("x"));
                Assert.Equal(samples.Variables, read.Variables);
                Assert.Equal(["n_steps", "anything_else"], read.StatisticNames);
                Same(samples.Values, read.Values);
                Same<double>(statistic, read.GetStatistic("n_steps"));
                Same<double>(statistic, read.GetStatistic("anything_else"));
            }
            finally
            {
                CultureInfo.CurrentCulture = culture;
            }
        }

        // NaNs have payloads, which text has not.
        static void Same<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> actual)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            Assert.Equal(expected.Length, actual.Length);
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.True(expected[i].Equals(actual[i]) && (T.IsNaN(expected[i]) || T.IsNegative(expected[i]) == T.IsNegative(actual[i])),
                    $"{i}: {expected[i]:R} became {actual[i]:R}.");
            }
        }
    }

    /// <summary>Comments in the middle and at the end, columns in any order, no word on the chains: as CmdStan's own files are.</summary>
    [Fact]
    public void CmdStans_own_files_are_read()
    {
        using var sandbox = new Sandbox();
        for (int chain = 1; chain <= 2; chain++)
        {
            sandbox.Write($"output_{chain}.csv", $"""
                # stan_version_major = 2
                # method = sample (Default)
                #     num_samples = 4
                #     num_warmup = 1000 (Default)
                #     thin = 2
                # id = {chain}
                lp__,accept_stat__,theta.2,theta.1,mu
                # Adaptation terminated
                # Step size = 0.9
                -7.5,1,2,1,3e-05
                -6.5,0.5,4,3,-inf
                #
                #  Elapsed Time: 0.1 seconds (Warm-up)

                """);
        }

        Samples<float> samples = StanCsv.Read<float>(sandbox.In("output"));
        Assert.Equal((2, 2), (samples.Chains, samples.Draws));
        Assert.Equal([new("theta", [2]), new("mu", [])], samples.Variables);
        Assert.Equal([1f, 2, 3e-5f, 3, 4, float.NegativeInfinity, 1, 2, 3e-5f, 3, 4, float.NegativeInfinity], samples.Values.ToArray());
        Assert.Equal([-7.5, -6.5, -7.5, -6.5], samples.GetStatistic(SampleStatistics.LogDensity).ToArray());
    }

    [Theory]
    [InlineData("mu\n1\n\n2\n# chains = 1", "")]
    [InlineData("", "no line of names")]
    [InlineData("mu\n", "no draws")]
    [InlineData("# num_samples = 3\nmu\n1\n2\n", "has 2 draws, but num_samples = 3 and thin = 1: it is cut short")]
    [InlineData("# num_samples = none\nmu\n1\n", "num_samples = none")]
    [InlineData("# chains = 0\nmu\n1\n", "chains = 0")]
    [InlineData("mu,mu\n1,2\n", "names the column 'mu' twice")]
    [InlineData("lp__\n1\n", "names no variable")]
    [InlineData("mu,theta.2\n1,2\n", "columns 'theta'")]
    [InlineData("theta.1,theta.01\n1,2\n", "columns 'theta'")]
    [InlineData("theta,theta.1\n1,2\n", "columns 'theta'")]
    [InlineData("theta.1.1,theta.1,theta.2\n1,2,3\n", "columns 'theta'")]
    [InlineData("theta.1,theta.2147483647.2147483647\n1,2\n", "columns 'theta'")]
    [InlineData("z.real,z.imag\n1,2\n", "columns 'z'")]
    [InlineData("t:1\n1\n", "columns 't:1'")]
    [InlineData("mu,nu\n1,2\n3\n", "line 3, has 1 values; there are 2 columns")]
    [InlineData("mu,nu\n1,2,3\n", "line 2, has more values; there are 2 columns")]
    [InlineData("mu\n1,5\n", "line 2, has more values; there are 1 columns")]
    [InlineData("mu\n1 000\n", "line 2, has '1 000' where a number")]
    [InlineData("mu\n1e999\n", "'1e999'")]
    [InlineData("mu\nInfinity\n", "'Infinity'")]
    [InlineData("# chains = 1\nmu\n\u0000\n", "where a number")]
    public void What_is_no_such_file_is_refused_with_its_place(string text, string words)
    {
        using var sandbox = new Sandbox();
        sandbox.Write("x_1.csv", text);
        if (words.Length == 0)
        {
            Assert.Equal([1.0, 2], StanCsv.Read<double>(sandbox.In("x")).Values.ToArray());
            return;
        }

        string message = Assert.Throws<InvalidDataException>(() => StanCsv.Read<double>(sandbox.In("x"))).Message;
        Assert.Contains(words, message, StringComparison.Ordinal);
        Assert.Contains("x_1.csv", message, StringComparison.Ordinal);
    }

    /// <summary>Files of two runs under one name: after a kill between two chains, or of a run with more of them.</summary>
    [Fact]
    public void Runs_are_not_mixed()
    {
        using var sandbox = new Sandbox();
        CancellationToken token = TestContext.Current.CancellationToken;
        Samples<double> first = SamplesTests.Numbered<double>();
        double[] moved = first.Values.ToArray();
        moved[^1]++;
        var second = new Samples<double>(2, 3, first.Variables, moved,
            new Dictionary<string, double[]>
            {
                ["log_density"] = new double[6],
                ["acceptance"] = new double[6],
                ["level"] = new double[6]
            });
        StanCsv.Write(first, sandbox.In("x"), token);
        string old = File.ReadAllText(sandbox.In("x_2.csv"));
        StanCsv.Write(second, sandbox.In("x"), token);
        Assert.Equal(moved, StanCsv.Read<double>(sandbox.In("x")).Values.ToArray());
        File.WriteAllText(sandbox.In("x_2.csv"), old);
        Assert.Contains("the mark of another run", Assert.Throws<InvalidDataException>(() => StanCsv.Read<double>(sandbox.In("x"))).Message,
            StringComparison.Ordinal);
        File.WriteAllText(sandbox.In("x_2.csv"), old.Replace("mu,", "nu,", StringComparison.Ordinal));
        Assert.Contains("other columns", Assert.Throws<InvalidDataException>(() => StanCsv.Read<double>(sandbox.In("x"))).Message,
            StringComparison.Ordinal);
        File.Delete(sandbox.In("x_2.csv"));
        Assert.Throws<FileNotFoundException>(() => StanCsv.Read<double>(sandbox.In("x")));
        File.WriteAllText(sandbox.In("x_3.csv"), old);
        Assert.Contains("x_3.csv", Assert.Throws<IOException>(() => StanCsv.Write(second, sandbox.In("x"), token)).Message,
            StringComparison.Ordinal);
        Assert.Equal(["x_1.csv", "x_3.csv"], sandbox.Entries);
    }

    [Fact]
    public void A_full_disk_or_a_cancellation_leaves_the_old_file()
    {
        using var sandbox = new Sandbox();
        Samples<double> samples = SamplesTests.Numbered<double>();
        long length = new FileInfo(StanCsv.Write(samples, sandbox.In("y"), TestContext.Current.CancellationToken)[0]).Length;
        sandbox.Write("x_1.csv", "old");
        foreach (long capacity in (long[])[0, 1, length / 2, length - 1])
        {
            Assert.Throws<IOException>(() =>
                StanCsv.WriteWatched(samples, sandbox.In("x"), new FullDisk(capacity), TestContext.Current.CancellationToken));
        }

        Assert.ThrowsAny<OperationCanceledException>(() => StanCsv.Write(samples, sandbox.In("x"), new CancellationToken(canceled: true)));
        Assert.Equal("old", File.ReadAllText(sandbox.In("x_1.csv")));
        Assert.Equal(["x_1.csv", "y_1.csv", "y_2.csv"], sandbox.Entries);
        Assert.ThrowsAny<IOException>(() => StanCsv.Write(samples, sandbox.In("none/x"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Names_that_Stan_would_read_otherwise_are_refused()
    {
        using var sandbox = new Sandbox();
        CancellationToken token = TestContext.Current.CancellationToken;
        foreach (string name in (string[])["layer.weight", "lp__"])
        {
            Assert.Contains($"'{name}'",
                Assert.Throws<ArgumentException>(() =>
                    StanCsv.Write(new Samples<float>(1, 1, [new(name, [])], new float[1], new Dictionary<string, double[]>()),
                        sandbox.In("x"), token)).Message, StringComparison.Ordinal);
        }

        var twice = new Samples<float>(1, 1, [new("x", [])], new float[1],
            new Dictionary<string, double[]> { ["step_size"] = [1], ["stepsize"] = [1] });
        Assert.Contains("stepsize__", Assert.Throws<ArgumentException>(() => StanCsv.Write(twice, sandbox.In("x"), token)).Message,
            StringComparison.Ordinal);
        Assert.Empty(sandbox.Entries);
    }
}
