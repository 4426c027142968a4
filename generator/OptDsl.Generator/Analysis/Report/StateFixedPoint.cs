using OptDsl.Generator.Model;

namespace OptDsl.Generator.Analysis.Report;

/// <summary>
/// What an analysis knows of every expression, where a state is what the steps before stored in it: evaluated round after round until no
/// state changes.
/// </summary>
/// <typeparam name="V">What is known of a value.</typeparam>
internal abstract class StateFixedPoint<V>
{
    private readonly int mostRounds;
    private readonly V[] nodes, buffers, carried;

    /// <param name="rule">The rule.</param>
    /// <param name="mostRounds">After as many rounds in which a state changed, nothing is known of any state.</param>
    protected StateFixedPoint(RuleSpec rule, int mostRounds)
    {
        (Rule, this.mostRounds) = (rule, mostRounds);
        (nodes, buffers, carried) = (new V[rule.Nodes.Count], new V[rule.Buffers.Count], new V[rule.Carried.Count]);
    }

    /// <summary>What is known of an expression.</summary>
    internal V this[int node] => nodes[node];

    protected RuleSpec Rule { get; }

    /// <summary>What a state is before a round, from what it begins with.</summary>
    protected abstract V Begin(int initial);

    /// <summary>What a state is that a round finds to be stored, too.</summary>
    protected abstract V Join(V state, int stored, int initial);

    /// <summary>What an expression is, where its operands are known.</summary>
    protected abstract V Evaluate(int index, Expression node);

    /// <summary>What a value is of which nothing is known.</summary>
    protected abstract V Unknown { get; }

    /// <summary>What is known of an operand; of one that is not there, what of a constant.</summary>
    protected V At(int operand, V none) => operand >= 0 ? nodes[operand] : none;

    /// <summary>What is known of a state that an expression reads.</summary>
    protected V StateOf(Expression node) => node.Operation == Operation.Buffer ? buffers[(int)node.Bits] : carried[(int)node.Bits];

    /// <summary>Called once, when whatever the analysis needs is set.</summary>
    protected void Solve()
    {
        for (int i = 0; i < buffers.Length; i++)
        {
            buffers[i] = Begin(Rule.Buffers[i].Initial);
        }

        for (int i = 0; i < carried.Length; i++)
        {
            carried[i] = Begin(Rule.Carried[i].Initial);
        }

        for (int round = 0; round < mostRounds; round++)
        {
            EvaluateAll();
            if (!JoinAll())
            {
                return;
            }
        }

        // Of states that follow each other in a longer chain nothing is known yet.
        buffers.AsSpan().Fill(Unknown);
        carried.AsSpan().Fill(Unknown);
        EvaluateAll();
    }

    private void EvaluateAll()
    {
        for (int i = 0; i < nodes.Length; i++)
        {
            nodes[i] = Evaluate(i, Rule.Nodes[i]);
        }
    }

    private bool JoinAll()
    {
        bool changed = false;
        for (int i = 0; i < buffers.Length; i++)
        {
            changed |= Changes(ref buffers[i], Join(buffers[i], Rule.Buffers[i].Stored, Rule.Buffers[i].Initial));
        }

        for (int i = 0; i < carried.Length; i++)
        {
            changed |= Changes(ref carried[i], Join(carried[i], Rule.Carried[i].Stored, Rule.Carried[i].Initial));
        }

        return changed;
    }

    private static bool Changes(ref V state, V joined)
    {
        bool changes = !EqualityComparer<V>.Default.Equals(state, joined);
        state = joined;
        return changes;
    }
}
