using Microsoft.CodeAnalysis.Operations;
using OptDsl.Generator.Language;

namespace OptDsl.Generator.Parsing;

/// <summary>The integers, or conditions as 1 and 0, that no arm of a switch has matched so far.</summary>
internal sealed class UnmatchedValues
{
    private List<(double Low, double High)> left;

    internal UnmatchedValues(ValueRange values) => left = [(values.Low, values.High)];

    /// <summary>Removes what a pattern matches; whether nothing is left.</summary>
    internal bool Remove(IPatternOperation pattern)
    {
        left = Matched(pattern) is { } matched ? Intersect(left, Others(matched)) : left;
        return left.Count == 0;
    }

    /// <summary>What a pattern matches, in ranges; null where that is not known.</summary>
    private static List<(double Low, double High)>? Matched(IPatternOperation pattern) => pattern switch
    {
        IConstantPatternOperation constant when ValueOf(constant.Value) is { } value => [(value, value)],
        IRelationalPatternOperation relation when ValueOf(relation.Value) is { } bound => relation.OperatorKind switch
        {
            BinaryOperatorKind.LessThan => [(double.NegativeInfinity, bound - 1)],
            BinaryOperatorKind.LessThanOrEqual => [(double.NegativeInfinity, bound)],
            BinaryOperatorKind.GreaterThan => [(bound + 1, double.PositiveInfinity)],
            BinaryOperatorKind.GreaterThanOrEqual => [(bound, double.PositiveInfinity)],
            _ => null,
        },
        IDiscardPatternOperation => [(double.NegativeInfinity, double.PositiveInfinity)],
        INegatedPatternOperation negated when Matched(negated.Pattern) is { } inner => Others(inner),
        IBinaryPatternOperation pair when Matched(pair.LeftPattern) is { } first && Matched(pair.RightPattern) is { } second
            => pair.OperatorKind == BinaryOperatorKind.And ? Intersect(first, second) : [.. first, .. second],
        _ => null,
    };

    private static List<(double Low, double High)> Intersect(List<(double Low, double High)> first, List<(double Low, double High)> second)
        => [.. first.SelectMany(a => second.Select(b => (Low: Math.Max(a.Low, b.Low), High: Math.Min(a.High, b.High))))
            .Where(range => range.Low <= range.High)];

    /// <summary>The integers that lie in none of some ranges.</summary>
    private static List<(double Low, double High)> Others(List<(double Low, double High)> ranges)
        => ranges.Aggregate(
            new List<(double Low, double High)> { (double.NegativeInfinity, double.PositiveInfinity) },
            (others, range) => Intersect(others, [(double.NegativeInfinity, range.Low - 1), (range.High + 1, double.PositiveInfinity)]));

    private static double? ValueOf(Microsoft.CodeAnalysis.IOperation operation)
        => operation.ConstantValue is { HasValue: true, Value: { } value }
        ? value switch { int number => number, bool condition => condition ? 1 : 0, _ => null }
        : null;
}
