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
        Assert.Contains("LearningRate P^2/L", words, StringComparison.Ordinal);
        string[] names = [.. typeof(OptDsl.Rules.Adam).Assembly.GetTypes()
            .Where(type => type.GetCustomAttributes(typeof(OptimizerAttribute), inherit: false).Length > 0).Select(type => type.Name)];
        Assert.True(names.Length >= 58, $"The library has {names.Length} rules.");
        string[] rows = [.. words.Split('\n').Select(line => line.Trim().Split(' ')[0])];
        Assert.All(names, name => Assert.Contains(name, rows));
    }

    [Fact]
    public void One_rule_is_shown_with_what_breaks_its_degree()
    {
        (int exit, string words, _) = CommandRun.Run("rules", "Adam");
        Assert.Equal(CommandLine.Success, exit);
        Assert.Contains("28", words, StringComparison.Ordinal);
        Assert.Contains("epsilon in sqrt(meanSquareCorrected) + epsilon adds degree 0 to degree 1", words, StringComparison.Ordinal);
        Assert.Contains("MeanSquare forgets half of a sample in 692.8 steps", words, StringComparison.Ordinal);
        Assert.Contains("Epsilon: L/P, the unit of the gradient", words, StringComparison.Ordinal);
        Assert.Equal(words, CommandRun.Run("rules", "adam").Words);
        Assert.StartsWith("GrowingWindowAdam\n", CommandRun.Run("rules", "growing-window-adam").Words, StringComparison.Ordinal);
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
            ["name", "stateBytes", "bytesPerParameter", "divisions", "squareRoots", "otherOperations", "passes", "gradientDegree",
                "parameterDegree", "units"],
            row.EnumerateObject().Select(property => property.Name)));
        Assert.Equal(28, rows["Adam"].GetProperty("bytesPerParameter").GetInt32());
        Assert.Equal(12, rows["Sgd"].GetProperty("bytesPerParameter").GetInt32());
        Assert.Equal(20, rows["Lion"].GetProperty("bytesPerParameter").GetInt32());
        Assert.Equal(1, rows["Sgd"].GetProperty("gradientDegree").GetDouble());
        Assert.Equal(JsonValueKind.Null, rows["Lion"].GetProperty("parameterDegree").ValueKind);
        Assert.Equal("L", rows["RmsPropVariance"].GetProperty("units").GetProperty("learningRate").GetString());
    }

    [Fact]
    public void A_name_that_is_no_rule_is_answered_with_the_nearest()
    {
        using var sandbox = new Sandbox();
        (int exit, string words, string errors) = CommandRun.Run("rules", "adamx", "--json", sandbox.In("rules.json"));
        Assert.Equal((CommandLine.BadInput, ""), (exit, words));
        Assert.Contains("There is no rule 'adamx'; the nearest names are Adam", errors, StringComparison.Ordinal);
        Assert.Empty(sandbox.Entries);
        (exit, words, errors) = CommandRun.Run("rules", "--json", sandbox.In("no/where.json"));
        Assert.Equal((CommandLine.BadInput, ""), (exit, words));
        Assert.Contains("its directory does not exist", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_of_a_built_assembly_are_shown()
    {
        (int exit, string words, string errors) = CommandRun.Run("rules", "--assembly", typeof(RulesCommandTests).Assembly.Location);
        Assert.Equal((CommandLine.Success, ""), (exit, errors));
        Assert.Contains(nameof(RuleOfTheTests), words, StringComparison.Ordinal);
        Assert.DoesNotContain("AmsGrad", words, StringComparison.Ordinal);
        (exit, words, _) = CommandRun.Run("rules", "RuleOfTheTests", "--assembly", typeof(RulesCommandTests).Assembly.Location);
        Assert.Equal(CommandLine.Success, exit);
        Assert.Contains("LearningRate: P^2/L, where P is the unit of the parameters", words, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_assembly_of_rules_is_refused_by_name()
    {
        using var sandbox = new Sandbox();
        File.WriteAllText(sandbox.In("text.dll"), "no assembly");
        foreach ((string path, string why) in new[]
        {
            (sandbox.In("none.dll"), "There is no file"),
            (sandbox.In("text.dll"), "is not a .NET assembly"),
            (typeof(Spectre.Console.Table).Assembly.Location, "has no rules: none of its types is marked [Optimizer]"),
        })
        {
            (int exit, string words, string errors) = CommandRun.Run("rules", "--assembly", path);
            Assert.Equal((CommandLine.BadInput, ""), (exit, words));
            Assert.Contains(why, errors, StringComparison.Ordinal);
            Assert.Contains(path, errors, StringComparison.Ordinal);
            Assert.Single(errors.TrimEnd().Split('\n'));
        }
    }

    /// <summary>A column that is cut off would hide numbers: a narrow terminal gets fewer columns, and each of them whole.</summary>
    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(240)]
    public void Every_row_is_whole_at_any_width(int width)
    {
        (int exit, string words, string errors) = CommandRun.RunAt(width, "rules");
        Assert.Equal((CommandLine.Success, ""), (exit, errors));
        Assert.Contains(words.Split('\n'),
            line => System.Text.RegularExpressions.Regex.IsMatch(line, @"^  CorrectedPreconditionedLangevin +4 +\d+ "));
        Assert.All(words.Split('\n'), line => Assert.True(line.Length <= width, line));
        Assert.DoesNotContain('…', words);
        Assert.Equal(width >= 170, words.Contains("LearningRate P^2/L", StringComparison.Ordinal));
    }

    /// <summary>Words are broken where a terminal is narrow; names and numbers are not.</summary>
    [Theory]
    [InlineData("list", " S29c ")]
    [InlineData("verify S18", "S18.batch, seed 0: 1, allowed 0.999999 .. 1: holds")]
    public void Other_tables_keep_names_whole_in_a_narrow_terminal(string arguments, string name)
    {
        (int exit, string words, string errors) = CommandRun.RunAt(60, arguments.Split(' '));
        Assert.Equal((CommandLine.Success, ""), (exit, errors));
        Assert.Contains(words.Split('\n'), line => line.Contains(name, StringComparison.Ordinal));
        Assert.DoesNotContain('…', words);
    }

    /// <summary>A unit is explained by the letters that it has.</summary>
    [Fact]
    public void The_unit_of_a_weight_decay_names_the_parameters_alone()
        => Assert.Contains("WeightDecay: 1/P, where P is the unit of the parameters\n", CommandRun.Run("rules", "Lion").Words,
            StringComparison.Ordinal);

    [Fact]
    public void The_librarys_own_assembly_has_the_librarys_rules()
        => Assert.Equal(CommandRun.Run("rules").Words,
            CommandRun.Run("rules", "--assembly", typeof(OptDsl.Rules.Adam).Assembly.Location).Words);

    [Theory]
    [InlineData("rule", "rules")]
    [InlineData("complet", "complete")]
    [InlineData("verfy", "verify")]
    public void An_unknown_command_is_answered_with_the_nearest(string typed, string meant)
    {
        (int exit, string words, string errors) = CommandRun.Run(typed);
        Assert.Equal((CommandLine.BadInput, ""), (exit, words));
        Assert.Equal($"error: There is no command '{typed}'; did you mean '{meant}'? 'optdsl --help' shows what there is.",
            errors.TrimEnd());
    }

    [Fact]
    public void Nothing_asked_for_shows_the_help_and_computes_nothing()
    {
        (int exit, string words, string errors) = CommandRun.Run();
        Assert.Equal((CommandLine.Success, ""), (exit, errors));
        Assert.Equal(CommandRun.Run("--help").Words, words);
        Assert.Contains("complete", words, StringComparison.Ordinal);
    }
}

/// <summary>A rule of this assembly, for the command.</summary>
[Optimizer]
internal sealed partial record RuleOfTheTests(double LearningRate = 0.1)
{
    [Update]
    double Update(double parameter, double gradient) => parameter - LearningRate * gradient;
}
