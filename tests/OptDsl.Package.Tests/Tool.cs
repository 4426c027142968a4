using System.Diagnostics;
using Xunit;

namespace OptDsl.Package.Tests;

/// <summary>Runs a program and keeps what it says.</summary>
internal static class Tool
{
    internal static Task<(int Exit, string Output)> RunAsync(string folder, string program, params string[] arguments)
        => RunAsync(folder, environment: null, program, arguments);

    internal static async Task<(int Exit, string Output)> RunAsync(string folder, IReadOnlyDictionary<string, string>? environment,
        string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };

        // What the test host was told of its own build must not reach another.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase))
            .ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }

    internal static async Task<string> RequireAsync(string folder, string program, params string[] arguments)
    {
        (int exit, string output) = await RunAsync(folder, program, arguments);
        Assert.True(exit == 0, $"{program} {string.Join(" ", arguments)} ended with {exit}:\n{output}");
        return output;
    }
}
