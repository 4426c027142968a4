using OptDsl.Generator.Model;

namespace OptDsl.Generator.Lowering;

/// <summary>
/// Contracts a product that is added or subtracted to one fused operation, the left product first. It is decided on the
/// tree alone, before anything is shared or hoisted, so that every width contracts alike.
/// </summary>
internal sealed class Contraction(ExpressionGraph graph)
{
    private readonly Dictionary<int, int> contracted = [];

    internal int Apply(int root)
    {
        var pending = new Stack<int>([root]);
        while (pending.Count > 0)
        {
            int node = pending.Peek();
            if (contracted.ContainsKey(node))
            {
                pending.Pop();
                continue;
            }

            var open = graph[node].Operands.Where(operand => !contracted.ContainsKey(operand)).ToList();
            if (open.Count == 0)
            {
                contracted[node] = Contract(graph[node]);
                pending.Pop();
            }

            foreach (int operand in open)
            {
                pending.Push(operand);
            }
        }

        return contracted[root];
    }

    private int Contract(Expression node)
    {
        if (node.PerElement && node.Operation is Operation.Add or Operation.Subtract)
        {
            if (IsProduct(node.A))
            {
                Operation operation = node.Operation == Operation.Add ? Operation.FusedMultiplyAdd : Operation.FusedMultiplySubtract;
                return Fused(operation, node, graph[node.A], node.B);
            }

            if (IsProduct(node.B))
            {
                Operation operation = node.Operation == Operation.Add ? Operation.FusedMultiplyAdd : Operation.FusedNegateMultiplyAdd;
                return Fused(operation, node, graph[node.B], node.A);
            }
        }

        return graph.Add(node with { A = Of(node.A), B = Of(node.B), C = Of(node.C) });
    }

    /// <summary>Only a product computed per element: a uniform one is computed once, as the author wrote it.</summary>
    private bool IsProduct(int node) => graph[node] is { Operation: Operation.Multiply, PerElement: true };

    private int Fused(Operation operation, Expression sum, Expression product, int addend)
        => graph.Add(sum with { Operation = operation, A = Of(product.A), B = Of(product.B), C = Of(addend) });

    private int Of(int node) => node < 0 ? node : contracted[node];
}
