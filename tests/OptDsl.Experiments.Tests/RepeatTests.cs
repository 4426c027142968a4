using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using OptDsl.Testing;

namespace OptDsl.Experiments.Tests;

/// <summary><c>complete --repeat result.json</c>: the same numbers, or a refusal that says what differs.</summary>
public class RepeatTests
{
    [Theory]
    [InlineData()]
    [InlineData("--rule", "lion", "--rate", "0.01", "--depth", "3", "--width", "4", "--holdout", "0.4", "--seed", "18446744073709551615")]
    public void A_run_is_repeated_from_its_result(params string[] options)
    {
        using var sandbox = new Sandbox();
        string input = sandbox.Write("data.csv", Data()), copy = sandbox.In("first.json");
        Complete(0, sandbox, ["--input", input, "--iterations", "40", .. options]);
        File.Copy(Path.Combine(sandbox.Output, "result.json"), copy);
        string[] predictions = Directory.GetFiles(sandbox.Output, "prediction-*.npy");
        byte[][] first = Array.ConvertAll(predictions, File.ReadAllBytes);

        JsonObject record = JsonNode.Parse(File.ReadAllText(copy))!.AsObject();
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(input))), (string)record["input"]!["sha256"]!);
        Assert.Equal(input, (string)record["input"]!["path"]!);

        Assert.Contains($"The numbers of all models are those of {copy}.", Complete(0, sandbox, ["--repeat", copy]).Words,
            StringComparison.Ordinal);
        Assert.Equal(first, Array.ConvertAll(predictions, File.ReadAllBytes));
        Assert.Equal(WithoutTimes(record), WithoutTimes(JsonNode.Parse(File.ReadAllText(Path.Combine(sandbox.Output, "result.json")))!));

        // Moved, the input is named again, and is still known by its hash.
        File.Move(input, sandbox.In("moved.csv"));
        Assert.Contains($"its input {input} is not there; say where it is now with --input",
            Complete(2, sandbox, ["--repeat", copy]).Errors, StringComparison.Ordinal);
        Complete(0, sandbox, ["--repeat", copy, "--input", sandbox.In("moved.csv")]);
    }

    [Fact]
    public void Another_input_is_refused_by_both_hashes()
    {
        using var sandbox = new Sandbox();
        string input = sandbox.Write("data.csv", Data()), copy = sandbox.In("first.json");
        string before = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(input)));
        Complete(0, sandbox, ["--input", input, "--iterations", "5"]);
        File.Move(Path.Combine(sandbox.Output, "result.json"), copy);

        // A blank line changes no cell; whether it does is not for a hash to know.
        File.AppendAllText(input, "\n");
        string after = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(input)));
        Assert.Contains($"{input}: its SHA-256 is {after}, but the run in {copy} read a file with {before}",
            Complete(2, sandbox, ["--repeat", copy]).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_that_differ_end_in_failure()
    {
        using var sandbox = new Sandbox();
        string changed = Changed(sandbox, record => record["models"]![0]!["hiddenRmse"] = 0.5);
        (string words, string errors) = Complete(1, sandbox, ["--repeat", changed]);
        Assert.Contains($"in {changed} it has the hidden RMSE 0.5,", errors, StringComparison.Ordinal);
        Assert.Contains("Wrote ", words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"models":[],"baselines":[]}""", "is not a complete record of a run")]
    [InlineData("{", "line 1: is not a complete record of a run")]
    [InlineData("null", "names no models")]
    [InlineData("", "is not a complete record of a run")]
    public void A_file_that_is_no_record(string content, string expected)
    {
        using var sandbox = new Sandbox();
        Assert.Contains(expected, Complete(2, sandbox, ["--repeat", sandbox.Write("r.json", content)]).Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("depth", "-1", "--depth is -1")]
    [InlineData("depth", "\"two\"", "models[0].depth is not what it should be")]
    [InlineData("depth", "null", "models[0].depth is not what it should be")]
    [InlineData("width", "5", "contradict each other")]
    [InlineData("name", "\"../../x\"", "the settings of ../../x contradict each other")]
    [InlineData("rule", "\"magic\"", "no rule 'magic'")]
    [InlineData("initialScale", "0", "contradict each other")]
    [InlineData("iterations", "0", "--iterations is 0")]
    [InlineData("hyperparameters", """{"beta1":0.8}""", "adam's beta1 = 0.8, and this version has 0.9")]
    [InlineData("hyperparameters", "{}", "adam's beta1 = none, and this version has 0.9")]
    public void A_record_that_was_changed(string property, string value, string expected)
    {
        using var sandbox = new Sandbox();
        string changed = Changed(sandbox, record => record["models"]![0]![property] = JsonNode.Parse(value));
        string errors = Complete(2, sandbox, ["--repeat", changed]).Errors;
        Assert.StartsWith($"error: {changed}", errors, StringComparison.Ordinal);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_is_null_and_a_baseline_of_another_error()
    {
        using var sandbox = new Sandbox();
        string changed = Changed(sandbox, record => record["models"]![0] = null);
        Assert.Contains("names no models", Complete(2, sandbox, ["--repeat", changed]).Errors, StringComparison.Ordinal);
        changed = Changed(sandbox, record => record["baselines"]![0]!["hiddenRmse"] = 5);
        Assert.Contains("a baseline has column-mean ", Complete(1, sandbox, ["--repeat", changed]).Errors, StringComparison.Ordinal);
    }

    /// <summary>Of a process of its own, for standard input is the process's.</summary>
    [Fact]
    public void Standard_input_is_read_and_its_run_repeated_from_a_file()
    {
        using var sandbox = new Sandbox();
        string data = string.Concat(Enumerable.Range(0, 200).Select(i => $"{i / 20},{i % 20},{i * i % 7}\n"));
        var start = new System.Diagnostics.ProcessStartInfo("dotnet",
            [typeof(CommandLine).Assembly.Location, "complete", "--input", "-", "--iterations", "5", "--output", sandbox.Output])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = System.Diagnostics.Process.Start(start)!;
        process.StandardInput.Write(data);
        process.StandardInput.Close();
        string words = process.StandardOutput.ReadToEnd(), errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal((0, ""), (process.ExitCode, errors));
        Assert.Contains("10 rows x 20 columns", words, StringComparison.Ordinal);
        string record = Path.Combine(sandbox.Output, "result.json");
        Assert.Contains("the run read its standard input", Complete(2, sandbox, ["--repeat", record]).Errors, StringComparison.Ordinal);
        Assert.Contains("The numbers of all models are those of",
            Complete(0, sandbox, ["--repeat", record, "--input", sandbox.Write("same.csv", data)]).Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_beside_it_are_refused()
    {
        using var sandbox = new Sandbox();
        Assert.Contains("--repeat takes its options from the earlier run",
            Complete(2, sandbox, ["--repeat", "result.json", "--seed", "0"]).Errors, StringComparison.Ordinal);
    }

    internal static string Data()
        => string.Concat(Enumerable.Range(0, 200).Select(i => $"{i / 10},{i % 10},{(((i / 10) + 1) * ((i % 10) + 2) % 7) + (i % 3)}\n"));

    private static string Changed(Sandbox sandbox, Action<JsonNode> change)
    {
        string input = sandbox.Write("data.csv", Data()), changed = sandbox.In("changed.json");
        Complete(0, sandbox, ["--input", input, "--iterations", "5", "--depth", "2", "--width", "3"]);
        JsonNode record = JsonNode.Parse(File.ReadAllText(Path.Combine(sandbox.Output, "result.json")))!;
        change(record);
        File.WriteAllText(changed, record.ToJsonString());
        return changed;
    }

    private static (string Words, string Errors) Complete(int expected, Sandbox sandbox, string[] arguments)
    {
        (int exit, string words, string errors) = CommandRun.Run(["complete", "--output", sandbox.Output, .. arguments]);
        Assert.Equal((expected, expected > 0 ? 1 : 0), (exit, errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length));
        return (words, errors);
    }

    private static string WithoutTimes(JsonNode record)
    {
        JsonNode copy = record.DeepClone();
        foreach (JsonNode? model in copy["models"]!.AsArray())
        {
            model!["seconds"] = 0;
        }

        return copy.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }
}
