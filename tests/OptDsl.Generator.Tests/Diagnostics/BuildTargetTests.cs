using System.Diagnostics;
using System.Runtime.CompilerServices;
using OptDsl.Generator.Diagnostics;
using Xunit;

namespace OptDsl.Generator.Tests.Diagnostics;

/// <summary>OPT0012 and OPT0014, which the package's build targets raise.</summary>
public class BuildTargetTests
{
    [Theory]
    [InlineData("roslyn4.13", true)]
    [InlineData("roslyn3.11", true)]
    [InlineData("roslyn4.14", false)]
    [InlineData("roslyn5.9", false)]
    public async Task OPT0012_stops_a_build_with_a_compiler_that_cannot_load_the_generator(string compiler, bool reported)
    {
        (int code, string output) = await Build("", $"-p:CompilerApiVersion={compiler}");
        Assert.Equal(reported, code != 0);
        string message = string.Format(System.Globalization.CultureInfo.InvariantCulture,
            DiagnosticDescriptors.CompilerTooOld.MessageFormat.ToString(null), compiler["roslyn".Length..]);
        Assert.Equal(reported, output.Contains($"error {DiagnosticIds.CompilerTooOld}: {message}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("F#", "[<Optimizer>]\ntype Plain() = class end", true)]
    [InlineData("F#", "[<Sealed; OptDsl.OptimizerAttribute(Arithmetic = Arithmetic.Fused)>] type Plain() = class end", true)]
    [InlineData("F#", "[< Optimizer ; Sealed >] type Plain() = class end", true)]
    [InlineData("F#", "let step (o: Optimizer<float, Adam>) = o.Step() // a rule's [Optimizer]", false)]
    [InlineData("VB", "<Optimizer> Public Class Plain", true)]
    [InlineData("VB", "Dim o As Optimizer(Of Double, Adam)", false)]
    [InlineData("C#", "[Optimizer] sealed partial record Plain; // <Optimizer>", false)]
    public async Task OPT0014_stops_a_build_of_a_rule_in_another_language(string language, string source, bool reported)
    {
        (int code, string output) = await Build(source, $"-p:Language={language}");
        Assert.Equal(reported, code != 0);
        Assert.Equal(reported,
            output.Contains(
                $"source.txt : error {DiagnosticIds.OtherLanguage}: [Optimizer] has no effect in {language}, because OptDsl's generator writes C#", StringComparison.Ordinal));
        Assert.Equal(reported,
            output.Contains("such as Own.Rules.csproj, and reference that project from this one", StringComparison.Ordinal));
    }

    private static async Task<(int Code, string Output)> Build(string source, params string[] properties)
    {
        string folder = Directory.CreateTempSubdirectory("OptDsl-").FullName, project = Path.Combine(folder, "Own.proj");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "source.txt"), source, Token);
            await File.WriteAllTextAsync(project,
                $"""<Project><ItemGroup><Compile Include="source.txt" /></ItemGroup><Import Project="{Targets()}" /><Target Name="CoreCompile" /></Project>""", Token);
            using Process build = Process.Start(
                new ProcessStartInfo("dotnet",
                    ["msbuild", project, "-nologo", "-t:CoreCompile", .. properties])
                { RedirectStandardOutput = true })!;
            string output = await build.StandardOutput.ReadToEndAsync(Token);
            await build.WaitForExitAsync(Token);
            return (build.ExitCode, output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Targets([CallerFilePath] string file = "")
        => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "runtime", "OptDsl", "build", "OptDsl.targets"));
}
