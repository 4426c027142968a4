using Spectre.Console;

namespace OptDsl.Experiments.Tests;

/// <summary>The command line, run in this process with its words caught.</summary>
internal static class CommandRun
{
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
}
