using OptDsl.Generator.Model;

namespace OptDsl.Generator.Emission;

/// <summary>
/// Locals for uniform expressions: one for each that is used more than once, which printed in place would double with every
/// level, and one on the way up a deep one, which the compiler's stack would not hold.
/// </summary>
internal static class UniformLocals
{
    internal const int DeepestNesting = 20;

    internal static void Write(
        SourceWriter writer, IReadOnlyList<Expression> nodes, IReadOnlyList<NameHint> nameHints, IEnumerable<int> roots, Identifiers identifiers, UniformPrinter printer)
    {
        var uses = new int[nodes.Count];
        var unguarded = new bool[nodes.Count];
        var pending = new Stack<int>();
        foreach (int root in roots)
        {
            unguarded[root] = true;
            pending.Push(root);
        }

        while (pending.Count > 0)
        {
            int index = pending.Pop();
            if (++uses[index] == 1)
            {
                foreach (int operand in nodes[index].Operands)
                {
                    unguarded[operand] |= !(operand == nodes[index].B && IsGuard(nodes, nodes[index]));
                    pending.Push(operand);
                }
            }
        }

        var hints = nameHints.ToDictionary(hint => hint.Node, hint => hint.Name);
        var depths = new int[nodes.Count];
        for (int i = 0; i < nodes.Count; i++)
        {
            Expression node = nodes[i];
            if (uses[i] == 0 || node.PerElement || printer.Names.ContainsKey(i) || !node.Operands.Any())
            {
                continue;
            }

            depths[i] = 1 + node.Operands.Max(operand => depths[operand]);
            if ((uses[i] > 1 || depths[i] >= DeepestNesting) && (!node.CanThrow || unguarded[i]))
            {
                string name = identifiers.Claim(hints.TryGetValue(i, out string? hint) ? hint : "shared");
                writer.Line($"{node.Type.Keyword()} {name} = {printer.PrintBare(i)};");
                printer.Names[i] = name;
                depths[i] = 0;
            }
        }
    }

    /// <summary>
    /// Whether the node is what the translator puts around an operation that can throw: it stays inside, where the author
    /// wrote it. Used in any other way, the operation runs whatever the conditions.
    /// </summary>
    private static bool IsGuard(IReadOnlyList<Expression> nodes, Expression node)
        => node.Operation == Operation.Conditional && nodes[node.B].CanThrow && nodes[node.C] is { Operation: Operation.Constant, Bits: 0 };
}
