using System.Text.Json;
using OptDsl.Testing;

namespace OptDsl.Experiments.Tests;

public class RulesCommandTests
{
    [Fact]
    public void Every_rule_is_shown_with_its_cost_and_units()
    {
        (int exit, string words, string errors) = CommandRun.Run("rules");
        Assert.Equal((CommandLine.Success, ""), (exit, errors));
        Assert.All(OptDsl.Experiments.Rules.All, rule => Assert.Contains(rule.Name, words, StringComparison.Ordinal));
        Assert.Contains("LearningRate P^2/L", words, StringComparison.Ordinal);
        Assert.Contains("rmsprop-variance", words, StringComparison.Ordinal);
    }

    [Fact]
    public void One_rule_is_shown_with_what_breaks_its_degree()
    {
        (int exit, string words, _) = CommandRun.Run("rules", "Adam");
        Assert.Equal(CommandLine.Success, exit);
        Assert.Contains("28", words, StringComparison.Ordinal);
        Assert.Contains("epsilon in sqrt(meanSquareCorrected) + epsilon adds degree 0 to degree 1", words, StringComparison.Ordinal);
        Assert.Contains("MeanSquare forgets half of a sample in 692.8 steps", words, StringComparison.Ordinal);
        Assert.DoesNotContain("nesterov", words, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_are_written_with_every_field()
    {
        using var sandbox = new Sandbox();
        (int exit, _, string errors) = CommandRun.Run("rules", "--json", sandbox.In("rules.json"));
        Assert.Equal((CommandLine.Success, ""), (exit, errors));
        using var json = JsonDocument.Parse(File.ReadAllBytes(sandbox.In("rules.json")));
        var rows = json.RootElement.EnumerateArray().ToDictionary(row => row.GetProperty("name").GetString()!);
        Assert.All(rows.Values, row => Assert.Equal(
            ["name", "stateBytes", "bytesPerParameter", "divisions", "squareRoots", "passes", "gradientDegree", "parameterDegree", "units"],
            row.EnumerateObject().Select(property => property.Name)));
        Assert.Equal(28, rows["adam"].GetProperty("bytesPerParameter").GetInt32());
        Assert.Equal(12, rows["sgd"].GetProperty("bytesPerParameter").GetInt32());
        Assert.Equal(20, rows["lion"].GetProperty("bytesPerParameter").GetInt32());
        Assert.Equal(1, rows["sgd"].GetProperty("gradientDegree").GetDouble());
        Assert.Equal(JsonValueKind.Null, rows["lion"].GetProperty("parameterDegree").ValueKind);
        Assert.Equal("L", rows["rmsprop-variance"].GetProperty("units").GetProperty("learningRate").GetString());
    }

    [Fact]
    public void A_name_that_is_no_rule_is_answered_with_the_nearest()
    {
        using var sandbox = new Sandbox();
        (int exit, string words, string errors) = CommandRun.Run("rules", "adamx", "--json", sandbox.In("rules.json"));
        Assert.Equal((CommandLine.BadInput, ""), (exit, words));
        Assert.Contains("There is no rule 'adamx'; the nearest names are adam, adamw,", errors, StringComparison.Ordinal);
        Assert.Empty(sandbox.Entries);
        (exit, words, errors) = CommandRun.Run("rules", "--json", sandbox.In("no/where.json"));
        Assert.Equal((CommandLine.BadInput, ""), (exit, words));
        Assert.Contains("its directory does not exist", errors, StringComparison.Ordinal);
    }
}
