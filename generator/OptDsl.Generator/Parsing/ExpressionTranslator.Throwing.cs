using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>Operations whose operands rule out that they throw: a division by the literal 2, an absolute value of the step.</summary>
internal sealed partial class ExpressionTranslator
{
    private const int DeepestRange = 8;

    private static readonly ValueRange Ints = new(int.MinValue, int.MaxValue);

    // Whether ranges are asked for as they are where the uniform conditions around this point do not hold.
    private bool ignoresGuards;

    private bool CannotThrow(Expression node, bool unguarded)
    {
        ignoresGuards = unguarded;
        bool cannot = CannotThrow(node);
        ignoresGuards = false;
        return cannot;
    }

    private bool CannotThrow(Expression node) => node.Operation switch
    {
        Operation.Divide or Operation.Remainder => RangeOf(node.B) is { HasZero: false } divisor
            && !(divisor.Contains(-1) && RangeOf(node.A).Contains(int.MinValue)),
        Operation.Abs => RangeOf(node.A).Low > int.MinValue,
        Operation.Clamp => IsInOrder(node.B, node.C),
        Operation.Add or Operation.Subtract or Operation.Multiply or Operation.Negate or Operation.Convert => Exact(node, 0).Within(Ints),
        _ => false,
    };

    /// <summary>
    /// Whether the one bound of a clamp is never above the other. Bounds that NaN can be are not known to be in order, nor out of it: then
    /// nothing throws.
    /// </summary>
    private bool IsInOrder(int min, int max) => RangeOf(min).High <= RangeOf(max).Low;

    /// <summary>Where a value lies that is known before any state is, under the uniform conditions around this point.</summary>
    private ValueRange RangeOf(int index, int depth = 0)
    {
        ValueRange range = depth > DeepestRange ? Whole(graph[index]) : Exact(graph[index], depth);
        if (graph[index].Type == ScalarType.Int32)
        {
            // Where it does not fit, an int begins again at the other end.
            range = range.Within(Ints) ? range.Whole() : Ints;
        }

        foreach (int guard in depth > DeepestRange || ignoresGuards ? [] : guards)
        {
            range = Narrowed(range, index, guard, holds: true, depth);
        }

        return range;
    }

    private static ValueRange Whole(Expression node) => node.Type == ScalarType.Int32 ? Ints
        : node.Type == ScalarType.Boolean ? ValueRange.Share : ValueRange.All;

    private ValueRange Exact(Expression node, int depth)
    {
        switch (node.Operation)
        {
            case Operation.Constant:
                return ValueRange.Point(Constants.ValueOf(node));
            case Operation.Step or Operation.Rows or Operation.Columns or Operation.Count:
                return new ValueRange(1, int.MaxValue);
            case Operation.Rank:
                return new ValueRange(0, int.MaxValue);
            case Operation.Hyperparameter:
                return Read.TryGetValue(node.Text, out (ValueSpec Spec, Microsoft.CodeAnalysis.ISymbol Member) read)
                    && DomainReader.Of(read.Member) is { } domain
                    ? ValueRange.Both(new ValueRange(domain.Low, domain.High, !domain.IncludesLow, !domain.IncludesHigh), Whole(node))
                    : Whole(node);
            case Operation.Conditional:
                return ValueRange.Either(RangeOf(node.B, depth + 1), RangeOf(node.C, depth + 1));
            case Operation.Add or Operation.Subtract or Operation.Multiply or Operation.Divide or Operation.Remainder or Operation.Negate
                or Operation.Convert
                or Operation.Abs or Operation.Min or Operation.Max or Operation.Clamp or Operation.Floor or Operation.Ceiling
                or Operation.Truncate or Operation.Round:
                return OperationRanges.Of(
                    node, RangeOf(node.A, depth + 1), node.B >= 0 ? RangeOf(node.B, depth + 1) : ValueRange.All,
                        node.C >= 0 ? RangeOf(node.C, depth + 1) : ValueRange.All);
            default:
                return Whole(node);
        }
    }

    /// <summary>What a comparison of the value itself leaves of it.</summary>
    private ValueRange Narrowed(ValueRange range, int index, int condition, bool holds, int depth)
    {
        Expression test = graph[condition];
        if (test.Operation == Operation.Not)
        {
            return Narrowed(range, index, test.A, !holds, depth);
        }

        if (test.Operation is Operation.AndAlso or Operation.And && holds)
        {
            return Narrowed(Narrowed(range, index, test.A, holds, depth), index, test.B, holds, depth);
        }

        bool isLeft = test.A == index;
        if ((!isLeft && test.B != index) || test.A == test.B || !test.Operation.IsComparison())
        {
            return range;
        }

        ValueRange other = Exact(graph[isLeft ? test.B : test.A], DeepestRange);
        bool lower = isLeft == holds;
        ValueRange left = (test.Operation, holds) switch
        {
            (Operation.Less, _) => Bounded(other, lower, strict: holds),
            (Operation.LessOrEqual, _) => Bounded(other, lower, strict: !holds),
            (Operation.Greater, _) => Bounded(other, !lower, strict: holds),
            (Operation.GreaterOrEqual, _) => Bounded(other, !lower, strict: !holds),
            (Operation.Equal, true) or (Operation.NotEqual, false) => other,
            _ when !other.IsPoint => ValueRange.All,
            _ when other.Low == range.Low => new ValueRange(range.Low, double.PositiveInfinity, lowOpen: true),
            _ when other.High == range.High => new ValueRange(double.NegativeInfinity, range.High, false, highOpen: true),
            _ => other.Low == 0 ? ValueRange.NonZero : ValueRange.All,
        };
        ValueRange both = ValueRange.Both(range, left);
        return graph[index].Type == ScalarType.Int32 ? both.Whole() : both;
    }

    private static ValueRange Bounded(ValueRange other, bool below, bool strict)
        => below ? new ValueRange(double.NegativeInfinity, other.High, false, strict || other.HighOpen)
        : new ValueRange(other.Low, double.PositiveInfinity, strict || other.LowOpen);
}
