using System.Runtime.CompilerServices;
using Xunit;

namespace OptDsl.Package.Tests;

/// <summary>
/// The packages, packed once, and a project that consumes them, restored once. Everything lies in a temporary folder, outputs and
/// intermediate files too: other tests of the solution run from the projects' own folders meanwhile.
/// </summary>
public sealed class PackedProject : IAsyncLifetime
{
    private readonly string root = Directory.CreateTempSubdirectory("optdsl-package-").FullName;

    /// <summary>A version nobody has in a cache.</summary>
    internal string Version { get; } = $"0.0.0-test.{Guid.NewGuid():N}";

    internal string Feed => Path.Combine(root, "feed");

    internal string Consumer => FolderOf("consumer");

    /// <summary>A folder of a test's own.</summary>
    internal string FolderOf(string name) => Path.Combine(root, name);

    internal string PathOf(string package) => Path.Combine(Feed, $"{package}.{Version}.nupkg");

    internal static string Repository([CallerFilePath] string file = "")
        => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));

    public async ValueTask InitializeAsync()
    {
        try
        {
            foreach (string project in (string[])["runtime/OptDsl", "runtime/OptDsl.RuleAssert", "samples/OptDsl.Experiments", "templates"])
            {
                await Pack(project);
            }

            // The command's build has built the models.
            await Pack("runtime/OptDsl.Models", "--no-build");

            await Lay(Consumer);
            await Tool.RequireAsync(Consumer, "dotnet", "restore");
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>All packages there are.</summary>
    internal static IReadOnlyList<string> Packages { get; } =
        ["OptDsl", "OptDsl.Models", "OptDsl.RuleAssert", "OptDsl.Templates", "OptDsl.Tool"];

    /// <summary>An environment of somebody new to the machine, but for the packages of others, which need not be fetched again.</summary>
    internal async Task<IReadOnlyDictionary<string, string>> EmptyHome(string name)
    {
        string home = FolderOf($"home-{name}");
        Directory.CreateDirectory(home);
        return new Dictionary<string, string>
        {
            ["HOME"] = home,
            ["DOTNET_CLI_HOME"] = home,
            ["NUGET_PACKAGES"] = Path.Combine(home, "packages"),
            ["NUGET_FALLBACK_PACKAGES"] = await PackageCache(),
        };
    }

    /// <summary>Writes the consuming project into a folder.</summary>
    internal async Task Lay(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.GetFiles(Path.Combine(Repository(), "tests", "OptDsl.Package.Tests", "Consumer")))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        // The packages are found in the feed only, and kept out of the user's package folder, whose packages serve all the rest.
        await File.WriteAllTextAsync(Path.Combine(folder, "Directory.Build.props"), $"""
            <Project>
              <PropertyGroup>
                <OptDslVersion>{Version}</OptDslVersion>
                <RestoreAdditionalProjectSources>{Feed}</RestoreAdditionalProjectSources>
                <RestorePackagesPath>{Path.Combine(root, "packages")}</RestorePackagesPath>
                <RestoreFallbackFolders>{await PackageCache()}</RestoreFallbackFolders>
              </PropertyGroup>
            </Project>
            """);
    }

    /// <summary>Builds the restored consumer, with further properties.</summary>
    internal Task<(int Exit, string Output)> Build(params string[] properties)
        => Tool.RunAsync(Consumer, "dotnet",
            ["build", "--no-restore", "-c", "Release", .. properties.Select(property => "-p:" + property)]);

    public ValueTask DisposeAsync()
    {
        Directory.Delete(root, recursive: true);
        return ValueTask.CompletedTask;
    }

    // The ordinary build has run the analyzers.
    private Task<string> Pack(string project, params string[] options)
        => Tool.RequireAsync(root, "dotnet", ["pack", Path.Combine(Repository(), project), "-c", "Release",
            "--artifacts-path", Path.Combine(root, "artifacts"), "-o", Feed, $"-p:Version={Version}", "-p:RunAnalyzers=false", .. options]);

    /// <summary>The user's package folder, which has the packages of the build already.</summary>
    private async Task<string> PackageCache()
    {
        string line = await Tool.RequireAsync(root, "dotnet", "nuget", "locals", "global-packages", "--list");
        return line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..].Trim();
    }
}
