using OptDsl.Generator.Model;

namespace OptDsl.Generator.Lowering;

/// <summary>
/// A rule's pass in the order it is emitted: which expressions are computed per element, which are hoisted as uniforms,
/// and how often the loop is unrolled.
/// </summary>
internal sealed class KernelPlan
{
    /// <summary>More uniforms than this would be spilled to the stack; the rest is read where it is used.</summary>
    internal const int RegisterUniforms = 9;

    // Measured: above some 520 inlined witness calls in one method the compiler gives up inlining. Five copies of the body
    // (four unrolled, one for the rest) stay well below with this many.
    private const int MostCalls = 400;

    private readonly Dictionary<int, int> uses = [];
    private readonly Dictionary<int, int> uniformSlots = [];

    internal KernelPlan(RuleSpec rule)
    {
        Rule = rule;
        var graph = new ExpressionGraph(rule.Nodes);
        List<KernelOutput> outputs =
        [
            .. rule.Buffers.Select((buffer, index) => new KernelOutput(index, buffer.Stored)),
            new KernelOutput(-1, rule.Update),
        ];
        NameHints = rule.NameHints.ToDictionary(hint => hint.Node, hint => hint.Name);
        if (rule.Fused)
        {
            var contraction = new Contraction(graph);
            outputs = [.. outputs.Select(output => output with { Node = contraction.Apply(output.Node) })];

            // A contracted value keeps the name of the one it was made from.
            foreach (NameHint hint in rule.NameHints)
            {
                NameHints[contraction.Apply(hint.Node)] = hint.Name;
            }
        }

        Nodes = graph.Nodes;
        Outputs = outputs;
        var order = new List<int>();
        foreach (KernelOutput output in outputs)
        {
            Use(output.Node, order);
        }

        Order = order;
        Faults = FaultSet.Find(Nodes, outputs, order);
        Uniforms = [.. uses.Keys.Where(node => !Nodes[node].PerElement).OrderByDescending(node => uses[node]).ThenBy(node => node)];
        for (int i = 0; i < Uniforms.Count; i++)
        {
            uniformSlots.Add(Uniforms[i], i);
        }

        // What is live across a call lies on the stack, once a copy of the body; and there is work enough in one.
        Unroll = Order.Any(node => Nodes[node].IsApproximate) ? 1 : 5 * Calls <= MostCalls ? 4 : 3 * Calls <= MostCalls ? 2 : 1;
    }

    internal RuleSpec Rule { get; }

    /// <summary>The expressions, with products contracted if the rule is fused.</summary>
    internal IReadOnlyList<Expression> Nodes { get; }

    /// <summary>Names the author, or a role, gave to expressions.</summary>
    internal Dictionary<int, string> NameHints { get; }

    /// <summary>What the pass stores: buffers by index, the parameter as -1.</summary>
    internal IReadOnlyList<KernelOutput> Outputs { get; }

    /// <summary>The per-element expressions, operands before users.</summary>
    internal IReadOnlyList<int> Order { get; }

    /// <summary>The values whose sum is not finite wherever the pass met or made a value that is not.</summary>
    internal IReadOnlyList<int> Faults { get; }

    /// <summary>The uniforms the element body reads, the most used first: the index is the slot.</summary>
    internal IReadOnlyList<int> Uniforms { get; }

    /// <summary>Copies of the body in the main loop.</summary>
    internal int Unroll { get; }

    /// <summary>
    /// Whether the body waits for memory: it has no division, root or approximate function, and no more than five operations for four
    /// loads or stores. Wider vectors bring such a body nothing.
    /// </summary>
    internal bool IsStreaming
    {
        get
        {
            int loads = Order.Count(node => Nodes[node].Operation is Operation.Parameter or Operation.Gradient or Operation.Buffer);
            return 4 * (Order.Count - loads) <= 5 * (loads + Outputs.Count)
                && !Order.Any(node => Nodes[node].Operation is Operation.Divide or Operation.Sqrt || Nodes[node].IsApproximate);
        }
    }

    /// <summary>How often the pass reads a node.</summary>
    internal int Uses(int node) => uses.TryGetValue(node, out int count) ? count : 0;

    internal int UniformSlot(int node) => uniformSlots[node];

    /// <summary>Calls of the witness in one body; an approximate function is one call, which is not inlined, however long it is.</summary>
    private int Calls => Order.Count + Outputs.Count + Math.Max(0, Uniforms.Count - RegisterUniforms) + Faults.Count + 1;

    private void Use(int root, List<int> order)
    {
        // An explicit stack: a rule may chain more members than the thread's stack would hold.
        var pending = new Stack<(int Node, bool Entered)>([(root, false)]);
        while (pending.Count > 0)
        {
            (int node, bool entered) = pending.Pop();
            if (entered)
            {
                order.Add(node);
                continue;
            }

            bool known = uses.ContainsKey(node);
            uses[node] = Uses(node) + 1;
            if (known || !Nodes[node].PerElement)
            {
                continue;
            }

            pending.Push((node, true));
            foreach (int operand in Nodes[node].Operands.Reverse())
            {
                pending.Push((operand, false));
            }
        }
    }
}

/// <summary>Something the pass stores.</summary>
/// <param name="Buffer">The buffer, or -1 for the parameter.</param>
/// <param name="Node">The node of the value.</param>
internal readonly record struct KernelOutput(int Buffer, int Node);
