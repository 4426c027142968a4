using OptDsl.Generator.Model;

namespace OptDsl.Generator.Analysis.Report;

/// <summary>
/// Finds where units disagree. Units are solved as they come, so that a contradiction shows at the last expression that takes part in it,
/// and not at the one that is wrong: where the rest agrees without a smaller expression, that one is it.
/// </summary>
internal sealed class UnitBlame(RuleSpec rule)
{
    // Each candidate is an analysis of the whole rule.
    private const int MostCandidates = 24;
    private const int MostAnalyses = 120;
    private const int MostNodes = 600;

    private int analyses;

    /// <summary>The conflict at the smallest expression that explains it.</summary>
    /// <param name="conflict">The conflict as it was found.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="sizeOf">The length of the author's text for a node; 0 where there is none.</param>
    internal UnitConflict Smallest(UnitConflict conflict, int count, Func<int, int> sizeOf)
    {
        int size = conflict.Member >= 0 ? 0 : sizeOf(conflict.Node);
        if (size == 0 || rule.Nodes.Count > MostNodes || analyses > MostAnalyses)
        {
            return conflict;
        }

        foreach (int candidate in Below(conflict.Node)
            .Where(node => node != conflict.Node && Word(rule.Nodes[node]) is not null && sizeOf(node) is > 0 and int own && own < size)
            .OrderBy(sizeOf).ThenBy(node => node).Take(MostCandidates))
        {
            Expression node = rule.Nodes[candidate];
            analyses++;
            var without = new UnitAnalysis(rule, candidate);
            (int left, int right) = node.Operation == Operation.Conditional ? (node.B, node.C) : (node.A, node.B);

            // What nothing else determines has the unit that the rest needs.
            string? needed = without.WordsOf(candidate);
            if (without.Conflicts.Count < count && (without.WordsOf(left) ?? needed) is { } first
                && (without.WordsOf(right) ?? needed) is { } second && first != second)
            {
                return new UnitConflict(candidate, -1, Word(node)!, left, first, right, "", second);
            }
        }

        return conflict;
    }

    private static string? Word(Expression node) => !node.Type.IsFloating() ? null : node.Operation switch
    {
        Operation.Add => "adds different units",
        Operation.Subtract => "subtracts different units",
        Operation.Min or Operation.Max or Operation.Conditional => "chooses between different units",
        _ => null,
    };

    /// <summary>What a node is made of, states looked through.</summary>
    private HashSet<int> Below(int root)
    {
        var reached = new HashSet<int>();
        var pending = new Stack<int>([root]);
        while (pending.Count > 0)
        {
            int index = pending.Pop();
            if (!reached.Add(index))
            {
                continue;
            }

            Expression node = rule.Nodes[index];
            IEnumerable<int> kept = node.Operation == Operation.Buffer ? [rule.Buffers[(int)node.Bits].Stored]
                : node.Operation == Operation.Carried ? [rule.Carried[(int)node.Bits].Stored] : [];
            foreach (int next in node.Operands.Concat(kept))
            {
                pending.Push(next);
            }
        }

        return reached;
    }
}
