using System.CommandLine;
using Spectre.Console;

namespace OptDsl.Experiments;

/// <summary>The commands, and what every one of them does about errors.</summary>
internal static class CommandLine
{
    internal const int Success = 0, Failure = 1, BadInput = 2, Cancelled = 130;

    /// <summary>Runs a command line.</summary>
    /// <param name="arguments">The arguments; none at all shows the help.</param>
    /// <param name="console">Where results go.</param>
    /// <param name="errors">Where the one line of an error goes.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <returns>0 done, 1 failed, 2 bad arguments or input, 130 cancelled.</returns>
    internal static int Run(string[] arguments, IAnsiConsole console, TextWriter errors, CancellationToken cancellation)
    {
        var root = new RootCommand("Completes ratings and images with generated optimizers, shows what rules cost, and runs experiments of the literature against their claims.")
        {
            ListCommand.Create(console),
            RulesCommand.Create(console),
            RunCommand.Create(console, cancellation),
            VerifyCommand.Create(console, cancellation),
            CompleteCommand.Create(console, cancellation),
        };

        // Nothing asked for is a question what there is.
        ParseResult parsed = root.Parse(arguments.Length == 0 ? ["--help"] : arguments);
        if (parsed.CommandResult.Command == root && parsed.UnmatchedTokens is [var unknown, ..] && !unknown.StartsWith('-'))
        {
            IReadOnlyList<string> nearest = Nearest.To(unknown, root.Subcommands.Select(command => command.Name));
            errors.WriteLine($"error: There is no command '{OneLine(unknown)}'; did you mean '{nearest[0]}'? 'optdsl --help' shows what there is.");
            return BadInput;
        }

        if (parsed.Errors.Count > 0)
        {
            errors.WriteLine($"error: {OneLine(parsed.Errors[0].Message)} 'optdsl --help' shows what there is.");
            return BadInput;
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = console.Profile.Out.Writer,
                Error = errors,
            });
        }
        catch (InputException exception)
        {
            errors.WriteLine($"error: {OneLine(exception.Message)}");
            return BadInput;
        }
        catch (OperationCanceledException)
        {
            errors.WriteLine("cancelled: no unfinished results were left behind.");
            return Cancelled;
        }
        catch (RunFailedException exception)
        {
            errors.WriteLine($"failed: {OneLine(exception.Message)}");
            return Failure;
        }
        catch (Exception exception) when (exception is IOException or OutOfMemoryException)
        {
            // Files have their own messages; what is left is the terminal or pipe that results go to, and the machine.
            errors.WriteLine($"failed: {OneLine(exception.Message)}");
            return Failure;
        }
    }

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").Trim();
}
