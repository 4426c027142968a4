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
        string runtime = RuntimeInformation.RuntimeIdentifier, folder = packed.FolderOf("trimmed"),
            published = Path.Combine(folder, "published");
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

    /// <summary>The docs' page on publishing says that each of these works.</summary>
    [Theory]
    [InlineData("aot-old", "Microsoft.DotNet.ILCompiler", "-p:PublishAot=true")]
    [InlineData("aot", "Microsoft.DotNet.ILCompiler", "-p:PublishAot=true", "-p:IlcInstructionSet=x86-64-v3")]
    [InlineData("single", "Crossgen2", "-p:PublishSingleFile=true", "--self-contained", "false", "-p:PublishReadyToRun=true")]
    public async Task It_is_published_as_one_program_and_runs(string name, string compiler, params string[] options)
    {
        string runtime = RuntimeInformation.RuntimeIdentifier, folder = packed.FolderOf(name),
            published = Path.Combine(folder, "published");
        await packed.Lay(folder);
        if (name.StartsWith("aot", StringComparison.Ordinal))
        {
            Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64,
                "The test links by gcc, for x64.");
            (int linker, _) = await Tool.RunAsync(folder, "sh", "-c", "command -v gcc");
            Assert.SkipUnless(linker == 0, "There is no gcc to link a program with.");
            options = [.. options, "-p:CppCompilerAndLinker=gcc"];
        }

        (int exit, string output) = await Tool.RunAsync(folder, "dotnet",
            ["publish", "-c", "Release", "-r", runtime, "-o", published, .. options]);
        Assert.SkipWhen(exit != 0 && output.Contains("NU1101", StringComparison.Ordinal)
            && output.Contains(compiler, StringComparison.Ordinal),
            $"{compiler} cannot be restored here: {output}");
        Assert.True(exit == 0, output);
        Assert.DoesNotContain("warning", output, StringComparison.OrdinalIgnoreCase);
        string program = Path.Combine(published, OperatingSystem.IsWindows() ? "Consumer.exe" : "Consumer");
        Assert.Equal(Expected, Lines(await Tool.RequireAsync(folder, program)));

        // Compiled for an old processor, it has no fused multiply-add, whatever the one it runs on has.
        string fused = Lines(await Tool.RequireAsync(folder, program, "fused"))[^1];
        if (name == "aot-old")
        {
            Assert.Contains("was compiled ahead of time for processors without fused multiply-add", fused, StringComparison.Ordinal);
            Assert.Contains("<IlcInstructionSet>x86-64-v3</IlcInstructionSet>", fused, StringComparison.Ordinal);
        }
        else if (name == "aot" || System.Runtime.Intrinsics.X86.Fma.IsSupported)
        {
            Assert.Equal("fused", fused);
        }
    }

    [Fact]
    public async Task A_debug_build_says_that_it_is_slow_where_there_is_much_to_do()
    {
        string folder = packed.FolderOf("debug");
        await packed.Lay(folder);
        string[] run = ["run", "--", "large"];
        Assert.DoesNotContain("unoptimized", await Tool.RequireAsync(folder, "dotnet", "run"), StringComparison.Ordinal);
        Assert.Contains("OptDsl: the kernel of Cautious runs unoptimized", await Tool.RequireAsync(folder, "dotnet", run),
            StringComparison.Ordinal);

        // What the message says to do.
        string project = Path.Combine(folder, "Consumer.csproj");
        string text = await File.ReadAllTextAsync(project, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(project, text.Replace("<Nullable>", "<Optimize>true</Optimize><Nullable>", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
        Assert.DoesNotContain("unoptimized", await Tool.RequireAsync(folder, "dotnet", run), StringComparison.Ordinal);
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
        await packed.Lay(packed.FolderOf("older"));
        (int exit, string output) = await Tool.RunAsync(packed.FolderOf("older"), "dotnet", "restore", "-p:TargetFramework=net8.0");
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
