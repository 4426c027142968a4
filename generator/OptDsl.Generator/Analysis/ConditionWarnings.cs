using OptDsl.Generator.Analysis.Ranges;
using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Analysis;

/// <summary>Conditions with one outcome, and bounds that leave nothing between them.</summary>
internal static class ConditionWarnings
{
    /// <summary>Why a comparison has one outcome, and what to do; null where it has two, or where nobody can tell.</summary>
    internal static (string Why, string Advice)? OneOutcome(RuleSpec rule, int index, RangeAnalysis ranges)
    {
        Expression node = rule.Nodes[index];
        if (!node.Operation.IsComparison())
        {
            return null;
        }

        double? left = Constants.LiteralOf(rule.Nodes, node.A), right = Constants.LiteralOf(rule.Nodes, node.B);
        if (left is double.NaN || right is double.NaN)
        {
            string how = node.Operation == Operation.NotEqual ? "always" : "never";
            return ($"is {how} true, because NaN equals nothing, not even itself", "call double.IsNaN");
        }

        int counted = Unconverted(rule, left is null ? node.A : node.B);
        if ((left is null) == (right is null) || NameOf(rule.Nodes[counted].Operation) is not { } name
            || ranges[index] is not { IsPoint: true, Low: 0 })
        {
            return null;
        }

        string advice = name == "step" ? "compare with 1 for the first step" : "remove the condition";
        return ($"is never true, because '{name}' begins at 1", advice);
    }

    /// <summary>The lower and the upper of two bounds of which the lower is certainly the greater.</summary>
    internal static (int Lower, int Upper)? OutOfOrder(RuleSpec rule, int index, Func<int, ValueRange> of)
    {
        foreach ((int lower, int upper) in BoundsOf(rule, rule.Nodes[index]))
        {
            if (OperationRanges.Compare(of(upper), of(lower), orEqual: false) is { IsPoint: true, Low: 1 })
            {
                return (lower, upper);
            }
        }

        return null;
    }

    /// <summary>The bounds between which a node keeps a value: of a clamp, as what it became, and of the greater of the smaller.</summary>
    private static IEnumerable<(int Lower, int Upper)> BoundsOf(RuleSpec rule, Expression node)
    {
        switch (node.Operation)
        {
            case Operation.Clamp:
                yield return (node.B, node.C);
                break;
            case Operation.Conditional when rule.Nodes[node.A] is { Operation: Operation.Less } below && below.B == node.B
                && rule.Nodes[node.C] is { Operation: Operation.Conditional } rest && rest.C == below.A
                && rule.Nodes[rest.A] is { Operation: Operation.Greater } above && above.A == below.A && above.B == rest.B:
                yield return (node.B, rest.B);
                break;
            case Operation.Min or Operation.Max:
                Operation other = node.Operation == Operation.Max ? Operation.Min : Operation.Max;
                foreach ((int inner, int bound) in new[] { (node.A, node.B), (node.B, node.A) })
                {
                    if (rule.Nodes[inner] is { } pair && pair.Operation == other && pair.PerElement && !rule.Nodes[bound].PerElement)
                    {
                        // The one that differs from parameter to parameter is what the bounds are for.
                        foreach (int second in new[] { pair.A, pair.B }.Where(second => !rule.Nodes[second].PerElement))
                        {
                            yield return node.Operation == Operation.Max ? (bound, second) : (second, bound);
                        }
                    }
                }

                break;
        }
    }

    private static string? NameOf(Operation operation) => operation switch
    {
        Operation.Step => "step",
        Operation.Rows => "rows",
        Operation.Columns => "columns",
        Operation.Count => "count",
        Operation.Rank => "rank",
        _ => null,
    };

    private static int Unconverted(RuleSpec rule, int node)
    {
        while (rule.Nodes[node].Operation == Operation.Convert)
        {
            node = rule.Nodes[node].A;
        }

        return node;
    }
}
