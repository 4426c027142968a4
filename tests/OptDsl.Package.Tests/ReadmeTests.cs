using System.Text.RegularExpressions;
using Xunit;

namespace OptDsl.Package.Tests;

/// <summary>README's first page does what it says: its project and its program, in a folder of their own, by its command.</summary>
[Collection(PackageCollection.Name)]
public sealed partial class ReadmeTests(PackedProject packed)
{
    [Fact]
    public async Task The_project_and_the_program_run()
    {
        string readme = (await File.ReadAllTextAsync(Path.Combine(PackedProject.Repository(), "README.md"),
            TestContext.Current.CancellationToken)).ReplaceLineEndings("\n");
        string folder = packed.FolderOf("readme"), project = First(readme, "xml"), program = First(readme, "csharp");
        Directory.CreateDirectory(folder);
        Assert.Contains("Version=\"0.1.0\"", project, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(folder, "MyProject.csproj"),
            project.Replace("Version=\"0.1.0\"", $"Version=\"{packed.Version}\"", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), program, TestContext.Current.CancellationToken);

        string command = Assert.Single(readme.Split('\n'), line => line.StartsWith("dotnet run -c Release -p:", StringComparison.Ordinal));
        (int exit, string said) = await Tool.RunAsync(folder, await packed.EmptyHome("readme"), "dotnet",
            command.Replace("/path/to/packages", packed.Feed, StringComparison.Ordinal).Split(' ')[1..]);
        Assert.True(exit == 0, said);

        // What README says it prints.
        string printed = Printed().Match(readme).Groups[1].Value;
        Assert.Matches("^[-0-9. ]{10,}$", printed);
        Assert.StartsWith(printed + "\nMomentum\n", said.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    private static string First(string page, string language)
        => Regex.Match(page, $"```{language}\n([\\s\\S]*?)```").Groups[1].Value;

    [GeneratedRegex("The second command prints `([^`]*)`")]
    private static partial Regex Printed();
}
