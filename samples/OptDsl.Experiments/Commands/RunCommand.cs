using System.CommandLine;
using Spectre.Console;

namespace OptDsl.Experiments;

/// <summary><c>run SYSTEM</c>: one experiment, with what it measured; it judges nothing.</summary>
internal static class RunCommand
{
    internal static Command Create(IAnsiConsole console, CancellationToken cancellation)
    {
        var id = new Argument<string>("system") { Description = "Its number, such as S40." };
        var command = new Command("run", "Runs one system and shows what it measures.") { id };
        command.SetAction(parsed =>
        {
            VerificationSystem system = Registry.Find(parsed.GetRequiredValue(id));
            console.WriteLine($"{system.Id}  {system.Title}");
            foreach (VerificationRow row in Verifier.Run(system, cancellation))
            {
                console.WriteLine(FormattableString.Invariant($"  {row.Claim.Text}: {row.Measured:G6}  (seed {row.Seed}, {row.Seconds:0.00} s)"));
            }

            return CommandLine.Success;
        });
        return command;
    }
}
