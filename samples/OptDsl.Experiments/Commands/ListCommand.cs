using System.CommandLine;
using Spectre.Console;

namespace OptDsl.Experiments;

/// <summary><c>list</c>: the systems and the rules.</summary>
internal static class ListCommand
{
    internal static Command Create(IAnsiConsole console)
    {
        var command = new Command("list", "Shows the systems and the rules there are.");
        command.SetAction(_ =>
        {
            var table = new Table().Border(TableBorder.Simple).AddColumns("system", "what it shows", "claims", "seeds");
            foreach (VerificationSystem system in Registry.All)
            {
                table.AddRow(system.Id, Markup.Escape(system.Title), $"{Claims.All.Count(claim => claim.System == system.Id)}",
                    $"{system.Seeds.Count}");
            }

            console.Write(table);
            table = new Table().Border(TableBorder.Simple).AddColumns("rule", "what it is", "default rate");
            foreach (RuleEntry rule in Rules.All)
            {
                table.AddRow(rule.Name, Markup.Escape(rule.Text), FormattableString.Invariant($"{rule.DefaultRate}"));
            }

            console.Write(table);
            return CommandLine.Success;
        });
        return command;
    }
}
