using System.Text.Json;
using OptDsl.Testing;

namespace OptDsl.Experiments.Tests;

public class VerifyCommandTests
{
    [Fact]
    public void Rows_are_written_with_every_field()
    {
        using var sandbox = new Sandbox();
        (int exit, string words, string errors) = CommandRun.Run("verify", "s40", "--json", sandbox.In("rows.json"), "--output",
            sandbox.Output);
        Assert.Equal("", errors);
        Assert.Equal(CommandLine.Success, exit);
        Assert.Contains("S40.unobserved", words, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(sandbox.Output, "S40", "report.html")));
        using var json = JsonDocument.Parse(File.ReadAllBytes(sandbox.In("rows.json")));
        foreach (JsonElement row in json.RootElement.EnumerateArray())
        {
            Assert.Equal(["system", "claimId", "text", "kind", "low", "high", "measured", "passed", "seed", "seconds"],
                row.EnumerateObject().Select(property => property.Name));
            Assert.Contains(row.GetProperty("kind").GetString(), new[] { "abs", "rel", "atMost", "atLeast", "between" });
            Assert.True(row.GetProperty("passed").GetBoolean());
        }

        Assert.True(json.RootElement.GetArrayLength() >= 2);
    }

    public static TheoryData<string> Systems => [.. Registry.All.Select(system => system.Id)];

    /// <summary>Every system is quick enough to be held against its claims here, if need be in its small version.</summary>
    [Theory]
    [MemberData(nameof(Systems))]
    public void Its_claims_hold(string system)
        => Assert.All(Verifier.Run(Registry.Find(system), TestContext.Current.CancellationToken, small: true),
            row => Assert.True(row.Passed,
                $"{row.Claim.Id} ({row.Claim.Text}), seed {row.Seed}: {row.Measured} is not in {row.Claim.Low} .. {row.Claim.High}"));

    [Theory]
    [InlineData(ClaimKind.Abs, 0.9, true)]
    [InlineData(ClaimKind.Abs, 1.21, false)]
    [InlineData(ClaimKind.Rel, -2.1, true)]
    [InlineData(ClaimKind.Rel, -2.3, false)]
    [InlineData(ClaimKind.AtMost, 3, true)]
    [InlineData(ClaimKind.AtMost, 3.1, false)]
    [InlineData(ClaimKind.AtLeast, 3, true)]
    [InlineData(ClaimKind.AtLeast, 2.9, false)]
    [InlineData(ClaimKind.Between, 4, true)]
    [InlineData(ClaimKind.Between, 5.1, false)]
    [InlineData(ClaimKind.AtMost, double.NaN, false)]
    [InlineData(ClaimKind.Between, double.NaN, false)]
    public void A_claim_holds_within_its_bounds(object kind, double measured, bool holds)
    {
        Claim claim = (ClaimKind)kind switch
        {
            ClaimKind.Abs => Claim.Abs("S0", "S0.a", "", 1, 0.2),
            ClaimKind.Rel => Claim.Rel("S0", "S0.a", "", -2, 0.1),
            ClaimKind.AtMost => Claim.AtMost("S0", "S0.a", "", 3),
            ClaimKind.AtLeast => Claim.AtLeast("S0", "S0.a", "", 3),
            _ => Claim.Between("S0", "S0.a", "", 4, 5),
        };
        Assert.Equal(holds, claim.Holds(measured));
        Assert.Equal(holds, new VerificationRow(claim, measured, 0, 0).Passed);
    }

    [Fact]
    public void Claims_are_unique_and_belong_to_a_system()
    {
        Assert.Equal(Claims.All.Count, Claims.All.Select(claim => claim.Id).Distinct().Count());
        string[] systems = [.. Registry.All.Select(system => system.Id), "eight_schools_noncentered", "kidscore_momiq",
            "low_dim_gauss_mix"];
        Assert.All(Claims.All, claim => Assert.Contains(claim.System, systems));
        Assert.All(Registry.All, system => Assert.Contains(Claims.All, claim => claim.System == system.Id));
        Assert.Equal(Registry.All.Count, Registry.All.Select(system => system.Id).Distinct().Count());
    }

    [Fact]
    public void Bad_arguments_are_refused_before_anything_runs()
    {
        using var sandbox = new Sandbox();
        (int exit, string words, string errors) = CommandRun.Run("verify", "S40", "S99999");
        Assert.Equal(CommandLine.BadInput, exit);
        Assert.Contains("no system 'S99999'", errors, StringComparison.Ordinal);
        Assert.Empty(words);
        (exit, words, errors) = CommandRun.Run("verify", "S40", "--json", sandbox.In("no/where.json"));
        Assert.Equal(CommandLine.BadInput, exit);
        Assert.Contains("its directory does not exist", errors, StringComparison.Ordinal);
        Assert.Empty(words);
        (exit, _, _) = CommandRun.Run("run", "S99999");
        Assert.Equal(CommandLine.BadInput, exit);
        (exit, _, _) = CommandRun.Run("run");
        Assert.Equal(CommandLine.BadInput, exit);
    }

    [Fact]
    public void List_and_run_show_systems_and_rules()
    {
        using var sandbox = new Sandbox();
        (int exit, string words, _) = CommandRun.Run("list");
        Assert.Equal(CommandLine.Success, exit);
        Assert.All(Registry.All, system => Assert.Contains(system.Id, words, StringComparison.Ordinal));
        Assert.All(OptDsl.Experiments.Rules.All, rule => Assert.Contains(rule.Name, words, StringComparison.Ordinal));
        (exit, words, _) = CommandRun.Run("run", "S40");
        Assert.Equal(CommandLine.Success, exit);
        Assert.Contains("unobserved", words, StringComparison.Ordinal);
    }
}
