using System.Text.Json;
using OptDsl.Testing;

namespace OptDsl.Experiments.Tests;

/// <summary>A report says in words when a model is no good, and shows no chart in which nothing is to be seen.</summary>
public class RemarksTests
{
    // Sums of a row's and a column's number: the biases know all, and a model that stays at its start knows the columns' means.
    private static readonly string Sums =
        string.Concat(Enumerable.Range(0, 600).Select(i => FormattableString.Invariant($"{i / 20},{i % 20},{(i / 20) + (0.1 * (i % 20))}\n")));

    [Fact]
    public void A_model_that_never_left_its_start_and_is_worse_than_the_biases()
    {
        (string words, string report, string[] remarks) = Complete(Sums, "--rate", "1e-9", "--depth", "2", "--width", "3", "--iterations",
            "20");
        Assert.Equal(3, remarks.Length);
        Assert.Contains("the best baseline, biases, by", remarks[0], StringComparison.Ordinal);
        Assert.StartsWith("No model is better than the best baseline. Worse than the best baseline is depth2-width3 (", remarks[1],
            StringComparison.Ordinal);
        Assert.StartsWith("depth2-width3 never left its start: ", remarks[2], StringComparison.Ordinal);
        Assert.All(remarks, remark => Assert.Contains(remark, words, StringComparison.Ordinal));
        Assert.All(remarks, remark => Assert.Contains(remark, report, StringComparison.Ordinal));
    }

    [Fact]
    public void A_model_that_learns_what_biases_cannot_is_not_blamed()
    {
        string products = string.Concat(
            Enumerable.Range(0, 600).Select(i => FormattableString.Invariant($"{i / 20},{i % 20},{((i / 20) - 14.5) * ((i % 20) - 9.5)}\n")));
        (_, _, string[] remarks) = Complete(products, "--rate", "0.02", "--depth", "2", "--width", "3", "--iterations", "300");
        Assert.StartsWith("On the hidden cells the best model, depth2-width3, is off by", Assert.Single(remarks), StringComparison.Ordinal);
    }

    /// <summary>A factor 1e-10 apart is no difference to a reader, and a rank of noise is no rank.</summary>
    [Fact]
    public void A_penalty_that_holds_the_factors_at_zero_is_named_and_shows_no_rank()
    {
        (string words, string report, string[] remarks) = Complete(Sums, "--penalty", "1e6", "--depth", "2", "--width", "3",
            "--iterations", "300");
        Assert.Contains(remarks, remark => remark.Contains("never left its start", StringComparison.Ordinal)
            && remark.Contains("A smaller --penalty", StringComparison.Ordinal));
        Assert.DoesNotContain("effective rank 1", report, StringComparison.Ordinal);
        string row = Assert.Single(words.Split('\n'), line => line.TrimStart().StartsWith("depth2-width3  ", StringComparison.Ordinal)
            && !line.Contains("train", StringComparison.Ordinal) && !line.Contains("done", StringComparison.Ordinal));
        Assert.Equal(4, row.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("Read as one cell per line: row, column, value; there is no header.", words, StringComparison.Ordinal);
    }

    /// <summary>The default rates were found on images of 600 rows, and their loss is a mean: with few rows they diverged.</summary>
    [Theory]
    [InlineData("sgd")]
    [InlineData("momentum")]
    [InlineData("nesterov")]
    public void Rules_whose_step_grows_with_the_gradient_run_on_small_tables(string rule)
    {
        string products = string.Concat(
            Enumerable.Range(0, 208).Select(i => FormattableString.Invariant($"{i / 15},{i % 15},{1 + (i * i % 5)}\n")));
        Complete(products, "--rule", rule, "--iterations", "60");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public void Charts_have_lines(int columns)
    {
        string constant = string.Concat(Enumerable.Range(0, 100).Select(i => $"{i / columns},{i % columns},3\n"));
        (_, string report, _) = Complete(constant, "--depth", "1", "--iterations", "5");
        string[] charts = [.. report.Split("<figure>").Skip(1).Select(rest => rest.Split("</figure>")[0])];
        Assert.All(charts, chart => Assert.Matches("<path[^>]* d=\"M[^\"]*L[^\"]*\"", chart));
        Assert.DoesNotContain("NaN", report, StringComparison.Ordinal);
        Assert.Equal(report.Contains("<h2>Singular values</h2>", StringComparison.Ordinal),
            charts.Any(chart => chart.Contains("Singular values", StringComparison.Ordinal)));
    }

    private static (string Words, string Report, string[] Remarks) Complete(string data, params string[] options)
    {
        using var sandbox = new Sandbox();
        (int exit, string words, string errors) = CommandRun.Run(
            ["complete", "--input", sandbox.Write("data.csv", data), "--output", sandbox.Output, .. options]);
        Assert.Equal((0, ""), (exit, errors));
        using var result = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(sandbox.Output, "result.json")));
        return (words, File.ReadAllText(Path.Combine(sandbox.Output, "report.html")),
            [.. result.RootElement.GetProperty("remarks").EnumerateArray().Select(remark => remark.GetString()!)]);
    }
}
