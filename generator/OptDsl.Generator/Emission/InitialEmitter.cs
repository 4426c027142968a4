using System.Globalization;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Emission;

/// <summary>
/// Emits initial values that are too long to print where they are read: each is a function, so that it is still computed in
/// the first step only.
/// </summary>
internal static class InitialEmitter
{
    private const int LongestInPlace = 64;

    /// <summary>The functions' names.</summary>
    internal static IEnumerable<string> Names(RuleSpec rule) => Long(rule).Select((_, index) => Function(index));

    /// <summary>Lets the printer call the functions.</summary>
    internal static void Name(RuleSpec rule, UniformPrinter printer)
    {
        foreach ((int node, int index) in Long(rule).Select((node, index) => (node, index)))
        {
            printer.Names[node] = Function(index) + "(rule)";
        }
    }

    internal static void Write(SourceWriter writer, RuleSpec rule, EmissionNames names)
    {
        foreach ((int node, int index) in Long(rule).Select((node, index) => (node, index)))
        {
            writer.Open($"private static {rule.Nodes[node].Type.Keyword()} {Function(index)}({names.Rule} rule)");
            var printer = new UniformPrinter(rule.Nodes);
            UniformLocals.Write(writer, rule.Nodes, rule.NameHints, [node], new Identifiers(["rule"]), printer);
            writer.Line($"return {printer.PrintBare(node)};");
            writer.Close();
            writer.Line();
        }
    }

    private static IEnumerable<int> Long(RuleSpec rule) => rule.Buffers.Select(buffer => buffer.Initial)
        .Concat(rule.Carried.Select(value => value.Initial))
        .Distinct()
        .Where(node => IsLong(rule.Nodes, node));

    /// <summary>Whether more than so many operations would be printed, shared ones once a use.</summary>
    private static bool IsLong(EquatableArray<Expression> nodes, int root)
    {
        var pending = new Stack<int>([root]);
        int printed = 0;
        while (pending.Count > 0 && printed <= LongestInPlace)
        {
            printed++;
            foreach (int operand in nodes[pending.Pop()].Operands)
            {
                pending.Push(operand);
            }
        }

        return printed > LongestInPlace;
    }

    private static string Function(int index) => "Initial" + index.ToString(CultureInfo.InvariantCulture);
}
