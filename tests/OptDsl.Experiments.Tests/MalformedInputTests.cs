using System.IO.Compression;
using System.Text;
using OptDsl.Testing;

namespace OptDsl.Experiments.Tests;

/// <summary>Every malformed input gives one line, exit code 2 and no file.</summary>
public class MalformedInputTests
{
    [Fact]
    public void A_missing_file_and_a_directory()
    {
        using var sandbox = new Sandbox();
        Refused(sandbox, sandbox.In("nowhere.csv"), "no such file");
        Refused(sandbox, sandbox.In("no/where.csv"), "no such file");
        Refused(sandbox, sandbox.In("."), "is a directory");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(200)]
    public void Gzip_cut_short_by(int missing)
    {
        using var sandbox = new Sandbox();
        byte[] whole = Compress(
            Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(1, 300).Select(i => $"{i},{i % 7},{i * 37 % 11}\n"))));
        Refused(sandbox, sandbox.Write("data.csv.gz", whole[..^missing]), "the gzip data are truncated or damaged");
        Refused(sandbox, sandbox.Write("images.gz", Compress(Images(20, 5, 5))[..^Math.Min(missing, 30)]),
            "the gzip data are truncated or damaged");
    }

    [Fact]
    public void Gzip_cut_in_its_header_damaged_or_only_named_so()
    {
        using var sandbox = new Sandbox();
        byte[] whole = Compress(Encoding.UTF8.GetBytes("1,1,2\n1,2,3\n2,1,4\n"));
        Refused(sandbox, sandbox.Write("a.gz", whole[..5]), "the gzip data are truncated or damaged");
        byte[] damaged = [.. whole];
        damaged[^6] ^= 1;
        Refused(sandbox, sandbox.Write("b.gz", damaged), "the gzip data are truncated or damaged");
        Refused(sandbox, sandbox.Write("c.gz", "1,1,2\n"), "is not gzip data although it is named .gz");
    }

    [Fact]
    public void Images_with_a_wrong_header()
    {
        using var sandbox = new Sandbox();
        byte[] images = Images(20, 5, 5);
        void Case(Func<byte[], byte[]> change, string expected)
        {
            byte[] changed = change([.. images]);
            Refused(sandbox, sandbox.Write("images.idx", changed), expected);
            Refused(sandbox, sandbox.Write("images.idx.gz", Compress(changed)), expected);
        }

        byte[] With(byte[] bytes, int at, byte value)
        {
            bytes[at] = value;
            return bytes;
        }

        Case(bytes => With(bytes, 0, 9), "does not begin with an IDX magic number");
        Case(bytes => With(bytes, 2, 0x0D), "elements of type 0x0D; only unsigned bytes");
        Case(bytes => With(bytes, 3, 1), "has 1 IDX dimensions");
        Case(bytes => bytes[..10], "ends inside the IDX header, at dimension 2 of 3");
        Case(bytes => With(bytes, 11, 0), "IDX dimension 2 of 3 is 0");
        Case(bytes => With(bytes, 4, 0x7f), "are more cells than the limit");
        Case(bytes => bytes[..^1], "ends after 499 of 500 bytes of pixels (20 x 25)");
        Case(bytes => [.. bytes, 0], "goes on after the 500 bytes of pixels");
        Case(_ => [], "is empty");
        Refused(sandbox, sandbox.Write("labels-ubyte", [0, 0, 8, 1, 0, 0, 0, 1, 5]), "Give the images file, not the labels");
    }

    [Theory]
    [InlineData("--holdout", "0", "--holdout is 0; it must be above 0 and below 1")]
    [InlineData("--holdout", "1.5", "--holdout is 1.5")]
    [InlineData("--holdout", "NaN", "--holdout is NaN")]
    [InlineData("--depth", "0", "--depth is 0; it must be from 1 to 20")]
    [InlineData("--depth", "two", "--depth is 'two'; it must be a whole number")]
    [InlineData("--width", "-4", "--width is -4; it must be from 1 to 10000")]
    [InlineData("--rate", "0", "--rate is 0")]
    [InlineData("--rate", "inf", "--rate is 'inf'; it must be a number")]
    [InlineData("--rate", "0,003", "--rate is '0,003', with a decimal comma; write it with a point")]
    [InlineData("--rate", "1,000.5", "--rate is '1,000.5'; it must be a number")]
    [InlineData("--holdout", "0,2", "--holdout is '0,2', with a decimal comma")]
    [InlineData("--seed", "1,000", "--seed is '1,000'; it must be a whole number from 0 to 18446744073709551615")]
    [InlineData("--iterations", "99999999999", "--iterations is '99999999999'; it must be a whole number from 1 to 10000000")]
    [InlineData("--input", "", "--input is blank")]
    [InlineData("--iterations", "0", "--iterations is 0")]
    [InlineData("--seed", "-1", "--seed is '-1'")]
    [InlineData("--rule", "magic", "no rule 'magic'; use one of adam")]
    [InlineData("--output", " ", "--output is blank")]
    [InlineData("--colour", "red", "'--colour'")]
    public void Options(string option, string value, string expected)
    {
        using var sandbox = new Sandbox();
        (int exit, string words, string errors) = CommandRun.Run("complete", option, value);
        Assert.Equal(CommandLine.BadInput, exit);
        Assert.StartsWith("error: ", errors, StringComparison.Ordinal);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
        Assert.Single(errors.TrimEnd().Split('\n'));
        Assert.Empty(words);
    }

    [Fact]
    public void Places_where_results_must_not_go()
    {
        using var sandbox = new Sandbox();
        string file = sandbox.Write("data.csv", "1,1,2\n"), foreign = sandbox.In("mine");
        Directory.CreateDirectory(foreign);
        File.WriteAllText(Path.Combine(foreign, "thesis.txt"), "keep");
        (int exit, _, string errors) = CommandRun.Run("complete", "--output", file);
        Assert.Equal(CommandLine.BadInput, exit);
        Assert.Contains("is a file", errors, StringComparison.Ordinal);
        (exit, _, errors) = CommandRun.Run("complete", "--output", foreign);
        Assert.Equal(CommandLine.BadInput, exit);
        Assert.Contains("holds thesis.txt, which this command did not write", errors, StringComparison.Ordinal);
        (exit, _, errors) = CommandRun.Run("complete", "--output", Path.Combine(file, "below"));
        Assert.Equal(CommandLine.BadInput, exit);
        Assert.Contains("cannot be written", errors, StringComparison.Ordinal);
        Assert.Equal(["data.csv", "mine"], sandbox.Entries);
    }

    internal static byte[] Compress(byte[] data)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(data);
        }

        return packed.ToArray();
    }

    internal static byte[] Images(byte count, byte height, byte width)
    {
        var random = new Xoshiro256(3);
        byte[] across = [.. Enumerable.Range(0, width).Select(_ => (byte)random.NextInt32(200))];
        return
        [
            0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, height, 0, 0, 0, width,
            .. Enumerable.Range(0, count * height * width).Select(i => (byte)(across[i % width] * (1 + (i / (height * width) % 3)) / 3)),
        ];
    }

    internal static void Refused(Sandbox sandbox, string input, string expected)
    {
        string[] before = [.. sandbox.Entries];
        (int exit, string words, string errors) = CommandRun.Run("complete", "--input", input, "--output", sandbox.Output);
        Assert.Equal(CommandLine.BadInput, exit);
        Assert.Single(errors.TrimEnd().Split('\n'));
        Assert.StartsWith($"error: {input}", errors, StringComparison.Ordinal);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
        Assert.Empty(words);
        Assert.Equal(before, sandbox.Entries);
    }
}
