using OptDsl.Experiments;
using Spectre.Console;

namespace OptDsl.Models.Tests;

/// <summary>A directory for one test, and the command line run in this process with its words caught.</summary>
internal sealed class Sandbox : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("optdsl-test-");

    internal string Output => In("result");

    internal string In(string name) => Path.Combine(directory.FullName, name);

    /// <summary>The names of everything in the directory, hidden siblings too.</summary>
    internal IEnumerable<string> Entries => directory.EnumerateFileSystemInfos().Select(entry => entry.Name).Order(StringComparer.Ordinal);

    internal string Write(string name, string text)
    {
        File.WriteAllText(In(name), text);
        return In(name);
    }

    internal string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(In(name), bytes);
        return In(name);
    }

    internal static (int Exit, string Words, string Errors) Run(params string[] arguments) => Run(CancellationToken.None, arguments);

    internal static (int Exit, string Words, string Errors) Run(CancellationToken cancellation, params string[] arguments)
    {
        using StringWriter words = new(), errors = new();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(words),
        });
        console.Profile.Width = 240;
        int exit = CommandLine.Run(arguments, console, errors, cancellation);
        return (exit, words.ToString(), errors.ToString());
    }

    public void Dispose() => directory.Delete(recursive: true);
}
