using OptDsl.Generator.Model;

namespace OptDsl.Generator.Analysis.Ranges;

/// <summary>
/// Under which conditions the value of a node is used. A value that only one branch of a condition uses matters only where that branch is
/// taken, whichever member computes it.
/// </summary>
internal sealed class Demand
{
    private readonly RuleSpec rule;
    private readonly RangeAnalysis ranges;
    private readonly Facts?[] facts;

    internal Demand(RuleSpec rule, RangeAnalysis ranges)
    {
        this.rule = rule;
        this.ranges = ranges;
        facts = new Facts?[rule.Nodes.Count];
        foreach (int root in Roots(rule))
        {
            facts[root] = Facts.Nothing;
        }

        for (int i = facts.Length - 1; i >= 0; i--)
        {
            if (facts[i] is { } known)
            {
                Visit(rule.Nodes[i], known);
            }
        }
    }

    /// <summary>What is known wherever the node's value is used; null where it never is.</summary>
    internal Facts? this[int node] => facts[node];

    /// <summary>The nodes that a step stores, observes or hands to the caller.</summary>
    internal static IEnumerable<int> Roots(RuleSpec rule)
        => rule.Buffers.SelectMany(buffer => new[] { buffer.Stored, buffer.Initial })
            .Concat(rule.Carried.SelectMany(value => new[] { value.Stored, value.Initial }))
            .Concat(rule.Observed.Select(observed => observed.Node))
            .Concat(rule.Members.Where(member => member.Role == MemberRole.Rate).Select(member => member.Value))
            .Concat([rule.Update, rule.ReadAt, rule.SearchDirection])
            .Where(root => root >= 0 && root < rule.Nodes.Count);

    private void Visit(Expression node, Facts known)
    {
        switch (node.Operation)
        {
            case Operation.Conditional:
                Use(node.A, known);
                Use(node.B, ranges.Under(known, node.A, holds: true));
                Use(node.C, ranges.Under(known, node.A, holds: false));
                break;
            case Operation.And or Operation.AndAlso:
                Use(node.A, known);
                Use(node.B, ranges.Under(known, node.A, holds: true));
                break;
            case Operation.Or or Operation.OrElse:
                Use(node.A, known);
                Use(node.B, ranges.Under(known, node.A, holds: false));
                break;

            // Other parameters than the one that the conditions are about: what is known of the group holds of them, too.
            case Operation.Reduction or Operation.PointGradient:
                Use(node.A, known.IsNothing ? known : known.Of(fact => rule.Nodes[fact].Kind == Kind.Group));
                break;
            default:
                foreach (int operand in node.Operands)
                {
                    Use(operand, known);
                }

                break;
        }
    }

    private void Use(int node, Facts known)
    {
        if (node >= 0 && !known.IsImpossible)
        {
            facts[node] = facts[node] is { } other ? Facts.Either(other, known) : known;
        }
    }
}
