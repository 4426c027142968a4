using Spectre.Console;

namespace OptDsl.Experiments.Tests;

/// <summary>The command line, run in this process with its words caught.</summary>
internal static class CommandRun
{
    private const int Wide = 240;

    internal static (int Exit, string Words, string Errors) Run(params string[] arguments) => Run(Wide, arguments, CancellationToken.None);

    internal static (int Exit, string Words, string Errors) RunAt(int width, params string[] arguments)
        => Run(width, arguments, CancellationToken.None);

    internal static (int Exit, string Words, string Errors) Run(CancellationToken cancellation, params string[] arguments)
        => Run(Wide, arguments, cancellation);

    private static (int Exit, string Words, string Errors) Run(int width, string[] arguments, CancellationToken cancellation)
    {
        using StringWriter words = new(), errors = new();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(words),
        });
        console.Profile.Width = width;
        int exit = CommandLine.Run(arguments, console, errors, cancellation);
        return (exit, words.ToString(), errors.ToString());
    }
}
