using OptDsl.Generator.Model;

namespace OptDsl.Generator.Language;

/// <summary>Values that are known at compile time.</summary>
internal static class Constants
{
    /// <summary>The value of a constant node; of a condition, 1 or 0.</summary>
    internal static double ValueOf(Expression constant) => constant.Type switch
    {
        ScalarType.Float64 => BitConverter.Int64BitsToDouble(constant.Bits),
        ScalarType.Float32 => BitConverter.ToSingle(BitConverter.GetBytes((int)constant.Bits), 0),
        _ => (int)constant.Bits,
    };

    /// <summary>The value of a literal, negated and converted ones included; null for anything else.</summary>
    internal static double? LiteralOf(IReadOnlyList<Expression> nodes, int index)
    {
        double sign = 1;
        while (true)
        {
            Expression node = nodes[index];
            switch (node.Operation)
            {
                case Operation.Constant:
                    return sign * ValueOf(node);
                case Operation.Negate:
                    sign = -sign;
                    index = node.A;
                    break;
                case Operation.Convert:
                    index = node.A;
                    break;
                default:
                    return null;
            }
        }
    }

    /// <summary>The value of a static read-only field or property that begins with a constant; null of another.</summary>
    internal static double? StaticOf(RuleSpec rule, Expression node)
        => rule.Statics.Where(given => given.Name == node.Text).Select(given => (double?)given.Value).FirstOrDefault();

    /// <summary>
    /// The value of a uniform expression where every hyperparameter has its default; null where one has none, or for what differs from step
    /// to step.
    /// </summary>
    internal static double? AtDefaults(RuleSpec rule, int root) => AtDefaults(rule)[root];

    /// <summary>The same of every expression.</summary>
    internal static double?[] AtDefaults(RuleSpec rule)
    {
        var values = new double?[rule.Nodes.Count];
        for (int i = 0; i < values.Length; i++)
        {
            Expression node = rule.Nodes[i];
            double? a = node.A >= 0 ? values[node.A] : null, b = node.B >= 0 ? values[node.B] : null;
            values[i] = node.Operation switch
            {
                Operation.Constant => ValueOf(node),
                Operation.Hyperparameter =>
                    rule.Defaults.Where(given => given.Name == node.Text).Select(given => (double?)given.Value).FirstOrDefault(),
                Operation.StaticValue => StaticOf(rule, node),
                Operation.Add => a + b,
                Operation.Subtract => a - b,
                Operation.Multiply => a * b,
                Operation.Divide when node.Type.IsFloating() => a / b,
                Operation.Divide => b is null or 0 ? null : a / b is { } whole ? Math.Truncate(whole) : null,
                Operation.Negate => -a,
                Operation.Convert when node.Type.IsFloating() => a,
                Operation.Sqrt => Of(Math.Sqrt, a),
                Operation.Abs => Of(Math.Abs, a),
                Operation.Exp => Of(Math.Exp, a),
                Operation.Log => Of(Math.Log, a),
                Operation.Pow => Of(Math.Pow, a, b),
                Operation.Min => Of(Math.Min, a, b),
                Operation.Max => Of(Math.Max, a, b),
                _ => null,
            };
        }

        return values;
    }

    private static double? Of(Func<double, double> function, double? a) => a is { } x ? function(x) : null;

    private static double? Of(Func<double, double, double> function, double? a, double? b) => a is { } x && b is { } y ? function(x, y)
        : null;
}
