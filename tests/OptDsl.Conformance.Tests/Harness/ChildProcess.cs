using System.Diagnostics;
using Xunit;

namespace OptDsl.Conformance.Tests.Harness;

/// <summary>A test class run again in a process of its own: what the runtime compiles is decided by a process's environment.</summary>
internal static class ChildProcess
{
    /// <summary>Runs the tests of a class, explicit ones too, and requires that there are some and that they pass.</summary>
    internal static async Task Run(Type tests, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        }

        foreach (string argument in (string[])["-class", tests.FullName!, "-explicit", "on", "-noLogo"])
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process child = Process.Start(start)!;
        Task<string> errors = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(child.ExitCode == 0, output + await errors);
        Assert.Contains("Failed: 0", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Total: 0,", output, StringComparison.Ordinal);
    }
}
