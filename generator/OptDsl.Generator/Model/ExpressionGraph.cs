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
        => Add(new Expression(operation, type, KindOf(a, b, c), a, b, c, bits));

    /// <summary>The finest of up to three operands.</summary>
    internal Kind KindOf(int a, int b = -1, int c = -1) => Kinds.Join(Kinds.Join(KindOf(a), KindOf(b)), KindOf(c));

    internal int Constant(double value, ScalarType type) => Add(new Expression(
        Operation.Constant, type, Kind.Group, Bits: type == ScalarType.Float32
            ? BitConverter.ToInt32(BitConverter.GetBytes((float)value), 0)
            : BitConverter.DoubleToInt64Bits(value)));

    internal int Constant(int value) => Add(new Expression(Operation.Constant, ScalarType.Int32, Kind.Group, Bits: value));

    internal int Constant(bool value) => Add(new Expression(Operation.Constant, ScalarType.Boolean, Kind.Group, Bits: value ? 1 : 0));

    /// <summary>Zero, or false.</summary>
    internal int Default(ScalarType type) => Add(new Expression(Operation.Constant, type, Kind.Group));

    /// <summary>The nodes below a root and the root, operands before users, without those known already and what only they need.</summary>
    internal IEnumerable<int> Below(int root, Func<int, bool> known)
    {
        var done = new HashSet<int>();
        var pending = new Stack<(int Node, bool Entered)>([(root, false)]);
        while (pending.Count > 0)
        {
            (int node, bool entered) = pending.Pop();
            if (entered)
            {
                yield return node;
            }
            else if (!known(node) && done.Add(node))
            {
                pending.Push((node, true));
                foreach (int operand in nodes[node].Operands.Reverse())
                {
                    pending.Push((operand, false));
                }
            }
        }
    }

    /// <summary>The same expression with some leaves replaced: the function gives a leaf's substitute, or -1 to keep it.</summary>
    internal int Rewrite(int root, Func<Expression, int> substitute)
    {
        var rewritten = new Dictionary<int, int>();
        foreach (int node in Below(root, known: _ => false).ToList())
        {
            rewritten[node] = Rewritten(nodes[node], rewritten, substitute);
        }

        return rewritten[root];
    }

    private int Rewritten(Expression node, Dictionary<int, int> rewritten, Func<Expression, int> substitute)
    {
        int other = substitute(node);
        if (other >= 0)
        {
            return other;
        }

        int Of(int operand) => operand < 0 ? operand : rewritten[operand];
        Expression same = node with { A = Of(node.A), B = Of(node.B), C = Of(node.C) };
        return Add(same.Operation == Operation.Reduction || !same.Operands.Any() ? same
            : same with { Kind = KindOf(same.A, same.B, same.C) });
    }

    private Kind KindOf(int index) => index < 0 ? Kind.Group : nodes[index].Kind;
}
