using OptDsl.Generator.Analysis.Ranges;
using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Analysis.Report;

/// <summary>How a value moves with the gradients.</summary>
internal enum Trend
{
    /// <summary>It does not depend on them.</summary>
    None,

    /// <summary>It is a gradient times something that is not negative, or a sum of such values.</summary>
    Along,

    /// <summary>It is a gradient times something that is not positive, or a sum of such values.</summary>
    Against,

    /// <summary>It depends on them otherwise.</summary>
    Unknown,
}

/// <summary>Whether a value moves along the gradients of all steps or against them; states are looked through to a fixed point.</summary>
internal sealed class TrendAnalysis : StateFixedPoint<Trend>
{
    private const int MostRounds = 8;

    private readonly RangeAnalysis ranges;

    internal TrendAnalysis(RuleSpec rule, RangeAnalysis ranges)
        : base(rule, MostRounds)
    {
        this.ranges = ranges;
        Solve();
    }

    protected override Trend Unknown => Trend.Unknown;

    protected override Trend Begin(int initial) => Trend.None;

    /// <summary>A state's trend only moves towards the unknown.</summary>
    protected override Trend Join(Trend state, int stored, int initial) => Join(state, this[stored]);

    protected override Trend Evaluate(int index, Expression node)
    {
        Trend a = At(node.A, Trend.None), b = At(node.B, Trend.None), c = At(node.C, Trend.None);
        return node.Operation switch
        {
            Operation.Gradient or Operation.PointGradient => Trend.Along,
            Operation.Buffer or Operation.Carried => StateOf(node),
            Operation.Add => Join(a, b),
            Operation.Subtract => Join(a, Flip(b)),
            Operation.Multiply => Product(node.A, node.B),
            Operation.FusedMultiplyAdd => Join(Product(node.A, node.B), c),
            Operation.Divide => Scaled(a, ranges[node.B], b),
            Operation.Negate => Flip(a),
            _ when node.Operation.Spec().KeepsTrend => a,
            Operation.CopySign => b,

            // Beside zero or what is negative an angle is not zero where its first side is.
            Operation.Atan2 when ranges[node.B].IsPositive => Scaled(a, ranges[node.B], b),
            Operation.Min or Operation.Max => Join(a, b),
            Operation.Clamp => Join(a, Join(b, c)),
            Operation.Conditional => Join(b, c) is Trend.None && a is not Trend.None ? BySign(node) : Join(b, c),

            // Odd powers keep the sign.
            Operation.Pow when Constants.LiteralOf(Rule.Nodes, node.B) is { } power && Math.Abs(power % 2) == 1 => a,
            _ => a is Trend.None && b is Trend.None && c is Trend.None ? Trend.None : Trend.Unknown,
        };
    }

    /// <summary>A choice between what is not negative and what is not positive, by a value's sign.</summary>
    private Trend BySign(Expression choice)
    {
        Expression test = Rule.Nodes[choice.A];
        bool? isGreater = test.Operation switch
        {
            Operation.Greater or Operation.GreaterOrEqual => true,
            Operation.Less or Operation.LessOrEqual => false,
            _ => null,
        };
        bool isLeft = isGreater is not null && Constants.LiteralOf(Rule.Nodes, test.B) is 0;
        if (isGreater is not { } greater || (!isLeft && Constants.LiteralOf(Rule.Nodes, test.A) is not 0))
        {
            return Trend.Unknown;
        }

        Trend tested = this[isLeft ? test.A : test.B];
        ValueRange first = ranges[choice.B], second = ranges[choice.C];
        bool rises = first.Low >= 0 && second.High <= 0, falls = first.High <= 0 && second.Low >= 0;
        return rises == falls ? Trend.Unknown : rises == (greater == isLeft) ? tested : Flip(tested);
    }

    private Trend Product(int left, int right)
    {
        Trend first = Scaled(this[left], ranges[right], this[right]), second = Scaled(this[right], ranges[left], this[left]);
        return first is Trend.None or Trend.Unknown ? second is Trend.None && first is Trend.Unknown ? first : second
            : second is Trend.None or Trend.Unknown || second == first ? first
            : Trend.Unknown;
    }

    /// <summary>Of a value times a factor, or through it, that is not negative, or not positive, whatever the gradients.</summary>
    private static Trend Scaled(Trend value, ValueRange factor, Trend factorTrend)
        => value is Trend.None ? factorTrend is Trend.None ? Trend.None : Trend.Unknown
            : factor.Low >= 0 ? value
            : factor.High <= 0 ? Flip(value)
            : Trend.Unknown;

    private static Trend Flip(Trend trend) => trend switch
    {
        Trend.Along => Trend.Against,
        Trend.Against => Trend.Along,
        _ => trend,
    };

    private static Trend Join(Trend a, Trend b) => a == Trend.None || a == b ? b : b == Trend.None ? a : Trend.Unknown;
}
