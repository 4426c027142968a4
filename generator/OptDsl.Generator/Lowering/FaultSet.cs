using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Lowering;

/// <summary>
/// The fewest values of a pass that must be checked so that no value that is not finite goes unnoticed. A sum, a product or a root is
/// not finite if an operand is not, so it reveals its operands. A quotient does not reveal its denominator, nor a clamp its bounds, nor
/// a condition the arm that is not selected.
/// </summary>
internal static class FaultSet
{
    /// <summary>
    /// Nodes that, with the sums of the pass, are not finite wherever a gradient read, a stored state or the update is not.
    /// </summary>
    /// <param name="nodes">The rule's expressions.</param>
    /// <param name="outputs">What the pass stores.</param>
    /// <param name="order">What it computes.</param>
    /// <param name="loaded">What it loads that an earlier pass made.</param>
    /// <param name="summed">What it sums over lanes, which shows in the sum.</param>
    internal static List<int> Find(IReadOnlyList<Expression> nodes, IReadOnlyList<KernelOutput> outputs, IReadOnlyList<int> order,
        IReadOnlyDictionary<int, int> loaded, IEnumerable<int> summed)
    {
        var wanted = new List<int>(outputs.Skip(outputs.Count - 1).Concat(outputs).Select(output => output.Node));
        wanted.AddRange(order.Where(node => nodes[node].Operation is Operation.Gradient or Operation.PointGradient));

        var chosen = new List<int>();
        foreach (int node in wanted)
        {
            // A sum reads what is uniform in double, which an element that stores it may be too narrow for.
            bool isSummed = nodes[node].PerElement && summed.Any(body => Reveals(nodes, body, node, loaded));
            if (!isSummed && !chosen.Exists(other => Reveals(nodes, other, node, loaded)))
            {
                chosen.RemoveAll(other => Reveals(nodes, node, other, loaded));
                chosen.Add(node);
            }
        }

        return chosen;
    }

    private static bool Reveals(IReadOnlyList<Expression> nodes, int seen, int hidden, IReadOnlyDictionary<int, int> loaded)
    {
        var visited = new HashSet<int>();
        var pending = new Stack<int>([seen]);
        while (pending.Count > 0)
        {
            int node = pending.Pop();
            if (node == hidden)
            {
                return true;
            }

            // Uniform values are not rounded to the element among themselves: of one that overflows in an element, another made of it shows
            // nothing.
            if (visited.Add(node) && !loaded.ContainsKey(node) && nodes[node].PerElement)
            {
                foreach (int operand in Revealed(nodes[node]))
                {
                    pending.Push(operand);
                }
            }
        }

        return false;
    }

    private static IEnumerable<int> Revealed(Expression node) => node.Operation.Spec().Reveals switch
    {
        Revealing.All => node.Operands,
        Revealing.First => [node.A],
        _ => [],
    };
}
