using System.Diagnostics;
using System.Reflection;

namespace OptDsl;

/// <summary>
/// Says once per process that kernels run unoptimized: they are compiled into their rule's assembly, and a Debug build of that one, which
/// is what <c>dotnet run</c> makes by default, keeps the just-in-time compiler from optimizing them.
/// </summary>
internal static class UnoptimizedBuild
{
    /// <summary>Set to false, it keeps the warning from being said.</summary>
    internal const string Switch = "OptDsl.WarnOfUnoptimizedKernels";

    // Below it a step takes less than a millisecond either way.
    internal const int Large = 65_536;

    private static int said;

    /// <summary>Says it where a rule's assembly is unoptimized and the optimizer steps many parameters.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="count">Parameters that are stepped.</param>
    /// <param name="output">Where to.</param>
    internal static void WarnOf(Type rule, int count, TextWriter output)
    {
        if (count >= Large && IsUnoptimized(rule.Assembly) && !(AppContext.TryGetSwitch(Switch, out bool warns) && !warns)
            && Interlocked.Exchange(ref said, 1) == 0)
        {
            output.WriteLine(
                $"OptDsl: the kernel of {rule.Name} runs unoptimized, some 50 times slower, because {rule.Assembly.GetName().Name} is a Debug build. "
                + "Run 'dotnet run -c Release', or set <Optimize>true</Optimize> in the project that declares the rule.");
        }
    }

    /// <summary>Lets it be said again.</summary>
    internal static void Forget() => said = 0;

    private static bool IsUnoptimized(Assembly assembly)
        => assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true };
}
