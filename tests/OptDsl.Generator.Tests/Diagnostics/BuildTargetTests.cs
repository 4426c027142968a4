using System.Diagnostics;
using System.Runtime.CompilerServices;
using OptDsl.Generator.Diagnostics;
using Xunit;

namespace OptDsl.Generator.Tests.Diagnostics;

/// <summary>OPT0012, which the package's build target raises.</summary>
public class BuildTargetTests
{
    [Theory]
    [InlineData("roslyn4.13", true)]
    [InlineData("roslyn3.11", true)]
    [InlineData("roslyn4.14", false)]
    [InlineData("roslyn5.9", false)]
    public async Task OPT0012_stops_a_build_with_a_compiler_that_cannot_load_the_generator(string compiler, bool reported)
    {
        string project = Path.Combine(Path.GetTempPath(), $"OptDsl-{Guid.NewGuid():N}.proj");
        await File.WriteAllTextAsync(project, $"""<Project><Import Project="{Targets()}" /><Target Name="CoreCompile" /></Project>""", TestContext.Current.CancellationToken);
        try
        {
            (int code, string output) = await Build(project, compiler);
            Assert.Equal(reported, code != 0);
            string message = string.Format(System.Globalization.CultureInfo.InvariantCulture, DiagnosticDescriptors.CompilerTooOld.MessageFormat.ToString(null), compiler["roslyn".Length..]);
            Assert.Equal(reported, output.Contains($"error {DiagnosticIds.CompilerTooOld}: {message}", StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(project);
        }
    }

    private static async Task<(int Code, string Output)> Build(string project, string compiler)
    {
        using Process build = Process.Start(new ProcessStartInfo("dotnet", ["msbuild", project, "-nologo", "-t:CoreCompile", $"-p:CompilerApiVersion={compiler}"]) { RedirectStandardOutput = true })!;
        string output = await build.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await build.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (build.ExitCode, output);
    }

    private static string Targets([CallerFilePath] string file = "")
        => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "runtime", "OptDsl", "build", "OptDsl.targets"));
}
