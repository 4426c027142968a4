using OptDsl.Generator.Emission.Text;
using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Emission.Host;

/// <summary>
/// Locals for uniform expressions: one for each that is used more than once, which printed in place would double with every
/// level, and one on the way up a deep one, which the compiler's stack would not hold. And locals for constants that the
/// compiler would compute with: where the author's compiler saw a parameter of a helper, it must neither refuse a division
/// by zero that never runs nor convert by rules of its own. Where a loop over rows follows, also for what does not change in it.
/// </summary>
internal static class UniformLocals
{
    internal const int DeepestNesting = 20;

    internal static void Write(
        SourceWriter writer, IReadOnlyList<Expression> nodes, IReadOnlyDictionary<int, string> hints, IEnumerable<int> roots,
            Identifiers identifiers, UniformPrinter printer,
        Func<Kind, bool>? here = null)
    {
        var uses = new int[nodes.Count];
        var unguarded = new bool[nodes.Count];
        var crosses = new bool[nodes.Count];
        var pending = new Stack<int>();
        foreach (int root in roots)
        {
            unguarded[root] = true;
            pending.Push(root);
        }

        while (pending.Count > 0)
        {
            int index = pending.Pop();
            if (++uses[index] == 1 && printer.Leaf(index) is null)
            {
                foreach (int operand in nodes[index].Operands)
                {
                    crosses[operand] |= here is not null && here(nodes[operand].Kind) && !here(nodes[index].Kind);
                    unguarded[operand] |= !(operand == nodes[index].B && IsGuard(nodes, nodes[index]));
                    pending.Push(operand);
                }
            }
        }

        var depths = new int[nodes.Count];
        var constants = new HashSet<int>();
        for (int i = 0; i < nodes.Count; i++)
        {
            Expression node = nodes[i];
            int hidden = printer.Leaf(i) is null || node.Operation == Operation.Constant ? Hidden(nodes, i, constants) : -1;
            if (uses[i] > 0 && hidden >= 0 && !printer.Names.ContainsKey(hidden))
            {
                string name = identifiers.Claim("constant");
                writer.Line($"{nodes[hidden].Type.Keyword()} {name} = {printer.PrintBare(hidden)};");
                printer.Names[hidden] = name;
            }

            if (uses[i] == 0 || node.PerElement || printer.Names.ContainsKey(i) || !node.Operands.Any() || printer.Leaf(i) is not null
                || here?.Invoke(node.Kind) == false)
            {
                continue;
            }

            depths[i] = 1 + node.Operands.Max(operand => depths[operand]);
            if ((uses[i] > 1 || crosses[i] || depths[i] >= DeepestNesting) && (!node.CanThrow() || unguarded[i]))
            {
                string name = identifiers.Claim(hints.TryGetValue(i, out string? hint) ? hint : "shared");
                writer.Line($"{node.Type.Keyword()} {name} = {printer.PrintBare(i)};");
                printer.Names[i] = name;
                depths[i] = 0;
            }
        }
    }

    /// <summary>
    /// The operand to hide from the compiler lest it compute the node itself, or -1; a node that it may compute joins the
    /// constants.
    /// </summary>
    private static int Hidden(IReadOnlyList<Expression> nodes, int index, HashSet<int> constants)
    {
        Expression node = nodes[index];
        bool computed = node.Operands.Any() && node.Operands.All(constants.Contains);
        int hidden = node.Type != ScalarType.Int32 ? -1
            : node.Operation is Operation.Divide or Operation.Remainder && constants.Contains(node.B) ? node.B
            : computed ? node.A
            : -1;
        if (node.Operation == Operation.Constant || (computed && hidden < 0))
        {
            constants.Add(index);
        }

        return hidden;
    }

    /// <summary>
    /// Whether the node is what the translator puts around an operation that can throw: it stays inside, where the author
    /// wrote it. Used in any other way, the operation runs whatever the conditions.
    /// </summary>
    private static bool IsGuard(IReadOnlyList<Expression> nodes, Expression node)
        => node.Operation == Operation.Conditional && nodes[node.B].CanThrow()
        && nodes[node.C] is { Operation: Operation.Constant, Bits: 0 };
}
