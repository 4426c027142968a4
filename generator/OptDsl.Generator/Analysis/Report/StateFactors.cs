using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Analysis.Report;

/// <summary>By which factor a state's next value has its last one, where hyperparameters have their defaults.</summary>
internal sealed class StateFactors
{
    private readonly RuleSpec rule;
    private readonly double?[] defaults;

    internal StateFactors(RuleSpec rule)
    {
        this.rule = rule;
        defaults = Constants.AtDefaults(rule);
    }

    /// <summary>
    /// The factor, and the first node at which it is greater than one in size; null where the next value is not that factor times the last
    /// and something that does not depend on it.
    /// </summary>
    internal (double Factor, int Node)? Of(Operation memory, int slot, int stored)
    {
        var factors = new double?[stored + 1];
        int grows = -1;
        for (int i = 0; i <= stored; i++)
        {
            factors[i] = FactorOf(rule.Nodes[i], memory, slot, factors);
            if (grows < 0 && factors[i] is { } factor && Math.Abs(factor) > 1)
            {
                grows = i;
            }
        }

        return factors[stored] is { } whole ? (whole, grows) : null;
    }

    private double? FactorOf(Expression node, Operation memory, int slot, double?[] factors)
    {
        if (node.Operation == memory && node.Bits == slot)
        {
            return 1;
        }

        double? a = node.A >= 0 ? factors[node.A] : 0, b = node.B >= 0 ? factors[node.B] : 0, c = node.C >= 0 ? factors[node.C] : 0;
        return node.Operation switch
        {
            Operation.Reduction or Operation.PointGradient => a is 0 ? 0 : null,
            _ when a is 0 && b is 0 && c is 0 => 0,
            Operation.Add => a + b,
            Operation.Subtract => a - b,
            Operation.Multiply => a is 0 ? b * defaults[node.A] : b is 0 ? a * defaults[node.B] : null,
            Operation.Divide when b is 0 => a / defaults[node.B],
            Operation.Negate => -a,
            Operation.Convert when node.Type.IsFloating() => a,
            Operation.Widen => a,

            // The greater of the two is at least either.
            Operation.Max => a is { } first && b is { } second ? Math.Max(first, second) : null,
            Operation.FusedMultiplyAdd => (a is 0 ? b * defaults[node.A] : b is 0 ? a * defaults[node.B] : null) + c,
            _ => null,
        };
    }
}
