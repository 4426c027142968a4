using OptDsl.Generator.Model;

namespace OptDsl.Generator.Analysis.Ranges;

/// <summary>Where the result of an operation lies, by where its operands lie.</summary>
internal static class OperationRanges
{
    private static readonly ValueRange Truth = new(0, 1);

    /// <summary>The range of what is no leaf, no sum or product of a known form, and no condition.</summary>
    internal static ValueRange Of(Expression node, ValueRange a, ValueRange b, ValueRange c) => node.Operation switch
    {
        Operation.Add => a + b,
        Operation.Subtract => node.A == node.B ? ValueRange.Point(0) : a + -b,
        Operation.Multiply => node.A == node.B ? a.Square() : a * b,
        Operation.Divide => node.Type == ScalarType.Int32 ? Quotient(a, b) : a / b,
        Operation.Remainder => Remainder(a, b, node.Type),
        Operation.Negate => -a,
        Operation.Convert => node.Type == ScalarType.Int32 ? a.Map(Math.Truncate) : a,
        Operation.Sqrt => a.Sqrt(),
        Operation.Abs => a.Abs(),
        Operation.Min => ValueRange.Min(a, b),
        Operation.Max => ValueRange.Max(a, b),
        Operation.Clamp => ValueRange.Max(ValueRange.Min(a, c), b),
        Operation.CopySign => b.IsPositive ? a.Abs() : b.IsNegative ? -a.Abs() : ValueRange.Either(a.Abs(), -a.Abs()),
        Operation.Sign => a.IsEmpty ? a : a.HasZero ? new ValueRange(a.Low < 0 ? -1 : 0, a.High > 0 ? 1 : 0) : new ValueRange(a.Low < 0 ? -1 : 1, a.High > 0 ? 1 : -1, withoutZero: true),
        Operation.Floor => Rounded(a.Map(Math.Floor), a),
        Operation.Ceiling => Rounded(a.Map(Math.Ceiling), a),
        Operation.Truncate => Rounded(a.Map(Math.Truncate), a),
        Operation.Round => Rounded(a.Map(Math.Round), a),
        Operation.FusedMultiplyAdd => (node.A == node.B ? a.Square() : a * b) + c,
        Operation.Less => Compare(a, b, orEqual: false),
        Operation.LessOrEqual => Compare(a, b, orEqual: true),
        Operation.Greater => Compare(b, a, orEqual: false),
        Operation.GreaterOrEqual => Compare(b, a, orEqual: true),
        Operation.Equal => Same(a, b),
        Operation.NotEqual => Opposite(Same(a, b)),
        Operation.Not => Opposite(a),
        Operation.And or Operation.AndAlso => ValueRange.Min(a, b),
        Operation.Or or Operation.OrElse => ValueRange.Max(a, b),
        Operation.Widen => a,
        Operation.Reduction => Reduced(ReductionSpec.Of(node).Operator, a),
        Operation.Exp => a.Map(Math.Exp) is var grown && grown.Low == 0 ? new ValueRange(0, grown.High, lowOpen: true, grown.HighOpen) : grown,
        Operation.Log => a.Low >= 0 ? a.Map(Math.Log) : ValueRange.All,
        Operation.Log2 => a.Low >= 0 ? a.Map(x => Math.Log(x) / Math.Log(2)) : ValueRange.All,
        Operation.Sin or Operation.Cos => new ValueRange(-1, 1),
        Operation.Tanh => a.Map(Math.Tanh),
        Operation.Atan => a.Map(Math.Atan),
        Operation.Atan2 => Angle(a, b),
        Operation.Cbrt => a.Map(x => x < 0 ? -Math.Pow(-x, 1.0 / 3) : Math.Pow(x, 1.0 / 3)),
        Operation.Pow => Power(a, b),
        Operation.Hypot => (a.Square() + b.Square()).Sqrt(),
        _ => node.Type == ScalarType.Boolean ? Truth : ValueRange.All,
    };

    /// <summary>
    /// By quadrants. A zero may be -0: then the point (-1, 0) lies at -pi, and the point (0, 0) at pi or -pi. Pi is the double next to it, and
    /// a constant that is not below it is not below it in float, either.
    /// </summary>
    private static ValueRange Angle(ValueRange y, ValueRange x)
    {
        if (y.IsEmpty || x.IsEmpty)
        {
            return ValueRange.None;
        }

        bool isAhead = x.IsPositive, isUpright = isAhead || (x.Low >= 0 && !y.HasZero);
        double most = isUpright ? Math.PI / 2 : Math.PI;
        return new(y.IsPositive || (isAhead && y.Low >= 0) ? 0 : -most, y.IsNegative || (isAhead && y.High <= 0) ? 0 : most);
    }

    /// <summary>Each end of the one with each of the other: a power of a value that is not negative rises or falls in both.</summary>
    private static ValueRange Power(ValueRange a, ValueRange b)
    {
        if (a.IsEmpty || b.IsEmpty)
        {
            return ValueRange.None;
        }

        if (a.Low < 0)
        {
            return b.IsPoint && b.Low % 2 == 0 ? (b.Low > 0 ? Power(a.Abs(), b) : a.HasZero ? ValueRange.Positive : Power(a.Abs(), b)) : ValueRange.All;
        }

        return ValueRange.Hull([Corner(a.Low, a.LowOpen, b.Low, b.LowOpen), Corner(a.Low, a.LowOpen, b.High, b.HighOpen), Corner(a.High, a.HighOpen, b.Low, b.LowOpen), Corner(a.High, a.HighOpen, b.High, b.HighOpen)]);

        (double Value, bool Open) Corner(double x, bool xOpen, double y, bool yOpen)
            => (Math.Pow(x, y), (xOpen && !(y == 0 && !yOpen)) || ((yOpen || double.IsInfinity(y)) && !(x is 0 or 1 && !xOpen)) || (double.IsInfinity(x) && y != 0));
    }

    private static ValueRange Reduced(ReductionOperator combine, ValueRange a)
        => combine != ReductionOperator.Sum || a.IsEmpty ? a
            : a.Low >= 0 ? new ValueRange(a.Low, double.PositiveInfinity, a.LowOpen)
            : a.High <= 0 ? new ValueRange(double.NegativeInfinity, a.High, highOpen: a.HighOpen)
            : ValueRange.All;

    private static ValueRange Rounded(ValueRange rounded, ValueRange a) => a.IsEmpty ? a : new(rounded.Low, rounded.High);

    private static ValueRange Quotient(ValueRange a, ValueRange b)
        => b.IsPoint && b.Low is not 0 ? (a / b).Map(Math.Truncate) : a.Low >= 0 && b.Low >= 0 ? new ValueRange(0, a.High) : ValueRange.All;

    /// <summary>Of the sign of the dividend, and nearer to zero than either.</summary>
    private static ValueRange Remainder(ValueRange a, ValueRange b, ScalarType type)
    {
        double most = Math.Max(Math.Abs(b.Low), Math.Abs(b.High)) - (type == ScalarType.Int32 ? 1 : 0);
        return a.IsEmpty || b.IsEmpty ? ValueRange.None : new(a.Low >= 0 ? 0 : Math.Max(a.Low, -most), a.High <= 0 ? 0 : Math.Min(a.High, most));
    }

    private static ValueRange Compare(ValueRange less, ValueRange more, bool orEqual)
        => less.IsEmpty || more.IsEmpty ? ValueRange.None
            : less.High < more.Low || (less.High == more.Low && (orEqual || less.HighOpen || more.LowOpen)) ? ValueRange.Point(1)
            : less.Low > more.High || (less.Low == more.High && (!orEqual || less.LowOpen || more.HighOpen)) ? ValueRange.Point(0)
            : Truth;

    private static ValueRange Same(ValueRange a, ValueRange b)
        => a.IsEmpty || b.IsEmpty ? ValueRange.None
            : ValueRange.Both(a, b).IsEmpty ? ValueRange.Point(0)
            : a.IsPoint && b.IsPoint ? ValueRange.Point(1)
            : Truth;

    private static ValueRange Opposite(ValueRange truth) => truth.IsPoint ? ValueRange.Point(1 - truth.Low) : truth;
}
