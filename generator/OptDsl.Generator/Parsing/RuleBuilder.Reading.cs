using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>
/// What a read after a step computes: the body of the [ReadAt] member anew, with the rule's values of then. A state, an average and the
/// update are what the step stored; a member without memory that cannot be computed anew is what the step stored as the same value.
/// An expression of the body is never taken for a state, though the state's next value be the same expression.
/// </summary>
internal sealed partial class RuleBuilder
{
    /// <summary>Marks a leaf that is what the step left, and not what it found.</summary>
    private const string Left = "left by the step";

    private readonly Dictionary<int, int> readValues = [];
    private readonly Dictionary<int, bool> remains = [];

    // Whether a value that a read needs is gone, though its expression could be computed: with other hyperparameters it would be another
    // one.
    private bool isGone;

    /// <summary>The value and what it can throw at; null where it cannot be made after the step.</summary>
    private (int Node, IReadOnlyList<CheckSpec> Checks)? Reading(List<int> order)
    {
        // A body that reads a state may use operations that uniform values have and a buffer's content has not: then nobody is told, and it
        // is not made again.
        ExpressionTranslator translating = translator.Silent();
        int read = members.FindIndex(member => member.Role == MemberRole.ReadAt);
        HashSet<int> needed = NeededToRead(read);
        var met = new List<CheckSpec>();
        foreach (int index in order.Where(needed.Contains))
        {
            readValues[index] = ReadValue(index, translating);
            met.AddRange(translating.TakeChecks().Select(check => check.Map(InStored)));
        }

        return !isGone && Remains(readValues[read]) && met.TrueForAll(check => check.Nodes.All(Remains))
            ? (readValues[read], [.. met.Distinct()]) : null;
    }

    /// <summary>The member and those its body is computed from, down to what is stored.</summary>
    private HashSet<int> NeededToRead(int read)
    {
        var needed = new HashSet<int>();
        var pending = new Stack<int>([read]);
        while (pending.Count > 0)
        {
            int index = pending.Pop();
            if (needed.Add(index) && !IsStored(index))
            {
                foreach (InputSpec input in members[index].Inputs.Where(input => input is { Kind: InputKind.Member, Previous: false }))
                {
                    pending.Push(input.Member);
                }
            }
        }

        return needed;
    }

    private bool IsStored(int index) => members[index].HasMemory || members[index].Role == MemberRole.Update;

    /// <summary>A member's value after the step; where it is gone, the step's.</summary>
    private int ReadValue(int index, ExpressionTranslator translating)
    {
        MemberDeclaration member = members[index];
        if (IsStored(index))
        {
            return LeftBy(index);
        }

        if (member.Role == MemberRole.Reduce)
        {
            return values[index];
        }

        int node = translating.Inline(member.Method,
            [.. member.Inputs.Select(input => input is { Kind: InputKind.Member, Previous: false } ? readValues[input.Member]
                : Value(input))], member.Location);
        if (node != ExpressionTranslator.Failed && Remains(node = InStored(node)))
        {
            return node;
        }

        translating.TakeChecks();
        if (StoredAs(values[index]) is { } place)
        {
            return place;
        }

        isGone |= node == ExpressionTranslator.Failed && ReadsHyperparameter(values[index]);
        return values[index];
    }

    /// <summary>What was stored of a member, as its readers see it.</summary>
    private int LeftBy(int index)
    {
        MemberDeclaration member = members[index];
        int kept = member.HasMemory ? stored[index] : values[index];

        // Of a value that is uniform though its member is one per parameter, a buffer holds another rounding. With other hyperparameters it
        // holds another value.
        if (member.PerElement && !graph[kept].PerElement && !ReadsHyperparameter(kept))
        {
            return values[index];
        }

        int place = Place(index);
        if (!member.Corrected)
        {
            return place;
        }

        int correction = member.SettingMember < 0
            ? Correction(index, Setting(index))
            : graph.Add(Operation.Divide, element, graph.Constant(1.0, element),
                graph.Add(Operation.Subtract, element, graph.Constant(1.0, element), LeftLeaf(Carried(member.ProductSlot))));
        return graph.Add(Operation.Multiply, element, place, correction);
    }

    private bool ReadsHyperparameter(int root)
        => graph.Below(root, _ => false).Any(node => graph[node].Operation == Operation.Hyperparameter);

    private int Place(int index)
        => LeftLeaf(members[index].HasMemory ? Memory(members[index])
            : graph.Add(new Expression(Operation.Parameter, element, Kind.Parameter)));

    private int LeftLeaf(int leaf)
    {
        int left = graph.Add(graph[leaf] with { Text = Left });
        remains[left] = true;
        return left;
    }

    /// <summary>The expression with each part that is gone, but was stored, read from where it was stored.</summary>
    private int InStored(int root)
    {
        if (Remains(root))
        {
            return root;
        }

        var substitutes = new Dictionary<Expression, int>();
        foreach (int node in graph.Below(root, Remains).ToList())
        {
            if (StoredAs(node) is { } place)
            {
                substitutes[graph[node]] = place;
            }
        }

        return substitutes.Count == 0 ? root : graph.Rewrite(root, node => substitutes.TryGetValue(node, out int place) ? place : -1);
    }

    /// <summary>Where the step stored this value, or null.</summary>
    private int? StoredAs(int node)
    {
        int index = Enumerable.Range(0, members.Count).Where(IsStored)
            .Where(index => (members[index].HasMemory ? stored[index] : values[index]) == node
                && members[index].PerElement == graph[node].PerElement)
            .DefaultIfEmpty(-1).First();
        return index < 0 ? null : Place(index);
    }

    /// <summary>Whether a value can be computed after the step.</summary>
    private bool Remains(int root)
    {
        foreach (int node in graph.Below(root, remains.ContainsKey).ToList())
        {
            Expression expression = graph[node];
            remains[node] = expression.Operands.All(operand => remains[operand])
                && expression.Operation is not (Operation.Parameter or Operation.Gradient or Operation.PointGradient or Operation.Buffer
                or Operation.Carried
                    or Operation.Input or Operation.Noise or Operation.Loss or Operation.Reduction);
        }

        return remains[root];
    }
}
