using OptDsl.Testing;
using Xunit;

namespace OptDsl.Generator.Tests.Robustness;

/// <summary>Every text on the way to a rule, and every slip of a finger in one.</summary>
public class MutationTests
{
    public static TheoryData<string> Names => [.. RobustnessSamples.Rules().Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void No_mutation_breaks_the_generator_or_the_analyzer(string name)
    {
        (_, string text, string companion) = RobustnessSamples.Rules().First(rule => rule.Name == name);
        Assert.Single(GeneratorHarness.Run(RuleCompilation.Create(text, companion)));
        var project = new FuzzedProject(text, companion);
        var failures = new List<string>();
        int count = 0;
        foreach ((string what, string edited) in TokenEdits.All(text))
        {
            count++;
            if (project.Check(edited) is { } failure)
            {
                failures.Add($"{what}: {failure}");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{count} variants of {name}");
        Assert.True(failures.Count == 0, $"{failures.Count} of {count} mutations:\n{string.Join("\n", failures.Take(10))}");
    }
}
