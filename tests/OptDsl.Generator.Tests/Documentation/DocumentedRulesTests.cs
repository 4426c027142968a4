using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Xunit;

namespace OptDsl.Generator.Tests.Documentation;

/// <summary>The pages about the library's rules name rules that exist, and all of them.</summary>
public partial class DocumentedRulesTests
{
    private static readonly Dictionary<string, RuleReport> Rules = typeof(OptDsl.Rules.Adam).Assembly.GetTypes()
        .Where(type => type.Namespace == "OptDsl.Rules" && typeof(IReportedRule).IsAssignableFrom(type))
        .ToDictionary(type => type.Name, type => (RuleReport)type.GetProperty("Report")!.GetValue(null)!);

    [Fact]
    public void The_list_names_every_rule()
    {
        string page = Page("rules.md");
        Assert.True(Rules.Count >= 58);
        Assert.All(Rules.Keys, rule => Assert.Matches($@"\b{rule}\b", page));
    }

    [Fact]
    public void The_states_on_the_page_of_choices_are_those_of_the_reports()
    {
        int compared = 0;
        foreach (Match row in StateRow().Matches(Page("choosing.md")))
        {
            foreach (Match rule in Code().Matches(row.Groups["rules"].Value))
            {
                Assert.Equal(int.Parse(row.Groups["bytes"].Value, CultureInfo.InvariantCulture), Rules[rule.Groups[1].Value].StateBytes);
                compared++;
            }
        }

        Assert.True(compared > 20, $"{compared} rules were compared.");
    }

    [Fact]
    public void Rules_that_others_have_by_another_name_exist()
    {
        string table = Page("from-pytorch.md").Split("| here | torch.optim")[1].Split("\n\n")[0];
        string[] named = [.. table.Split('\n').Skip(2)
            .SelectMany(line => Code().Matches(line.Split('|')[1]).Select(name => name.Groups[1].Value))];
        Assert.True(named.Length > 15);
        Assert.All(named, rule => Assert.True(Rules.ContainsKey(rule) || rule == "LimitedMemoryBfgs", $"There is no {rule}."));
    }

    private static string Page(string name, [CallerFilePath] string file = "")
        => File.ReadAllText(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "docs", name)).ReplaceLineEndings("\n");

    [GeneratedRegex(@"^\| (?<bytes>\d+) \| (?<rules>.*)$", RegexOptions.Multiline)]
    private static partial Regex StateRow();

    [GeneratedRegex(@"`(\w+)`")]
    private static partial Regex Code();
}
