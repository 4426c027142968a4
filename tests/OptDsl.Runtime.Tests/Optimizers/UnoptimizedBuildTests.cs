using System.Diagnostics;
using System.Reflection;
using System.Reflection.Emit;
using Xunit;

namespace OptDsl.Runtime.Tests.Optimizers;

/// <summary>The warning that kernels of a Debug build run unoptimized.</summary>
public sealed class UnoptimizedBuildTests : IDisposable
{
    private static readonly Type Debug = RuleOf(DebuggableAttribute.DebuggingModes.Default
        | DebuggableAttribute.DebuggingModes.DisableOptimizations), Release = RuleOf(DebuggableAttribute.DebuggingModes.Default);

    private readonly StringWriter output = new();

    public UnoptimizedBuildTests() => UnoptimizedBuild.Forget();

    public void Dispose()
    {
        AppContext.SetSwitch(UnoptimizedBuild.Switch, true);
        UnoptimizedBuild.Forget();
        output.Dispose();
    }

    [Fact]
    public void A_debug_build_is_named_once_with_what_to_do()
    {
        UnoptimizedBuild.WarnOf(Debug, UnoptimizedBuild.Large, output);
        UnoptimizedBuild.WarnOf(Debug, UnoptimizedBuild.Large, output);
        string line = Assert.Single(output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("the kernel of MyRule runs unoptimized", line, StringComparison.Ordinal);
        Assert.Contains("because Author is a Debug build", line, StringComparison.Ordinal);
        Assert.Contains("dotnet run -c Release", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Few_parameters_an_optimized_build_and_a_switch_are_silent()
    {
        UnoptimizedBuild.WarnOf(Debug, UnoptimizedBuild.Large - 1, output);
        UnoptimizedBuild.WarnOf(Release, UnoptimizedBuild.Large, output);
        AppContext.SetSwitch(UnoptimizedBuild.Switch, false);
        UnoptimizedBuild.WarnOf(Debug, UnoptimizedBuild.Large, output);
        Assert.Empty(output.ToString());
    }

    private static Type RuleOf(DebuggableAttribute.DebuggingModes modes)
    {
        var attribute = new CustomAttributeBuilder(
            typeof(DebuggableAttribute).GetConstructor([typeof(DebuggableAttribute.DebuggingModes)])!, [modes]);
        return AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Author"), AssemblyBuilderAccess.Run, [attribute])
            .DefineDynamicModule("Author").DefineType("MyRule").CreateType();
    }
}
