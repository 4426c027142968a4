using System.Runtime.InteropServices;
using OptDsl.Experiments;
using Spectre.Console;

using var cancellation = new CancellationTokenSource();

// The first signal asks; the run then stops between two steps and leaves no file behind. A second one ends the process.
void Ask(PosixSignalContext signal)
{
    signal.Cancel = !cancellation.IsCancellationRequested;
    cancellation.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Ask);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ask);

// Spectre looks at the terminal's kind, not at whether output goes to it; into a file or pipe go plain, unbroken lines.
IAnsiConsole console = AnsiConsole.Console;
if (Console.IsOutputRedirected)
{
    console = AnsiConsole.Create(
        new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No });
    console.Profile.Width = 240;
}

return CommandLine.Run(args, console, Console.Error, cancellation.Token);
