using Xunit;

namespace OptDsl.Package.Tests;

/// <summary>
/// What somebody does who has just heard of OptDsl, in an empty folder with an empty home: a project from the template, built, run, broken,
/// mended by what the error says, tested, and looked at with the command.
/// </summary>
[Collection(PackageCollection.Name)]
public sealed class FirstFiveMinutesTests(PackedProject packed)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IReadOnlyDictionary<string, string> home = new Dictionary<string, string>();

    /// <summary>The second name is none of C#, and is what people write for folders.</summary>
    [Theory]
    [InlineData("Walk", "MyRule")]
    [InlineData("my-optimizer.2", "Glide")]
    public async Task From_the_template_to_the_report(string name, string rule)
    {
        home = await packed.EmptyHome(name);
        string folder = packed.FolderOf($"five-minutes-{name}"), project = Path.Combine(folder, name),
            source = Path.Combine(project, "src", name);
        Directory.CreateDirectory(folder);
        await Require(folder, "new", "install", packed.PathOf("OptDsl.Templates"));
        await Require(folder, "new", "optdsl", "-o", name, "--packages", packed.Feed, "--rule", rule);

        string said = await Require(project, "run", "--project", source);
        double[] losses = [.. said.Split('\n').Where(line => line.StartsWith("step", StringComparison.Ordinal))
            .Select(line => double.Parse(line.Split("loss ")[1], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(6, losses.Length);
        Assert.True(losses[^1] < 0.6 * losses[0], said);
        Assert.Contains($"{rule}\n  state             8 bytes per parameter (float)", said.ReplaceLineEndings("\n"),
            StringComparison.Ordinal);

        // A slip of the finger.
        string file = Path.Combine(source, rule + ".cs"), text = await File.ReadAllTextAsync(file, Token);
        Assert.Contains("double mean,", text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, text.Replace("double mean,", "double maen,", StringComparison.Ordinal)
            .Replace("* mean /", "* maen /", StringComparison.Ordinal), Token);
        (int exit, string errors) = await Run(project, "build");
        Assert.NotEqual(0, exit);
        string line = Assert.Single(errors.Split('\n').Where(line => line.Contains("error", StringComparison.Ordinal)
            && line.Contains(rule + ".cs(", StringComparison.Ordinal)).Select(line => line.Trim()).Distinct());
        Assert.Contains("error OPT1001: ", line, StringComparison.Ordinal);
        Assert.Contains("did you mean 'mean'?", line, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, text, Token);

        Assert.Contains("Passed!  - Failed:     0, Passed:     4", await Require(project, "test"), StringComparison.Ordinal);

        await Require(source, "new", "optdsl-rule", "-n", "Another");
        await Require(project, "build", "-warnaserror");
        string assembly = Path.Combine(source, "bin", "Debug", "net10.0", name + ".dll");
        await Require(project, "new", "tool-manifest");
        await Require(project, "tool", "install", "OptDsl.Tool", "--version", packed.Version, "--add-source", packed.Feed);
        string table = await Require(project, "optdsl", "rules", "--assembly", assembly);
        Assert.Contains(rule, table, StringComparison.Ordinal);
        Assert.Contains("Another", table, StringComparison.Ordinal);
    }

    private async Task<string> Require(string folder, params string[] arguments)
    {
        (int exit, string output) = await Run(folder, arguments);
        Assert.True(exit == 0, $"dotnet {string.Join(" ", arguments)} ended with {exit}:\n{output}");
        return output;
    }

    private Task<(int Exit, string Output)> Run(string folder, params string[] arguments)
        => Tool.RunAsync(folder, home, "dotnet", arguments);
}
