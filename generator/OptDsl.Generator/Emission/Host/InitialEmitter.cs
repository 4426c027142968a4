using System.Globalization;
using OptDsl.Generator.Emission.Text;
using OptDsl.Generator.Language;
using OptDsl.Generator.Lowering;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Emission.Host;

/// <summary>
/// Emits initial values that are too long to print where they are read, or can throw: each is a function, so that it is still
/// computed in the first step only.
/// </summary>
internal static class InitialEmitter
{
    private const int LongestInPlace = 64;

    /// <summary>The functions' names.</summary>
    internal static IEnumerable<string> Names(KernelPlan plan) => Long(plan).Select((_, index) => Function(index));

    /// <summary>Lets the printer call the functions.</summary>
    internal static void Name(KernelPlan plan, UniformPrinter printer)
    {
        foreach ((int node, int index) in Long(plan).Select((node, index) => (node, index)))
        {
            printer.Names[node] = Function(index) + "(rule)";
        }
    }

    internal static void Write(SourceWriter writer, KernelPlan plan, EmissionNames names)
    {
        foreach ((int node, int index) in Long(plan).Select((node, index) => (node, index)))
        {
            writer.Open($"private static {plan.Nodes[node].Type.Keyword()} {Function(index)}({names.Rule} rule)");
            var printer = new UniformPrinter(plan.Nodes);
            UniformLocals.Write(writer, plan.Nodes, plan.NameHints, [node], new Identifiers(["rule"]), printer);
            writer.Line($"return {printer.PrintBare(node)};");
            writer.Close();
            writer.Line();
        }
    }

    private static IEnumerable<int> Long(KernelPlan plan) => plan.Initials
        .Concat(plan.Carried.Select(value => value.Initial))
        .Concat(plan.SimpleInitialChecks.SelectMany(check => check.Nodes))
        .Distinct()
        .Where(node => plan.IsSimple(node) && NeedsFunction(plan.Nodes, node));

    /// <summary>Whether one of its operations can throw, or more than so many would be printed, shared ones once a use.</summary>
    private static bool NeedsFunction(IReadOnlyList<Expression> nodes, int root)
    {
        var pending = new Stack<int>([root]);
        int printed = 0;
        while (pending.Count > 0 && printed <= LongestInPlace)
        {
            printed++;
            Expression node = nodes[pending.Pop()];
            if (node.CanThrow())
            {
                return true;
            }

            foreach (int operand in node.Operands)
            {
                pending.Push(operand);
            }
        }

        return printed > LongestInPlace;
    }

    private static string Function(int index) => "Initial" + index.ToString(CultureInfo.InvariantCulture);
}
