using System.Text.Json;
using OptDsl.Models;
using OptDsl.Testing;

namespace OptDsl.Experiments.Tests;

/// <summary><c>verify --data</c>, on a directory of made-up data; no test needs posteriordb's.</summary>
public class PosteriorCommandTests
{
    private static readonly string[] Directories = [MadeUpPosteriors.Schools, MadeUpPosteriors.Scores, MadeUpPosteriors.Mixture];

    /// <summary>
    /// Three posteriors whose moments are known without sampling: every claim holds, and the files hold the draws the claims are about.
    /// </summary>
    [Fact]
    public void Samplers_find_the_moments_and_the_draws_are_written()
    {
        using var sandbox = new Sandbox();
        string data = MadeUpPosteriors.Write(sandbox);
        (int exit, string words, string errors) = CommandRun.Run(TestContext.Current.CancellationToken, "verify", "--data", data,
            "--output", sandbox.Output, "--json", sandbox.In("rows.json"));
        Assert.Equal("", errors);
        Assert.True(exit == CommandLine.Success, words);
        using var json = JsonDocument.Parse(File.ReadAllBytes(sandbox.In("rows.json")));
        Assert.Equal(Claims.All.Where(claim => !Registry.All.Any(system => system.Id == claim.System)).Select(claim => claim.Id).Order(),
            json.RootElement.EnumerateArray().Select(row => row.GetProperty("claimId").GetString()).Distinct().Order());
        Assert.Equal([1, 2, 3], json.RootElement.EnumerateArray().Select(row => row.GetProperty("seed").GetInt32()).Distinct());

        string schools = Path.Combine(sandbox.Output, "eight_schools_noncentered");
        Samples<double> draws = StanCsv.Read<double>(Path.Combine(schools, "eight_schools_noncentered-draws"));
        Assert.Equal([new SampledVariable("theta", [8]), new SampledVariable("mu", []), new SampledVariable("tau", [])], draws.Variables);
        Assert.Equal([SampleStatistics.LogDensity, SampleStatistics.Acceptance, SampleStatistics.StepSize], draws.StatisticNames);
        Assert.All(draws.GetComponent("tau"), tau => Assert.True(tau > 0));
        Assert.True(File.Exists(Path.Combine(schools, "eight_schools_noncentered-draws.npz")));
        string report = File.ReadAllText(Path.Combine(schools, "report.html"));
        Assert.All(["Trace of tau", "Ranks of tau by chain", "Density of tau"],
            picture => Assert.Contains(picture, report, StringComparison.Ordinal));
        Assert.DoesNotContain(Directory.EnumerateFiles(schools), file => file.Contains("partial", StringComparison.Ordinal));

        // A second run replaces what the first wrote, and nothing else.
        RunFiles.DirectoryOf(VerifyCommand.Systems([], data, TestContext.Current.CancellationToken)[0], sandbox.Output).Check();
        File.WriteAllText(Path.Combine(schools, "kidscore_momiq-draws_1.csv"), "another's");
        (exit, _, errors) = CommandRun.Run("verify", "--data", data, "--output", sandbox.Output);
        Assert.Equal(CommandLine.BadInput, exit);
        Assert.Contains("kidscore_momiq-draws_1.csv, which this command did not write", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Systems_named_besides_run_too_and_without_a_name_only_the_posteriors()
    {
        using var sandbox = new Sandbox();
        string data = MadeUpPosteriors.Write(sandbox);
        string[] Ids(string[] named, string? path)
            => [.. VerifyCommand.Systems(named, path, TestContext.Current.CancellationToken).Select(system => system.Id)];
        string[] posteriors = ["eight_schools_noncentered", "kidscore_momiq", "low_dim_gauss_mix"];
        Assert.Equal(posteriors, Ids([], data));
        Assert.Equal(["S40", .. posteriors], Ids(["s40", "S40"], data));
        Assert.Equal(["S40"], Ids(["S40"], null));
        Assert.Equal(Registry.All.Select(system => system.Id), Ids([], null));
    }

    [Fact]
    public void Cancelled_it_writes_nothing()
    {
        using var sandbox = new Sandbox();
        string data = MadeUpPosteriors.Write(sandbox);
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        (int exit, _, string errors) = CommandRun.Run(cancellation.Token, "verify", "--data", data, "--output", sandbox.Output);
        Assert.Equal(CommandLine.Cancelled, exit);
        Assert.StartsWith("cancelled", errors, StringComparison.Ordinal);
        Assert.Equal(["data"], sandbox.Entries);
    }

    /// <summary>Between two transitions, not only between two samplers.</summary>
    [Fact]
    public void It_is_cancelled_within_a_sampler_s_run()
    {
        using var cancellation = new CancellationTokenSource();
        var posterior = new CancelledPosterior(cancellation, evaluations: 1000);
        var system = new PosteriorSystem(posterior, [],
            new PosteriorRuns { Draws = 100, Thinning = 10, LangevinStep = 0.1, UnderdampedStep = 0.1 });
        Assert.Throws<OperationCanceledException>(() => system.Run(new Trial(1, cancellation: cancellation.Token)).ToArray());
        Assert.InRange(posterior.Evaluations, 1000, 1000 + PosteriorRuns.Chains);
    }

    [Fact]
    public void Directories_and_files_that_are_missing_are_named()
    {
        using var sandbox = new Sandbox();
        Refused(sandbox.In("nowhere"),
            "nowhere: no such directory; give the directory that contains eight_schools-eight_schools_noncentered, kidiq-kidscore_momiq, low_dim_gauss_mix-low_dim_gauss_mix.");
        Refused(sandbox.Write("file", ""), "file: is a file; give the directory");
        string data = MadeUpPosteriors.Write(sandbox);
        File.Delete(Path.Combine(data, MadeUpPosteriors.Mixture, "moments.json"));
        Refused(data, "moments.json: no such file");
        Directory.CreateDirectory(Path.Combine(data, MadeUpPosteriors.Mixture, "moments.json"));
        Refused(data, "moments.json: is a directory; give a file of a reference's moments");
        Directory.Delete(Path.Combine(data, MadeUpPosteriors.Mixture), recursive: true);
        Directory.Delete(Path.Combine(data, MadeUpPosteriors.Schools), recursive: true);
        Refused(data, $"has no directory {MadeUpPosteriors.Schools}, {MadeUpPosteriors.Mixture}.");
    }

    [Theory]
    [InlineData(0, "", "line 1, byte 1: is not JSON")]
    [InlineData(0, "{\"J\":2,\n\"y\":[1,2", "line 2, byte 9: is not JSON")]
    [InlineData(0, "{\"J\":2,\"J\":3}", "is not JSON")]
    [InlineData(0, "{\"\\ud800\":1}", "data.json: is not JSON")]
    [InlineData(0, "[1]", "is an array, not a JSON object; give a posterior's data")]
    [InlineData(0, "{}", "has no 'J'")]
    [InlineData(0, "{\"J\":0}", "J is 0; it must be a whole number from 1 to 1000000")]
    [InlineData(0, "{\"J\":1.5}", "J is 1.5; it must be a whole number")]
    [InlineData(0, "{\"J\":\"8\"}", "J is a string; it must be a whole number")]
    [InlineData(0, "{\"J\":99999999999}", "J is 99999999999; it must be")]
    [InlineData(0, "{\"J\":2,\"y\":3}", "y is a number; it must be an array of 2 numbers")]
    [InlineData(0, "{\"J\":2,\"y\":[3]}", "y is an array of 1; it must be an array of 2 numbers")]
    [InlineData(0, "{\"J\":2,\"y\":[3,null]}", "y[2] is null; it must be a finite number")]
    [InlineData(0, "{\"J\":2,\"y\":[3,1e999]}", "y[2] is 1e999; it must be a finite number")]
    [InlineData(0, "{\"J\":2,\"y\":[3,1],\"sigma\":[1,0]}", "sigma[2] is 0; a standard error is above 0")]
    [InlineData(1, "{\"N\":2}", "N is 2; it must be a whole number from 3 to 1000000")]
    [InlineData(1, "{\"N\":3,\"kid_score\":[1,2,4],\"mom_iq\":[5,5,5]}", "mom_iq has the standard deviation 0")]
    [InlineData(1, "{\"N\":3,\"kid_score\":[2,2,2],\"mom_iq\":[5,6,7]}", "kid_score has the standard deviation 0 about its regression line")]
    [InlineData(1, "{\"N\":3,\"kid_score\":[1e308,1e308,-1e308],\"mom_iq\":[5,6,7]}", "kid_score has the standard deviation")]
    [InlineData(2, "{\"N\":4,\"y\":[1,1,1,1]}", "y has 0 numbers below its mean")]
    [InlineData(2, "{\"N\":4,\"y\":[1,1,1,7]}", "y has 3 numbers below its mean, with the standard deviation 0")]
    [InlineData(2, "{\"N\":4,\"y\":[1,2,3,1e308]}", "y has 1 numbers above its mean, with the standard deviation 0")]
    public void Broken_data(int posterior, string content, string expected) => Broken(posterior, "data.json", content, expected);

    [Theory]
    [InlineData("{}", "has no 'parameters'")]
    [InlineData("{\"parameters\":[]}", "parameters is an array; it must be an object")]
    [InlineData("{\"parameters\":{\"beta.1\":{}}}", "parameters: has no 'beta[1]'")]
    [InlineData("{\"parameters\":{\"beta[1]\":1}}", "parameters: beta[1] is a number; it must be an object")]
    [InlineData("{\"parameters\":{\"beta[1]\":{\"mean\":true}}}", "parameters: beta[1]: mean is a boolean; it must be a finite number")]
    [InlineData("{\"parameters\":{\"beta[1]\":{\"mean\":1,\"sd\":0}}}", "parameters: beta[1]: sd is 0; it must be above 0")]
    [InlineData("{\"parameters\":{\"beta[1]\":{\"mean\":1,\"sd\":1,\"mean_sq\":2,\"ess_mean\":-1}}}",
        "parameters: beta[1]: ess_mean is -1; it must be above 0")]
    [InlineData("{\"parameters\":{\"beta[1]\":{\"mean\":1,\"sd\":1,\"mean_sq\":2,\"ess_mean\":1}}}",
        "parameters: beta[1]: has no 'mcse_mean'")]
    public void Broken_moments(string content, string expected) => Broken(1, "moments.json", content, expected);

    private sealed class CancelledPosterior(CancellationTokenSource cancellation, int evaluations) : ReferencePosterior
    {
        private int made;

        internal int Evaluations => made;

        internal override string Model => "kidscore_momiq";

        public override int Dimensions => 1;

        internal override IReadOnlyList<SampledVariable> Reported => [new("x", [])];

        internal override double LogDensity(ReadOnlySpan<double> position, Span<double> gradient)
        {
            if (Interlocked.Increment(ref made) == evaluations)
            {
                cancellation.Cancel();
            }

            gradient[0] = -position[0];
            return -position[0] * position[0] / 2;
        }

        internal override void Report(ReadOnlySpan<double> position, Span<double> quantities) => quantities[0] = position[0];
    }

    private static void Broken(int posterior, string file, string content, string expected)
    {
        using var sandbox = new Sandbox();
        string data = MadeUpPosteriors.Write(sandbox);
        sandbox.Write(Path.Combine("data", Directories[posterior], file), content);
        string errors = Refused(data, expected);
        Assert.Contains(Path.Combine(Directories[posterior], file), errors, StringComparison.Ordinal);
    }

    private static string Refused(string data, string expected)
    {
        (int exit, string words, string errors) = CommandRun.Run("verify", "S40", "--data", data);
        Assert.Equal(CommandLine.BadInput, exit);
        Assert.StartsWith("error: ", errors, StringComparison.Ordinal);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
        Assert.Single(errors.TrimEnd().Split('\n'));
        Assert.Empty(words);
        return errors;
    }
}
