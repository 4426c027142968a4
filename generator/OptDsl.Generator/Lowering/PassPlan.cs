using OptDsl.Generator.Model;

namespace OptDsl.Generator.Lowering;

/// <summary>
/// One pass in the order it is emitted: which expressions are computed per element, which are read as uniforms, what is
/// stored and reduced.
/// </summary>
internal sealed class PassPlan
{
    private readonly Dictionary<int, int> uses = [];
    private readonly Dictionary<int, int> uniformSlots = [];
    private readonly IReadOnlyDictionary<int, int> loaded;

    /// <param name="nodes">The rule's expressions.</param>
    /// <param name="outputs">What the pass stores.</param>
    /// <param name="reductions">The reductions it feeds.</param>
    /// <param name="loaded">By node, the buffer an earlier pass has stored it to.</param>
    /// <param name="id">Its number among all passes of the rule.</param>
    /// <param name="uniformStart">The first of its uniforms among those of all passes.</param>
    internal PassPlan(IReadOnlyList<Expression> nodes, IReadOnlyList<KernelOutput> outputs, IReadOnlyList<ReductionPlan> reductions,
        IReadOnlyDictionary<int, int> loaded, int id, int uniformStart)
    {
        Id = id;
        UniformStart = uniformStart;
        Nodes = nodes;
        Outputs = outputs;
        Reductions = reductions;
        this.loaded = loaded;
        var order = new List<int>();
        foreach (int root in outputs.Select(output => output.Node).Concat(reductions.Select(reduction => reduction.Body)))
        {
            Use(root, order);
        }

        Order = [.. order.Where(node => !IsWide(node))];
        WideOrder = [.. order.Where(IsWide)];
        Faults = FaultSet.Find(nodes, outputs, Order, loaded,
            reductions.Where(reduction =>
                reduction.Spec is { Operator: ReductionOperator.Sum or ReductionOperator.Mean, Scope: not ScopeKind.Column })
                .Select(reduction => reduction.Body));
        var shared = uses.Keys.Where(node => !nodes[node].PerElement).ToList();
        Columns = [.. shared.Where(node => nodes[node].Kind == Kind.Column).OrderBy(node => node)];
        Uniforms = [.. shared.Where(node => nodes[node].Kind != Kind.Column).OrderByDescending(node => uses[node]).ThenBy(node => node)];
        for (int i = 0; i < Uniforms.Count; i++)
        {
            uniformSlots.Add(Uniforms[i], i);
        }
    }

    /// <summary>Its number among all passes of the rule.</summary>
    internal int Id { get; }

    /// <summary>The first of its uniforms among those of all passes.</summary>
    internal int UniformStart { get; }

    /// <summary>The expressions, with products contracted if the rule is fused.</summary>
    internal IReadOnlyList<Expression> Nodes { get; }

    /// <summary>What the pass stores.</summary>
    internal IReadOnlyList<KernelOutput> Outputs { get; }

    /// <summary>The reductions the pass feeds.</summary>
    internal IReadOnlyList<ReductionPlan> Reductions { get; }

    /// <summary>The per-element expressions in the buffer's element, operands before users.</summary>
    internal IReadOnlyList<int> Order { get; }

    /// <summary>The per-element expressions in double that feed reductions, operands before users.</summary>
    internal IReadOnlyList<int> WideOrder { get; }

    /// <summary>The values whose sum is not finite wherever the pass met or made a value that is not.</summary>
    internal IReadOnlyList<int> Faults { get; }

    /// <summary>The uniforms the body reads, the most used first: the index is the slot.</summary>
    internal IReadOnlyList<int> Uniforms { get; }

    /// <summary>The values that differ from column to column.</summary>
    internal IReadOnlyList<int> Columns { get; }

    /// <summary>Whether the pass goes row by row.</summary>
    internal bool IsRowWise
        => Columns.Count > 0 || Uniforms.Any(node => Nodes[node].Kind == Kind.Row)
        || Reductions.Any(reduction => reduction.Spec.Scope is ScopeKind.Row or ScopeKind.Column);

    /// <summary>Whether the pass goes tensor by tensor, and not over all neighbouring ones of a group at once.</summary>
    internal bool IsLocal => IsRowWise || Reductions.Count > 0 || Uniforms.Any(node => Nodes[node].Kind != Kind.Group);

    /// <summary>The draws it reads per parameter.</summary>
    internal IEnumerable<int> Noises
        => Order.Where(node => Nodes[node].Operation == Operation.Noise).Select(node => (int)Nodes[node].Bits).Distinct()
        .OrderBy(index => index);

    /// <summary>How often the pass reads a node.</summary>
    internal int Uses(int node) => uses.TryGetValue(node, out int count) ? count : 0;

    internal int UniformSlot(int node) => uniformSlots[node];

    /// <summary>Whether the node is read from memory.</summary>
    internal bool IsLoad(int node) => loaded.ContainsKey(node) || IsLeaf(Nodes[node].Operation);

    /// <summary>The buffer an earlier pass has stored the node to, or null.</summary>
    internal int? LoadedFrom(int node) => loaded.TryGetValue(node, out int buffer) ? buffer : null;

    /// <summary>Whether a value is made of what was widened.</summary>
    internal bool IsWide(int node) => Nodes[node].PerElement && HasWidened(node);

    private readonly Dictionary<int, bool> wide = [];

    private bool HasWidened(int root)
    {
        // An explicit stack: what a uniform value is made of may be thousands of values deep.
        var pending = new Stack<int>([root]);
        while (pending.Count > 0)
        {
            int node = pending.Peek();
            bool ends = loaded.ContainsKey(node) || Nodes[node].Operation is Operation.Reduction or Operation.Widen;
            List<int> unknown = ends ? [] : [.. Nodes[node].Operands.Where(operand => !wide.ContainsKey(operand))];
            if (unknown.Count > 0)
            {
                unknown.ForEach(pending.Push);
                continue;
            }

            wide[pending.Pop()] = ends ? Nodes[node].Operation == Operation.Widen && !loaded.ContainsKey(node)
                : Nodes[node].Operands.Any(operand => wide[operand]);
        }

        return wide[root];
    }

    internal static bool IsLeaf(Operation operation)
        => operation is Operation.Parameter or Operation.Gradient or Operation.PointGradient or Operation.Buffer or Operation.Input
        or Operation.Noise;

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
                IsWide(node);
                continue;
            }

            bool known = uses.ContainsKey(node);
            uses[node] = Uses(node) + 1;
            if (known || !Nodes[node].PerElement)
            {
                continue;
            }

            pending.Push((node, true));
            if (!IsLoad(node))
            {
                foreach (int operand in Nodes[node].Operands.Reverse())
                {
                    pending.Push((operand, false));
                }
            }
        }
    }
}

/// <summary>A reduction of a schedule.</summary>
/// <param name="Id">Its number among all of the rule.</param>
/// <param name="Node">Its node.</param>
/// <param name="Body">What it reduces.</param>
/// <param name="Level">The pass that feeds it.</param>
/// <param name="Spec">What it does.</param>
internal sealed record ReductionPlan(int Id, int Node, int Body, int Level, ReductionSpec Spec);
