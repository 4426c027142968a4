using OptDsl.Generator.Model;

namespace OptDsl.Generator.Language;

/// <summary>Where the result of an operation lies, by where its operands lie.</summary>
internal static class OperationRanges
{
    private static readonly ValueRange Truth = new(0, 1);

    /// <summary>The range of what is no leaf, no sum or product of a known form, and no condition.</summary>
    internal static ValueRange Of(Expression node, ValueRange a, ValueRange b, ValueRange c)
        => node.Operation.Spec().Range is { } range ? range(node, a, b, c) : node.Type == ScalarType.Boolean ? Truth : ValueRange.All;

    internal static Func<Expression, ValueRange, ValueRange, ValueRange, ValueRange> Of(Func<ValueRange, ValueRange> range)
        => (_, a, _, _) => range(a);

    internal static Func<Expression, ValueRange, ValueRange, ValueRange, ValueRange> Of(Func<ValueRange, ValueRange, ValueRange> range)
        => (_, a, b, _) => range(a, b);

    internal static Func<Expression, ValueRange, ValueRange, ValueRange, ValueRange> Rounded(Func<double, double> round)
        => (_, a, _, _) => a.IsEmpty ? a : a.Map(round) is var rounded ? new ValueRange(rounded.Low, rounded.High) : a;

    internal static ValueRange Same(Expression node, ValueRange a, ValueRange b, ValueRange c) => a;

    internal static ValueRange Sum(Expression node, ValueRange a, ValueRange b, ValueRange c) => a + b;

    internal static ValueRange Difference(Expression node, ValueRange a, ValueRange b, ValueRange c)
        => node.A == node.B ? ValueRange.Point(0) : a + -b;

    internal static ValueRange Product(Expression node, ValueRange a, ValueRange b, ValueRange c) => node.A == node.B ? a.Square() : a * b;

    internal static ValueRange Fused(Expression node, ValueRange a, ValueRange b, ValueRange c) => Product(node, a, b, c) + c;

    internal static ValueRange Negative(Expression node, ValueRange a, ValueRange b, ValueRange c) => -a;

    internal static ValueRange Converted(Expression node, ValueRange a, ValueRange b, ValueRange c)
        => node.Type == ScalarType.Int32 ? a.Map(Math.Truncate) : a;

    internal static ValueRange Quotient(Expression node, ValueRange a, ValueRange b, ValueRange c)
        => node.Type == ScalarType.Int32 ? WholeQuotient(a, b) : a / b;

    internal static ValueRange Signed(ValueRange a, ValueRange sign) => sign.IsPositive ? a.Abs()
        : sign.IsNegative ? -a.Abs() : ValueRange.Either(a.Abs(), -a.Abs());

    internal static ValueRange Sign(ValueRange a) => a.IsEmpty ? a
        : a.HasZero ? new ValueRange(a.Low < 0 ? -1 : 0, a.High > 0 ? 1 : 0)
        : new ValueRange(a.Low < 0 ? -1 : 1, a.High > 0 ? 1 : -1, withoutZero: true);

    internal static ValueRange Exponential(ValueRange a)
        => a.Map(Math.Exp) is var grown && grown.Low == 0 ? new ValueRange(0, grown.High, lowOpen: true, grown.HighOpen) : grown;

    internal static ValueRange Logarithm(ValueRange a, Func<double, double> logarithm) => a.Low >= 0 ? a.Map(logarithm) : ValueRange.All;

    internal static ValueRange CubeRoot(ValueRange a) => a.Map(static x => x < 0 ? -Math.Pow(-x, 1.0 / 3) : Math.Pow(x, 1.0 / 3));

    /// <summary>
    /// By quadrants. A zero may be -0: then the point (-1, 0) lies at -pi, and the point (0, 0) at pi or -pi. Pi is the double next to it,
    /// and a constant that is not below it is not below it in float, either.
    /// </summary>
    internal static ValueRange Angle(ValueRange y, ValueRange x)
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
    internal static ValueRange Power(ValueRange a, ValueRange b)
    {
        if (a.IsEmpty || b.IsEmpty)
        {
            return ValueRange.None;
        }

        if (a.Low < 0)
        {
            return b.IsPoint && b.Low % 2 == 0 ? (b.Low > 0 ? Power(a.Abs(), b) : a.HasZero ? ValueRange.Positive : Power(a.Abs(), b))
                : ValueRange.All;
        }

        return ValueRange.Hull(
            [Corner(a.Low, a.LowOpen, b.Low, b.LowOpen), Corner(a.Low, a.LowOpen, b.High, b.HighOpen),
                Corner(a.High, a.HighOpen, b.Low, b.LowOpen), Corner(a.High, a.HighOpen, b.High, b.HighOpen)]);

        (double Value, bool Open) Corner(double x, bool xOpen, double y, bool yOpen)
            => (Math.Pow(x, y), (xOpen && !(y == 0 && !yOpen)) || ((yOpen || double.IsInfinity(y)) && !(x is 0 or 1 && !xOpen))
                || (double.IsInfinity(x) && y != 0));
    }

    internal static ValueRange Reduced(Expression node, ValueRange a, ValueRange b, ValueRange c)
        => ReductionSpec.Of(node).Operator != ReductionOperator.Sum || a.IsEmpty ? a
            : a.Low >= 0 ? new ValueRange(a.Low, double.PositiveInfinity, a.LowOpen)
            : a.High <= 0 ? new ValueRange(double.NegativeInfinity, a.High, highOpen: a.HighOpen)
            : ValueRange.All;

    private static ValueRange WholeQuotient(ValueRange a, ValueRange b)
        => b.IsPoint && b.Low is not 0 ? (a / b).Map(Math.Truncate) : a.Low >= 0 && b.Low >= 0 ? new ValueRange(0, a.High) : ValueRange.All;

    /// <summary>Of the sign of the dividend, and nearer to zero than either.</summary>
    internal static ValueRange Remainder(Expression node, ValueRange a, ValueRange b, ValueRange c)
    {
        double most = Math.Max(Math.Abs(b.Low), Math.Abs(b.High)) - (node.Type == ScalarType.Int32 ? 1 : 0);
        return a.IsEmpty || b.IsEmpty ? ValueRange.None
            : new(a.Low >= 0 ? 0 : Math.Max(a.Low, -most), a.High <= 0 ? 0 : Math.Min(a.High, most));
    }

    internal static ValueRange Compare(ValueRange less, ValueRange more, bool orEqual)
        => less.IsEmpty || more.IsEmpty ? ValueRange.None
            : less.High < more.Low || (less.High == more.Low && (orEqual || less.HighOpen || more.LowOpen)) ? ValueRange.Point(1)
            : less.Low > more.High || (less.Low == more.High && (!orEqual || less.LowOpen || more.HighOpen)) ? ValueRange.Point(0)
            : Truth;

    internal static ValueRange Equal(ValueRange a, ValueRange b)
        => a.IsEmpty || b.IsEmpty ? ValueRange.None
            : ValueRange.Both(a, b).IsEmpty ? ValueRange.Point(0)
            : a.IsPoint && b.IsPoint ? ValueRange.Point(1)
            : Truth;

    internal static ValueRange Opposite(ValueRange truth) => truth.IsPoint ? ValueRange.Point(1 - truth.Low) : truth;
}
