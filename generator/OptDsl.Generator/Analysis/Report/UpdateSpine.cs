using OptDsl.Generator.Model;

namespace OptDsl.Generator.Analysis.Report;

/// <summary>The sums that lead from the parameter to the update: each of them adds a change to a position.</summary>
internal static class UpdateSpine
{
    /// <summary>Each sum of the spine and, of its operands, the one that is the change; for a fused product, which has none, -1.</summary>
    internal static Dictionary<int, int> Of(RuleSpec rule)
    {
        var isPosition = new bool[rule.Nodes.Count];
        for (int i = 0; i < isPosition.Length; i++)
        {
            Expression node = rule.Nodes[i];
            isPosition[i] = node.Operation switch
            {
                Operation.Parameter => true,
                Operation.Add => isPosition[node.A] || isPosition[node.B],
                Operation.Subtract => isPosition[node.A],
                Operation.FusedMultiplyAdd => isPosition[node.C],
                Operation.Conditional => isPosition[node.B] && isPosition[node.C],
                _ => false,
            };
        }

        var changes = new Dictionary<int, int>();
        var seen = new HashSet<int>();
        var pending = new Stack<int>([rule.Update]);
        while (pending.Count > 0)
        {
            int index = pending.Pop();
            if (!isPosition[index] || !seen.Add(index))
            {
                continue;
            }

            Expression node = rule.Nodes[index];
            switch (node.Operation)
            {
                case Operation.Add or Operation.Subtract:
                    bool isFirst = isPosition[node.A];
                    changes[index] = isFirst ? node.B : node.A;
                    pending.Push(isFirst ? node.A : node.B);
                    break;
                case Operation.FusedMultiplyAdd:
                    changes[index] = -1;
                    pending.Push(node.C);
                    break;
                case Operation.Conditional:
                    pending.Push(node.B);
                    pending.Push(node.C);
                    break;
            }
        }

        return changes;
    }
}
