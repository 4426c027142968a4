using System.Runtime.InteropServices;
using Xunit;

namespace OptDsl.Package.Tests;

/// <summary>A fresh project outside the repository that knows the packages only.</summary>
[Collection(PackageCollection.Name)]
public sealed class ConsumerTests(PackedProject packed)
{
    private static readonly string[] Expected = ["kernel equals declaration", "assertions hold", "adam -0.500"];

    [Fact]
    public async Task It_builds_without_a_warning_and_runs()
    {
        (int exit, string output) = await packed.Build();
        Assert.True(exit == 0, output);
        Assert.Contains("0 Warning(s)", output, StringComparison.Ordinal);
        string said = await Tool.RequireAsync(packed.Consumer, "dotnet", Path.Combine("bin", "Release", "net10.0", "Consumer.dll"));
        Assert.Equal(Expected, Lines(said));
    }

    [Fact]
    public async Task It_is_published_trimmed_without_a_warning_and_runs()
    {
        string runtime = RuntimeInformation.RuntimeIdentifier, folder = packed.Trimmed, published = Path.Combine(folder, "published");
        await packed.Lay(folder);
        string[] trimmed = ["-r", runtime, "-p:SelfContained=true", "-p:PublishTrimmed=true", "-p:TrimmerSingleWarn=false"];
        (int restored, string why) = await Tool.RunAsync(folder, "dotnet", ["restore", .. trimmed]);
        Assert.SkipWhen(restored != 0 && why.Contains("Microsoft.NETCore.App.Runtime", StringComparison.Ordinal),
            $"The runtime pack of {runtime} cannot be restored here, and a trimmed application needs it: {why}");
        Assert.True(restored == 0, why);

        string output = await Tool.RequireAsync(folder, "dotnet",
            ["publish", "--no-restore", "-c", "Release", "-o", published, .. trimmed]);
        Assert.DoesNotContain("warning", output, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Optimizing assemblies for size", output, StringComparison.Ordinal);

        // Trimmed indeed: of the library, what the program does not use is gone.
        long whole = new FileInfo(Path.Combine(folder, "bin", "Release", "net10.0", runtime, "OptDsl.Runtime.dll")).Length;
        Assert.InRange(new FileInfo(Path.Combine(published, "OptDsl.Runtime.dll")).Length, 1, whole - 1);
        Assert.Equal(Expected,
            Lines(await Tool.RequireAsync(folder, Path.Combine(published, OperatingSystem.IsWindows() ? "Consumer.exe" : "Consumer"))));
    }

    [Fact]
    public async Task A_wrong_rule_stops_the_build_with_its_diagnostic()
    {
        string wrong = Path.Combine(packed.Consumer, "Wrong.cs");
        await File.WriteAllTextAsync(wrong,
            "using OptDsl; [Optimizer] public sealed partial record Wrong { [Update] static double Update(double parameter, double gradient) => parameter - Math.Sign(gradient); }", TestContext.Current.CancellationToken);
        try
        {
            await RequireError("OPT2002: 'Math.Sign' throws for NaN");
        }
        finally
        {
            File.Delete(wrong);
        }
    }

    [Fact]
    public Task A_compiler_too_old_for_the_generator_is_OPT0012()
        => RequireError("OPT0012: The compiler 4.13 is older than 4.14", "CompilerApiVersion=roslyn4.13");

    [Fact]
    public Task A_language_too_old_for_the_kernel_is_OPT0010()
        => RequireError("OPT0010: 'Cautious' cannot be compiled to a kernel: the language version is 11.0", "LangVersion=11");

    /// <summary>Once it restored, and the compiler then knew no type of the library.</summary>
    [Fact]
    public async Task A_framework_too_old_is_refused_by_restore()
    {
        await packed.Lay(packed.Older);
        (int exit, string output) = await Tool.RunAsync(packed.Older, "dotnet", "restore", "-p:TargetFramework=net8.0");
        Assert.NotEqual(0, exit);
        Assert.Contains("error NU1202: Package OptDsl ", output, StringComparison.Ordinal);
        Assert.Contains("supports: net10.0", output, StringComparison.Ordinal);
    }

    private async Task RequireError(string error, params string[] properties)
    {
        (int exit, string output) = await packed.Build(properties);
        Assert.NotEqual(0, exit);
        Assert.Contains("error " + error, output, StringComparison.Ordinal);
    }

    private static string[] Lines(string output)
        => output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
