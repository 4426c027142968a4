using System.Diagnostics;
using System.Reflection;

namespace OptDsl;

/// <summary>
/// Warns once per process that kernels run unoptimized. A kernel is compiled into its rule's assembly. In a Debug build of that assembly,
/// which <c>dotnet run</c> makes by default, the just-in-time compiler does not optimize it.
/// </summary>
internal static class UnoptimizedBuild
{
    /// <summary>The AppContext switch that turns the warning off if it is false.</summary>
    internal const string Switch = "OptDsl.WarnOfUnoptimizedKernels";

    // With fewer parameters a step takes less than a millisecond in either build.
    internal const int Large = 65_536;

    private static int said;

    /// <summary>Writes the warning if the rule's assembly is unoptimized and the optimizer steps many parameters.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="count">The number of parameters that are stepped.</param>
    /// <param name="output">The writer that receives the warning.</param>
    internal static void WarnOf(Type rule, int count, TextWriter output)
    {
        if (count >= Large && IsUnoptimized(rule.Assembly) && !(AppContext.TryGetSwitch(Switch, out bool warns) && !warns)
            && Interlocked.Exchange(ref said, 1) == 0)
        {
            output.WriteLine(
                $"OptDsl: the kernel of {rule.Name} runs unoptimized, tens of times slower, because {rule.Assembly.GetName().Name} is a Debug build. "
                + "Run 'dotnet run -c Release', or set <Optimize>true</Optimize> in the project that declares the rule.");
        }
    }

    /// <summary>Lets the warning be written again.</summary>
    internal static void Forget() => said = 0;

    private static bool IsUnoptimized(Assembly assembly)
        => assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true };
}
