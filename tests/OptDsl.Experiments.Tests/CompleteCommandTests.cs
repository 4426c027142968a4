using System.Globalization;
using System.Text;
using System.Text.Json;
using OptDsl.Testing;

namespace OptDsl.Experiments.Tests;

/// <summary><c>complete</c> from the arguments to the files, whose numbers are computed again.</summary>
public class CompleteCommandTests
{
    private const int Rows = 40, Columns = 30;

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void Rows_give_files_from_which_the_errors_follow(int firstIndex, bool header)
    {
        using var sandbox = new Sandbox();
        Dictionary<(int, int), double> data = LowRank();
        string text = (header ? "row,column,value\n" : "")
            + string.Concat(
                data.Select(cell =>
                    FormattableString.Invariant($"{cell.Key.Item1 + firstIndex},{cell.Key.Item2 + firstIndex},{cell.Value:R}\n")));
        string input = sandbox.Write("data.csv.gz", MalformedInputTests.Compress(Encoding.UTF8.GetBytes(text)));
        (int exit, string words, string errors) = CommandRun.Run("complete", "--input", input, "--output", sandbox.Output, "--iterations",
            "150", "--holdout", "0.25", "--seed", "3");
        Assert.Equal("", errors);
        Assert.Equal(CommandLine.Success, exit);
        Assert.Contains("depth2-width30", words, StringComparison.Ordinal);
        Assert.Contains("biases-factors16", words, StringComparison.Ordinal);
        CheckFiles(sandbox.Output, data, 3);

        // A second run replaces the first and gives the same numbers.
        byte[] prediction = File.ReadAllBytes(Path.Combine(sandbox.Output, "prediction-depth2-width30.npy"));
        (exit, _, _) = CommandRun.Run("complete", "--input", input, "--output", sandbox.Output, "--iterations", "150", "--holdout", "0.25",
            "--seed", "3", "--depth", "2", "--width", "30");
        Assert.Equal(CommandLine.Success, exit);
        Assert.Equal(prediction, File.ReadAllBytes(Path.Combine(sandbox.Output, "prediction-depth2-width30.npy")));
        Assert.Equal(["data.csv.gz", "result"], sandbox.Entries);
    }

    [Fact]
    public void Few_cells_of_many_take_the_sparse_path_to_the_same_kind_of_files()
    {
        using var sandbox = new Sandbox();
        Dictionary<(int, int), double> data = LowRank().Where(cell => ((cell.Key.Item1 * 31) + (cell.Key.Item2 * 17)) % 12 == 0)
            .ToDictionary();
        string input = sandbox.Write("data.csv",
            "0,0,1\n" + string.Concat(data.Where(cell => cell.Key != (0, 0))
                .Select(cell => FormattableString.Invariant($"{cell.Key.Item1},{cell.Key.Item2},{cell.Value:R}\n"))));
        data[(0, 0)] = 1;
        (int exit, _, string errors) = CommandRun.Run("complete", "--input", input, "--output", sandbox.Output, "--iterations", "30",
            "--depth", "3", "--width", "4", "--holdout", "0.3");
        Assert.Equal("", errors);
        Assert.Equal(CommandLine.Success, exit);
        CheckFiles(sandbox.Output, data, 1);
    }

    /// <summary>MovieLens's two ways to write ratings: identities with gaps become rows and columns, and the time is passed over.</summary>
    [Theory]
    [InlineData("", "\t")]
    [InlineData("userId,movieId,rating,timestamp\n", ",")]
    [InlineData("", "::")]
    public void Ratings_with_times_are_read_as_they_are(string header, string separator)
    {
        using var sandbox = new Sandbox();
        Dictionary<(int Row, int Column), double> data = LowRank();
        int[] rows = [.. Enumerable.Range(0, Rows).Select(i => 3 + (i * i))],
            columns = [.. Enumerable.Range(0, Columns).Select(i => 100_000 - (7 * i))];
        string input = sandbox.Write("ratings",
            header + string.Concat(
                data.Select(cell =>
                    string.Join(separator, rows[cell.Key.Row], columns[cell.Key.Column],
                        cell.Value.ToString("R", CultureInfo.InvariantCulture), "881250949") + "\n")));
        (int exit, _, string errors) = CommandRun.Run("complete", "--input", input, "--output", sandbox.Output, "--iterations", "120");
        Assert.Equal("", errors);
        Assert.Equal(CommandLine.Success, exit);

        // The arrays are in the identities' order, the columns' therefore backwards.
        CheckFiles(sandbox.Output, data.ToDictionary(cell => (cell.Key.Row, Columns - 1 - cell.Key.Column), cell => cell.Value), 3);
        Assert.Equal(["place,identity", .. rows.Select((identity, i) => $"{i},{identity}")],
            File.ReadAllLines(Path.Combine(sandbox.Output, "rows.csv")));
        Assert.Equal(["place,identity", .. columns.Reverse().Select((identity, i) => $"{i},{identity}")],
            File.ReadAllLines(Path.Combine(sandbox.Output, "columns.csv")));
    }

    [Fact]
    public void Images_give_a_report_that_needs_nothing_else()
    {
        using var sandbox = new Sandbox();
        byte[] images = MalformedInputTests.Images(60, 6, 5);
        string input = sandbox.Write("images.idx", images);
        (int exit, _, string errors) = CommandRun.Run("complete", "--input", input, "--output", sandbox.Output, "--iterations", "40");
        Assert.Equal("", errors);
        Assert.Equal(CommandLine.Success, exit);
        var data = new Dictionary<(int, int), double>();
        for (int i = 16; i < images.Length; i++)
        {
            data[((i - 16) / 30, (i - 16) % 30)] = images[i] / 255f;
        }

        CheckFiles(sandbox.Output, data, 2);
        string report = File.ReadAllText(Path.Combine(sandbox.Output, "report.html"));
        Assert.Contains("data:image/png;base64,", report, StringComparison.Ordinal);
        foreach (string reference in new[] { "http:", "https:", "url(", "@import", "<script", "<link", "src=" })
        {
            Assert.DoesNotContain(reference, report, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("NaN", report, StringComparison.Ordinal);
    }

    [Fact]
    public void The_shipped_images_beat_the_column_mean_within_a_few_steps()
    {
        using var sandbox = new Sandbox();
        (int exit, _, string errors) = CommandRun.Run("complete", "--output", sandbox.Output, "--iterations", "60", "--depth", "2",
            "--width", "12", "--rate", "0.02");
        Assert.Equal("", errors);
        Assert.Equal(CommandLine.Success, exit);
        using var result = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(sandbox.Output, "result.json")));
        Assert.InRange(result.RootElement.GetProperty("models")[0].GetProperty("hiddenRmse").GetDouble(), 0.1, 0.22);
        Assert.InRange(result.RootElement.GetProperty("baselines")[0].GetProperty("hiddenRmse").GetDouble(), 0.29, 0.30);
        (string type, int rows, int columns, byte[] mask) = ReadNpy(Path.Combine(sandbox.Output, "mask.npy"));
        Assert.Equal(("|b1", 600, 784), (type, rows, columns));
        Assert.InRange(mask.Count(value => value == 1) / (double)mask.Length, 0.397, 0.403);
    }

    [Fact]
    public void A_cancelled_run_leaves_nothing()
    {
        using var sandbox = new Sandbox();
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        (int exit, _, string errors) = CommandRun.Run(cancellation.Token, "complete", "--output", sandbox.Output);
        Assert.Equal(CommandLine.Cancelled, exit);
        Assert.StartsWith("cancelled", errors, StringComparison.Ordinal);
        Assert.Empty(sandbox.Entries);
    }

    [Fact]
    public void A_failure_while_writing_leaves_the_earlier_result()
    {
        using var sandbox = new Sandbox();
        var directory = new OutputDirectory(Path.Combine(sandbox.In("deep"), "er"), ResultFiles.IsOurs);
        Assert.Throws<OperationCanceledException>(() => directory.Write(
            staging =>
            {
                File.WriteAllText(Path.Combine(staging, "result.json"), "half");
                throw new OperationCanceledException();
            },
            CancellationToken.None));
        Assert.Empty(sandbox.Entries);
        directory.Write(staging => File.WriteAllText(Path.Combine(staging, "result.json"), "whole"), CancellationToken.None);
        Assert.Throws<InputException>(() => directory.Write(_ => throw new IOException("disk full"), CancellationToken.None));
        Assert.Equal("whole", File.ReadAllText(Path.Combine(sandbox.In("deep"), "er", "result.json")));
        Assert.Equal(["er"], Directory.GetFileSystemEntries(sandbox.In("deep")).Select(Path.GetFileName));
    }

    [Fact]
    public void Gzip_in_several_members_is_one_file()
    {
        using var sandbox = new Sandbox();
        byte[] data = [.. MalformedInputTests.Compress("1,1,2\n1,2,"u8.ToArray()),
            .. MalformedInputTests.Compress("3\n2,1,4\n2,2,5\n"u8.ToArray())];
        using var stream = new MemoryStream(data);
        CellMatrix matrix = InputFile.Read(stream, "two.gz", CancellationToken.None);
        Assert.Equal([2, 3, 4, 5], matrix.Values);
    }

    private static Dictionary<(int, int), double> LowRank()
    {
        var random = new Xoshiro256(12);
        double[] left = [.. Enumerable.Range(0, 2 * Rows).Select(_ => random.NextGaussian())],
            right = [.. Enumerable.Range(0, 2 * Columns).Select(_ => random.NextGaussian())];
        var data = new Dictionary<(int, int), double>();
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++)
            {
                // The first row stays whole: with it every index occurs.
                if (i == 0 || j == 0 || random.NextDouble() < 0.7)
                {
                    data[(i, j)] = 10 + (float)((left[2 * i] * right[2 * j]) + (left[(2 * i) + 1] * right[(2 * j) + 1]));
                }
            }
        }

        return data;
    }

    private static void CheckFiles(string directory, Dictionary<(int Row, int Column), double> data, int models)
    {
        using var result = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(directory, "result.json")));
        Assert.Equal(["version", "input", "options", "models", "baselines", "remarks"],
            result.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal(models, result.RootElement.GetProperty("models").GetArrayLength());
        (string maskType, int rows, int columns, byte[] mask) = ReadNpy(Path.Combine(directory, "mask.npy"));
        Assert.Equal("|b1", maskType);
        Assert.Contains(data.Keys, cell => mask[(cell.Row * columns) + cell.Column] == 1);
        foreach (JsonElement model in result.RootElement.GetProperty("models").EnumerateArray())
        {
            Assert.Equal(
                ["name", "kind", "depth", "width", "rule", "hyperparameters", "rate", "initialScale", "penalty", "iterations", "seed",
                    "keptIteration", "hiddenRmse", "trainRmse", "effectiveRank", "seconds"],
                model.EnumerateObject().Select(property => property.Name));
            string name = model.GetProperty("name").GetString()!;
            (string type, int predictedRows, int predictedColumns, byte[] bytes) = ReadNpy(
                Path.Combine(directory, $"prediction-{name}.npy"));
            Assert.Equal(("<f4", rows, columns), (type, predictedRows, predictedColumns));
            double hidden = 0, train = 0;
            int hiddenCount = 0, trainCount = 0;
            foreach (((int row, int column), double value) in data)
            {
                int at = (row * columns) + column;
                double difference = BitConverter.ToSingle(bytes, at * 4) - (double)(float)value;
                bool observed = mask[at] == 1;
                hidden += observed ? 0 : difference * difference;
                train += observed ? difference * difference : 0;
                hiddenCount += observed ? 0 : 1;
                trainCount += observed ? 1 : 0;
            }

            Assert.Equal(Math.Sqrt(hidden / hiddenCount), model.GetProperty("hiddenRmse").GetDouble(), 1e-9);
            Assert.Equal(Math.Sqrt(train / trainCount), model.GetProperty("trainRmse").GetDouble(), 1e-9);
            Assert.InRange(model.GetProperty("effectiveRank").GetDouble(), 0.9, Math.Min(rows, columns));
            string[] series = File.ReadAllLines(Path.Combine(directory, $"series-{name}.csv"));
            Assert.Equal("iteration,seconds,trainRmse,validationRmse,hiddenRmse", series[0]);

            // The recommender stops where biases and few factors cannot say more.
            Assert.True(series.Length > (name.StartsWith("biases", StringComparison.Ordinal) ? 6 : 10), $"{name}: {series.Length} lines");
        }

        foreach (JsonElement baseline in result.RootElement.GetProperty("baselines").EnumerateArray())
        {
            Assert.Equal(["name", "hiddenRmse"], baseline.EnumerateObject().Select(property => property.Name));
        }
    }

    private static (string Type, int Rows, int Columns, byte[] Data) ReadNpy(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        Assert.Equal([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0], file[..8]);
        int start = 10 + BitConverter.ToUInt16(file, 8);
        Assert.Equal(0, start % 64);
        string header = Encoding.ASCII.GetString(file, 10, start - 10);
        Assert.EndsWith("\n", header, StringComparison.Ordinal);
        Assert.Contains("'fortran_order': False", header, StringComparison.Ordinal);
        string[] shape = header.Split('(')[1].Split(')')[0].Split(", ");
        string type = header.Split("'descr': '")[1].Split('\'')[0];
        int rows = int.Parse(shape[0], CultureInfo.InvariantCulture), columns = int.Parse(shape[1], CultureInfo.InvariantCulture);
        Assert.Equal(rows * columns * (type == "<f4" ? 4 : 1), file.Length - start);
        return (type, rows, columns, file[start..]);
    }
}
