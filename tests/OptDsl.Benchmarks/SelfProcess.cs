using System.Diagnostics;

namespace OptDsl.Benchmarks;

/// <summary>This program again, in a process of its own with the runtime's default settings.</summary>
internal static class SelfProcess
{
    /// <summary>Runs it with arguments and returns what it prints.</summary>
    internal static string Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(typeof(SelfProcess).Assembly.Location);
        }

        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // The benchmark itself runs without tiers.
        start.Environment["DOTNET_TieredCompilation"] = "1";
        using Process child = Process.Start(start)!;
        string output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return child.ExitCode == 0 ? output
            : throw new InvalidOperationException($"The child process ended with {child.ExitCode}: {output}");
    }
}
