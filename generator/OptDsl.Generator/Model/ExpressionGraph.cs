namespace OptDsl.Generator.Model;

/// <summary>Interns a rule's expressions while they are built.</summary>
internal sealed class ExpressionGraph
{
    private readonly List<Expression> nodes;
    private readonly Dictionary<Expression, int> indices = [];

    internal ExpressionGraph() => nodes = [];

    internal ExpressionGraph(IEnumerable<Expression> initial)
    {
        nodes = [.. initial];
        for (int i = 0; i < nodes.Count; i++)
        {
            indices[nodes[i]] = i;
        }
    }

    internal IReadOnlyList<Expression> Nodes => nodes;

    internal Expression this[int index] => nodes[index];

    internal int Add(Expression node)
    {
        if (!indices.TryGetValue(node, out int index))
        {
            index = nodes.Count;
            nodes.Add(node);
            indices.Add(node, index);
        }

        return index;
    }

    /// <summary>An operation that is as fine as its finest operand.</summary>
    internal int Add(Operation operation, ScalarType type, int a, int b = -1, int c = -1, long bits = 0)
        => Add(new Expression(operation, type, IsPerElement(a) || IsPerElement(b) || IsPerElement(c), a, b, c, bits));

    internal int Constant(double value, ScalarType type) => Add(new Expression(
        Operation.Constant, type, PerElement: false, Bits: type == ScalarType.Float32
            ? BitConverter.ToInt32(BitConverter.GetBytes((float)value), 0)
            : BitConverter.DoubleToInt64Bits(value)));

    internal int Constant(int value) => Add(new Expression(Operation.Constant, ScalarType.Int32, PerElement: false, Bits: value));

    internal int Constant(bool value) => Add(new Expression(Operation.Constant, ScalarType.Boolean, PerElement: false, Bits: value ? 1 : 0));

    /// <summary>Zero, or false.</summary>
    internal int Default(ScalarType type) => Add(new Expression(Operation.Constant, type, PerElement: false));

    private bool IsPerElement(int index) => index >= 0 && nodes[index].PerElement;
}
