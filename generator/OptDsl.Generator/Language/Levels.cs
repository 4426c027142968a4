using OptDsl.Generator.Model;

namespace OptDsl.Generator.Language;

/// <summary>How many barriers lie before a value: a reduction is known after the pass that makes what it reduces.</summary>
internal sealed class Levels(ExpressionGraph graph)
{
    private readonly Dictionary<int, int> levels = [];

    internal int Of(int root)
    {
        foreach (int node in graph.Below(root, levels.ContainsKey))
        {
            Expression expression = graph[node];
            int level = expression.Operands.Select(operand => levels[operand]).DefaultIfEmpty(0).Max();
            levels[node] = expression.Operation is Operation.Reduction or Operation.PointGradient ? level + 1 : level;
        }

        return levels[root];
    }
}
