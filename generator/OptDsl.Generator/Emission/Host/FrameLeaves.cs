using OptDsl.Generator.Lowering;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Emission.Host;

/// <summary>The text of what uniform code reads from its frames: sizes, reductions, draws, numbers of the caller.</summary>
internal sealed class FrameLeaves
{
    private readonly Dictionary<int, string> texts = [];

    internal FrameLeaves(KernelPlan plan)
    {
        for (int node = 0; node < plan.Nodes.Count; node++)
        {
            if (Text(plan, plan.Nodes[node]) is { } text)
            {
                texts[node] = text;
            }
        }

        foreach (ReductionPlan reduction in plan.Reductions)
        {
            texts[reduction.Node] = At(plan.Nodes[reduction.Node].Kind, "Reductions", reduction.Id);
        }
    }

    internal string? this[int node] => texts.TryGetValue(node, out string? text) ? text : null;

    /// <summary>An entry of a frame: of the group's, the tensor's, or the row's or column's of the tensor's.</summary>
    internal static string At(Kind kind, string what, int index) => kind switch
    {
        Kind.Group => $"frame.{what}[{index}]",
        Kind.Tensor => $"tensor.{what}[{index}]",
        Kind.Row => $"tensor.Row{what}({index})[row]",
        _ => $"tensor.Column{what}({index})[column]",
    };

    private static string? Text(KernelPlan plan, Expression node)
    {
        string cast = node.Type == ScalarType.Float32 ? "(float)" : "";
        switch (node.Operation)
        {
            case Operation.Loss:
                return cast + "frame.Loss";
            case Operation.Rows or Operation.Columns or Operation.Count or Operation.Rank:
                return "tensor." + node.Operation;
            case Operation.Input when !node.PerElement:
                return $"{cast}tensor.Input({node.Bits})";
            case Operation.Noise when !node.PerElement:
                string element = node.Type == ScalarType.Float32 ? "float" : "double";
                return node.Kind switch
                {
                    Kind.Group => $"frame.Draw<{element}>({node.Bits})",
                    Kind.Tensor => $"tensor.Draw<{element}>({node.Bits})",
                    Kind.Row => $"tensor.DrawRow<{element}>({node.Bits}, row)",
                    _ => $"tensor.DrawColumn<{element}>({node.Bits}, column)",
                };
            default:
                return null;
        }
    }
}
