using System.Reflection;

namespace OptDsl.Recorded.Tests;

/// <summary>
/// Parameters and states of every library rule after 25 steps. Kernels are compared with their declarations elsewhere; this catches
/// a change of both together.
/// </summary>
public class RuleTests
{
    private static readonly MethodInfo Run = typeof(RuleRun).GetMethod(nameof(RuleRun.Of), BindingFlags.NonPublic | BindingFlags.Static)!;
    private static readonly Recording Plain = new("rules.txt"), Noisy = new("rules-with-noise.txt");

    public static TheoryData<string> Names => [.. LibraryRules.Strict.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_rule_leaves_the_recorded_bits(string name)
    {
        Require(name, "strict", LibraryRules.Strict[name]);
        Require(name, "fused", LibraryRules.FusedOf(name));
    }

    [Fact]
    public void No_recorded_rule_is_gone()
        => Assert.Empty(Plain.Names.Concat(Noisy.Names).Select(line => line.Split(' ')[0]).Distinct().Except(LibraryRules.Strict.Keys));

    private static void Require(string name, string arithmetic, Type rule)
    {
        foreach (Type element in (Type[])[typeof(double), typeof(float)])
        {
            var (digest, hasNoise) = ((Digest, bool))Run.MakeGenericMethod(element, rule)
                .Invoke(null, BindingFlags.DoNotWrapExceptions, null, null, null)!;
            (hasNoise ? Noisy : Plain).Require($"{name} {arithmetic} {element.Name}", digest);
        }
    }
}
