using System.Globalization;
using Xunit;

namespace OptDsl.Generator.Tests.RandomRules;

/// <summary>
/// Random rules: the analyzer accepts them, a strict kernel is its declaration bit for bit, every width and number of
/// threads gives the same bits, a kernel of another element and a fused one are what an interpreter of the model says, and a
/// step throws where a value is not finite and nowhere else.
/// </summary>
public class RandomRuleTests
{
    private static readonly int Count = Number("OPTDSL_RANDOM_RULES", 200), Seed = Number("OPTDSL_RANDOM_SEED", 1);

    [Fact]
    public void Kernels_of_random_rules_are_what_their_declarations_say()
    {
        if (Number("OPTDSL_RANDOM_LIST", 0) > 0)
        {
            string bad = RuleCheck.List(Seed, Count);
            Assert.True(bad.Length == 0, bad);
            return;
        }

        var occurrences = Enum.GetValues<Construct>().ToDictionary(construct => construct, _ => 0);
        int rules = 0;
        string? failure = RuleCheck.Run(Seed, Count, rule =>
        {
            rules++;
            foreach (Construct construct in Census.Of(rule))
            {
                occurrences[construct]++;
            }
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{rules} rules. Per cent of them with "
            + string.Join(", ", occurrences.OrderBy(pair => pair.Value).Select(pair => $"{pair.Key} {100.0 * pair.Value / rules:F1}")));
        Assert.True(failure is null, failure);

        // A few rules, as when one is run again, need not hold everything.
        var rare = occurrences.Where(pair => Count >= 200 && 20 * pair.Value < rules)
            .Select(pair => $"{pair.Key} in {pair.Value} of {rules}");
        Assert.Empty(rare);
    }

    private static int Number(string variable, int otherwise)
        => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
