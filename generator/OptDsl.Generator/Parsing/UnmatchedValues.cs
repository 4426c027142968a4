using Microsoft.CodeAnalysis.Operations;
using OptDsl.Generator.Analysis.Ranges;

namespace OptDsl.Generator.Parsing;

/// <summary>The integers, or conditions as 1 and 0, that no arm of a switch has matched so far.</summary>
internal sealed class UnmatchedValues
{
    private List<(double Low, double High)> left;

    internal UnmatchedValues(ValueRange values) => left = [(values.Low, values.High)];

    /// <summary>Removes what a pattern matches; whether nothing is left.</summary>
    internal bool Remove(IPatternOperation pattern)
    {
        (double Low, double High)? matched = pattern switch
        {
            IConstantPatternOperation constant when ValueOf(constant.Value) is { } value => (value, value),
            IRelationalPatternOperation relation when ValueOf(relation.Value) is { } bound => relation.OperatorKind switch
            {
                BinaryOperatorKind.LessThan => (double.NegativeInfinity, bound - 1),
                BinaryOperatorKind.LessThanOrEqual => (double.NegativeInfinity, bound),
                BinaryOperatorKind.GreaterThan => (bound + 1, double.PositiveInfinity),
                BinaryOperatorKind.GreaterThanOrEqual => (bound, double.PositiveInfinity),
                _ => null,
            },
            _ => null,
        };
        if (matched is var (low, high))
        {
            left = [.. left.SelectMany(range => new[] { (range.Low, Math.Min(range.High, low - 1)), (Math.Max(range.Low, high + 1), range.High) }).Where(range => range.Item1 <= range.Item2)];
        }

        return left.Count == 0;
    }

    private static double? ValueOf(Microsoft.CodeAnalysis.IOperation operation) => operation.ConstantValue is { HasValue: true, Value: { } value }
        ? value switch { int number => number, bool condition => condition ? 1 : 0, _ => null }
        : null;
}
