using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using OptDsl.Testing;

namespace OptDsl.Experiments.Tests;

/// <summary><c>complete</c> of matrices of so many cells that no array holds them: one over all would fail, or take all memory.</summary>
public class LargeCompletionTests
{
    private const int Side = 200_000;

    [Fact]
    public void The_usual_models_that_suit_are_trained_and_the_others_named()
    {
        using var sandbox = new Sandbox();
        (int[] rows, int[] columns, float[] values, string input) = Write(sandbox);
        (int exit, string words, string errors) = CommandRun.Run("complete", "--input", input, "--output", sandbox.Output, "--iterations",
            "4");
        Assert.Equal("", errors);
        Assert.Equal(CommandLine.Success, exit);
        Assert.Contains("depth2-width40 is left out: it would have 16000000 parameters. --depth 2 --width 40 trains it.", words,
            StringComparison.Ordinal);
        Assert.Contains("depth2-width200000 is left out", words, StringComparison.Ordinal);
        Assert.Contains("factors are written", words, StringComparison.Ordinal);
        CheckFiles(sandbox.Output, rows, columns, values);
        Assert.Equal(1 + 16, File.ReadAllLines(Path.Combine(sandbox.Output, "singular-values.csv")).Length);
        Assert.Contains("observed.npy", File.ReadAllText(Path.Combine(sandbox.Output, "report.html")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2", "4")]
    [InlineData("3", "3")]
    public void A_factorization_is_trained_from_its_cells(string depth, string width)
    {
        using var sandbox = new Sandbox();
        (int[] rows, int[] columns, float[] values, string input) = Write(sandbox);
        (int exit, _, string errors) = CommandRun.Run("complete", "--input", input, "--output", sandbox.Output, "--iterations", "3",
            "--depth", depth, "--width", width);
        Assert.Equal("", errors);
        Assert.Equal(CommandLine.Success, exit);
        CheckFiles(sandbox.Output, rows, columns, values);

        // Another run of the same command may replace these files.
        (exit, _, errors) = CommandRun.Run("complete", "--input", input, "--output", sandbox.Output, "--iterations", "1", "--depth", "2",
            "--width", "1");
        Assert.Equal("", errors);
        Assert.Equal(CommandLine.Success, exit);
    }

    /// <summary>Just above the limit, and tall: as many cells as would be written, and a row more.</summary>
    [Fact]
    public void The_limit_is_of_cells()
    {
        Assert.True(new CellMatrix("", 5_000_000, 10, []).IsSmall);
        Assert.False(new CellMatrix("", 5_000_001, 10, []).IsSmall);
        Assert.False(new CellMatrix("", int.MaxValue, int.MaxValue, []).IsSmall);
    }

    [Fact]
    public void Cells_are_in_order_however_they_are_read()
    {
        var random = new Xoshiro256(3);
        ReadCell[] cells = [.. Enumerable.Range(0, 35).Where(i => i % 4 != 1).OrderBy(_ => random.NextDouble())
            .Select((i, line) => new ReadCell(i / 7, i % 7, i, line))];
        CellMatrix matrix = CellPlaces.Order("", 5, 7, cells, (_, _) => "");
        Assert.False(matrix.IsComplete);
        Assert.Equal(Enumerable.Range(0, 35).Where(i => i % 4 != 1).Select(i => (float)i), matrix.Values);
        for (int cell = 0; cell < matrix.Count; cell++)
        {
            Assert.Equal(((int)matrix.Values[cell] / 7, (int)matrix.Values[cell] % 7), (matrix.RowOf(cell), matrix.ColumnOf(cell)));
        }

        ReadCell[] all = [.. Enumerable.Range(0, 35).OrderBy(_ => random.NextDouble()).Select(i => new ReadCell(i / 7, i % 7, i, 0))];
        Assert.True(CellPlaces.Order("", 5, 7, all, (_, _) => "").IsComplete);
    }

    [Fact]
    public void What_is_done_beside_training_can_be_cancelled()
    {
        using var sandbox = new Sandbox();
        CellMatrix matrix = InputFile.Read(Write(sandbox).Input, CancellationToken.None);
        var problem = new CompletionProblem(matrix, 0.2, 0);
        IReadOnlyList<ModelSettings> models = new CompleteOptions { Depth = 2, Width = 3, Iterations = 1 }.Models(problem);
        foreach (string work in new[] { "singular values", "baselines" })
        {
            using var cancellation = new CancellationTokenSource();
            var progress = new CancelAt(work, cancellation);
            Assert.ThrowsAny<OperationCanceledException>(() => CompletionRun.Run(problem, models, progress, cancellation.Token));
            Assert.Contains(progress.Works, begun => begun.EndsWith(work, StringComparison.Ordinal));
        }

        using CompletionResult result = CompletionRun.Run(problem, models, new CancelAt("", null), CancellationToken.None);
        var record = RunRecord.Of(result, null, new OptionsRecord(0.2, 0, 2, 3, null, null, null, 1));
        foreach (string work in new[] { "observed cells", "writing" })
        {
            using var cancellation = new CancellationTokenSource();
            string directory = Directory.CreateDirectory(sandbox.In(work)).FullName;
            Assert.ThrowsAny<OperationCanceledException>(
                () => ResultFiles.Write(directory, result, record, new CancelAt(work, cancellation), cancellation.Token));
        }
    }

    private static (int[] Rows, int[] Columns, float[] Values, string Input) Write(Sandbox sandbox)
    {
        // Every row and every column has one cell, and some have more.
        int[] rows = [.. Enumerable.Range(0, Side), .. Enumerable.Range(0, 2000)],
            columns = [.. Enumerable.Range(0, Side).Select(i => (int)(i * 7919L % Side)), .. Enumerable.Range(0, 2000).Select(i => i / 50)];
        var cells = new HashSet<(int, int)>();
        int[] kept = [.. Enumerable.Range(0, rows.Length).Where(i => cells.Add((rows[i], columns[i])))];
        (rows, columns) = (Array.ConvertAll(kept, i => rows[i]), Array.ConvertAll(kept, i => columns[i]));
        float[] values = [.. rows.Select((row, i) => 3 + ((row + columns[i]) % 5 / 2f))];
        var text = new StringBuilder("row,column,value\n");
        for (int i = 0; i < rows.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{rows[i] + 1},{columns[i] + 1},{values[i]}\n");
        }

        return (rows, columns, values, sandbox.Write("data.csv", text.ToString()));
    }

    /// <summary>Computes the errors again from the factors and the observed cells.</summary>
    private static void CheckFiles(string directory, int[] rows, int[] columns, float[] values)
    {
        using var result = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(directory, "result.json")));
        var observed = new HashSet<(int, int)>();
        ReadOnlySpan<int> places = MemoryMarshal.Cast<byte, int>(Data(Path.Combine(directory, "observed.npy")));
        for (int i = 0; i < places.Length; i += 2)
        {
            observed.Add((places[i], places[i + 1]));
        }

        Assert.InRange(observed.Count / (double)values.Length, 0.79, 0.81);
        Assert.Empty(Directory.GetFiles(directory, "prediction-*"));
        Assert.False(File.Exists(Path.Combine(directory, "mask.npy")));
        foreach (JsonElement model in result.RootElement.GetProperty("models").EnumerateArray())
        {
            string name = model.GetProperty("name").GetString()!;
            ReadOnlySpan<float> left = MemoryMarshal.Cast<byte, float>(Data(Path.Combine(directory, $"row-factors-{name}.npy")));
            ReadOnlySpan<float> right = MemoryMarshal.Cast<byte, float>(Data(Path.Combine(directory, $"column-factors-{name}.npy")));
            int width = left.Length / Side;
            Assert.Equal(left.Length, right.Length);
            double[] squares = new double[2];
            int[] counts = new int[2];
            for (int i = 0; i < values.Length; i++)
            {
                double prediction = 0;
                for (int k = 0; k < width; k++)
                {
                    prediction += (double)left[(rows[i] * width) + k] * right[(columns[i] * width) + k];
                }

                prediction = name.StartsWith("biases", StringComparison.Ordinal) ? Math.Clamp(prediction, 3, 5) : prediction;
                int hidden = observed.Contains((rows[i], columns[i])) ? 0 : 1;
                squares[hidden] += (prediction - values[i]) * (prediction - values[i]);
                counts[hidden]++;
            }

            Assert.Equal(Math.Sqrt(squares[0] / counts[0]), model.GetProperty("trainRmse").GetDouble(), 1e-6);
            Assert.Equal(Math.Sqrt(squares[1] / counts[1]), model.GetProperty("hiddenRmse").GetDouble(), 1e-6);
        }
    }

    private static byte[] Data(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        return file[(10 + BitConverter.ToUInt16(file, 8))..];
    }

    /// <summary>Cancels when some work begins.</summary>
    private sealed class CancelAt(string work, CancellationTokenSource? cancellation) : ITrainingProgress, IProgressStage
    {
        internal List<string> Works { get; } = [];

        public void Report(ModelSettings model, SeriesPoint point)
        {
        }

        public void Finish(ModelSettings model, ModelResult result)
        {
        }

        public IProgressStage Begin(string begun)
        {
            Works.Add(begun);
            if (begun.EndsWith(work, StringComparison.Ordinal))
            {
                cancellation?.Cancel();
            }

            return this;
        }

        public void Report(double value) => Assert.InRange(value, 0, 1);

        public void Dispose()
        {
        }
    }
}
