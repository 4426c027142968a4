using System.Diagnostics;
using System.Text;
using System.Text.Json;
using OptDsl.Testing;

namespace OptDsl.Experiments.Tests;

/// <summary>Pipes, links and places that cannot be written.</summary>
public class FileSystemTests
{
    /// <summary>A pipe has no length and is read once, so a reader that opens it twice or seeks waits or fails.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_pipe_is_read_like_a_file(bool compressed)
    {
        using var sandbox = new Sandbox();
        string pipe = Pipe(sandbox);
        byte[] data = Encoding.UTF8.GetBytes(RepeatTests.Data());
        Task writer = Task.Run(() =>
        {
            using FileStream stream = OpenToWrite(pipe);
            stream.Write(compressed ? MalformedInputTests.Compress(data) : data);
        }, TestContext.Current.CancellationToken);
        (int exit, string words, string errors) = CommandRun.Run("complete", "--input", pipe, "--output", sandbox.Output, "--iterations",
            "3");
        await writer;
        Assert.Equal((0, ""), (exit, errors));
        Assert.Contains("20 rows x 10 columns", words, StringComparison.Ordinal);
    }

    /// <summary>A run that waits for the other end of a pipe still ends when it is asked to.</summary>
    [Fact]
    public async Task A_pipe_without_data_does_not_hold_up_a_cancellation()
    {
        using var sandbox = new Sandbox();
        using var cancellation = new CancellationTokenSource();
        string pipe = Pipe(sandbox);
        Task<(int Exit, string Words, string Errors)> run = Task.Run(
            () => CommandRun.Run(cancellation.Token, "complete", "--input", pipe, "--output", sandbox.Output),
            TestContext.Current.CancellationToken);

        // Returns when the run has opened its end, and writes nothing.
        using FileStream stream = OpenToWrite(pipe);
        await cancellation.CancelAsync();
        (int exit, _, string errors) = await run;
        Assert.Equal(CommandLine.Cancelled, exit);
        Assert.StartsWith("cancelled", errors, StringComparison.Ordinal);
        Assert.Equal(["pipe"], sandbox.Entries);
    }

    [Fact]
    public void A_link_to_a_directory_stays_and_the_results_go_where_it_leads()
    {
        using var sandbox = new Sandbox();
        string target = sandbox.In("target"), input = sandbox.Write("data.csv", RepeatTests.Data());
        Directory.CreateSymbolicLink(sandbox.Output, "target");
        Assert.Contains($"--output {sandbox.Output} is a link to {target}, which does not exist", Refused("complete", "--output",
            sandbox.Output), StringComparison.Ordinal);
        Directory.CreateDirectory(target);
        for (int turn = 0; turn < 2; turn++)
        {
            Assert.Equal(0, CommandRun.Run("complete", "--input", input, "--output", sandbox.Output, "--iterations", "3").Exit);
            Assert.Equal("target", new DirectoryInfo(sandbox.Output).LinkTarget);
            Assert.True(File.Exists(Path.Combine(target, "result.json")));
        }

        Assert.Equal(["data.csv", "result", "target"], sandbox.Entries);
    }

    [Fact]
    public void Links_that_lead_nowhere_for_a_directory()
    {
        using var sandbox = new Sandbox();
        Directory.CreateSymbolicLink(sandbox.In("a"), "b");
        Directory.CreateSymbolicLink(sandbox.In("b"), "a");
        Assert.Contains("--output", Refused("complete", "--output", sandbox.In("a")), StringComparison.Ordinal);
        File.CreateSymbolicLink(sandbox.Output, sandbox.Write("data.csv", "1,1,2\n"));
        Assert.Contains("is a file; name a directory", Refused("complete", "--output", sandbox.Output), StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_to_a_json_file_stays()
    {
        using var sandbox = new Sandbox();
        File.CreateSymbolicLink(sandbox.In("link.json"), sandbox.Write("real.json", "old"));
        Assert.Equal(0, CommandRun.Run("rules", "adam", "--json", sandbox.In("link.json")).Exit);
        Assert.NotNull(new FileInfo(sandbox.In("link.json")).LinkTarget);
        using var written = JsonDocument.Parse(File.ReadAllText(sandbox.In("real.json")));
        Assert.Equal(["link.json", "real.json"], sandbox.Entries);
    }

    /// <summary>Before the run: nothing is printed of it. These hold for root, too, whom permissions do not stop.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("/dev/null")]
    [InlineData("/nowhere/x.json")]
    [InlineData("/proc/x.json")]
    public void A_json_file_that_cannot_be_written_is_found_before_the_run(string path)
    {
        Assert.StartsWith("error: --json ", Refused("verify", "S40", "--json", path), StringComparison.Ordinal);
        Assert.StartsWith("error: --json ", Refused("rules", "--json", path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_json_file_whose_name_is_too_long()
    {
        using var sandbox = new Sandbox();
        Assert.Contains("cannot be written", Refused("rules", "--json", sandbox.In(new string('x', 300))), StringComparison.Ordinal);
        Assert.Empty(sandbox.Entries);
    }

    /// <summary>Names of people and films hold commas and quotes; the index must give them back.</summary>
    [Fact]
    public void The_index_quotes_what_needs_it()
    {
        using var sandbox = new Sandbox();
        string input = sandbox.Write("data.csv", "user,film,stars\n" + string.Concat(Enumerable.Range(0, 40)
            .Select(i => $"\"Doe, J. {i / 8}\",\"The \"\"{i % 8}\"\"\",{i % 5}\n")));
        Assert.Equal(0, CommandRun.Run("complete", "--input", input, "--output", sandbox.Output, "--iterations", "3").Exit);
        Assert.Equal(["place,identity", .. Enumerable.Range(0, 5).Select(i => $"{i},\"Doe, J. {i}\"")],
            File.ReadAllLines(Path.Combine(sandbox.Output, "rows.csv")));
        Assert.Equal(["place,identity", .. Enumerable.Range(0, 8).Select(i => $"{i},\"The \"\"{i}\"\"\"")],
            File.ReadAllLines(Path.Combine(sandbox.Output, "columns.csv")));
    }

    private static string Refused(params string[] arguments)
    {
        (int exit, string words, string errors) = CommandRun.Run(arguments);
        Assert.Equal((CommandLine.BadInput, ""), (exit, words));
        Assert.Single(errors.TrimEnd().Split('\n'));
        return errors;
    }

    private static string Pipe(Sandbox sandbox)
    {
        using Process made = Process.Start("mkfifo", sandbox.In("pipe"));
        made.WaitForExit();
        return sandbox.In("pipe");
    }

    private static FileStream OpenToWrite(string pipe) => new(pipe, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
}
