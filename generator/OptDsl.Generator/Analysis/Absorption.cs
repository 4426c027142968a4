using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Analysis;

/// <summary>What a quotient whose divisor is zero can be.</summary>
[Flags]
internal enum Faults
{
    None = 0,
    Infinite = 1,
    NegativeInfinite = 2,
    NotANumber = 4,
    All = Infinite | NegativeInfinite | NotANumber,
}

/// <summary>Whether what is made of a value hides that it is infinite or no number: the clipping of a norm needs no epsilon.</summary>
/// <param name="rule">The rule.</param>
/// <param name="users">The nodes that read a node.</param>
/// <param name="of">Where a node lies.</param>
/// <param name="where">Where a node lies wherever a reader of it, the second, is used.</param>
internal sealed class Absorption(RuleSpec rule, ILookup<int, int> users, Func<int, ValueRange> of, Func<int, int, ValueRange> where)
{
    private const int Deepest = 16;

    /// <summary>What a quotient can be where its divisor is zero.</summary>
    internal Faults FaultsOf(Expression quotient)
    {
        ValueRange dividend = of(quotient.A), divisor = of(quotient.B);
        return dividend.HasZero ? Faults.All
            : divisor.Low < 0 ? Faults.Infinite | Faults.NegativeInfinite
            : dividend.IsPositive ? Faults.Infinite
            : dividend.IsNegative ? Faults.NegativeInfinite
            : Faults.Infinite | Faults.NegativeInfinite;
    }

    /// <summary>Whether no reader of the value passes on what it must not be.</summary>
    internal bool Covers(int node, Faults faults) => Covers([node], faults, 0);

    /// <param name="values">The value, and before it what it was passed on from unchanged.</param>
    /// <param name="faults">What it can be.</param>
    /// <param name="depth">How far it was passed on.</param>
    private bool Covers(List<int> values, Faults faults, int depth)
    {
        int node = values[values.Count - 1];
        return depth < Deepest && users[node].Any() && users[node].All(user => user != node && IsCovered(values, user, faults, depth + 1));
    }

    private bool IsCovered(List<int> values, int user, Faults faults, int depth)
    {
        int node = values[values.Count - 1];
        Expression reader = rule.Nodes[user];

        // Where the reader is used, a condition may keep the value below a bound.
        ValueRange range = where(node, user);
        faults &= double.IsInfinity(range.High) ? Faults.All : ~Faults.Infinite;
        faults &= double.IsInfinity(range.Low) ? Faults.All : ~Faults.NegativeInfinite;
        if (faults == Faults.None)
        {
            return true;
        }

        bool isFirst = reader.A == node;
        int other = isFirst ? reader.B : reader.A;
        switch (reader.Operation)
        {
            // A test for NaN, or any other of what is a number or infinite, which are in order.
            case var test when test.IsComparison():
                return !faults.HasFlag(Faults.NotANumber) || reader.A == reader.B
                    || Constants.LiteralOf(rule.Nodes, other) is double.PositiveInfinity;
            case Operation.Conditional:
                return reader.A != node && IsChosen(values, user, reader, faults, depth);
            case Operation.Min:
                return Rest(user, faults & ~Faults.Infinite, depth);
            case Operation.Max:
                return Rest(user, faults & ~Faults.NegativeInfinite, depth);
            case Operation.Clamp when isFirst:
                return Rest(user, faults & Faults.NotANumber, depth);
            case Operation.Divide when !isFirst:
                return Rest(user, faults & Faults.NotANumber, depth);
            case Operation.Tanh or Operation.Atan or Operation.Sign:
                return Rest(user, faults & Faults.NotANumber, depth);
            case Operation.Exp:
                return Rest(user, faults & ~Faults.NegativeInfinite, depth);
            case Operation.Divide or Operation.Multiply when other != node && of(other).IsPositive:
                return Rest(user, faults, depth);
            case Operation.Divide or Operation.Multiply when other != node && of(other).IsNegative:
                return Rest(user, Negated(faults), depth);
            case Operation.Negate:
                return Rest(user, Negated(faults), depth);
            case Operation.Subtract when !isFirst:
                return Rest(user, Negated(faults), depth);
            case Operation.Add or Operation.Subtract when other != node:
                return Rest(user, faults, depth);
            case Operation.Abs:
                return Rest(user, (faults | Negated(faults)) & ~Faults.NegativeInfinite, depth);
            case Operation.Sqrt or Operation.Log or Operation.Log2 when !faults.HasFlag(Faults.NegativeInfinite):
                return Rest(user, faults, depth);
            case Operation.Convert or Operation.Widen or Operation.Cbrt:
                return reader.Type.IsFloating() && Rest(user, faults, depth);
            default:
                return false;
        }
    }

    private bool Rest(int node, Faults faults, int depth) => faults == Faults.None || Covers([node], faults, depth);

    /// <summary>Of a choice, what its condition leaves of the value on the way that takes it.</summary>
    private bool IsChosen(List<int> values, int user, Expression choice, Faults faults, int depth)
    {
        int node = values[values.Count - 1];
        Faults left = Faults.None;
        foreach ((int way, bool holds) in new[] { (choice.B, true), (choice.C, false) })
        {
            if (way == node)
            {
                left |= faults & ~values.Aggregate(Faults.None, (excluded, value) => excluded | Excluded(choice.A, holds, value, 0));
            }
        }

        return left == Faults.None || Covers([.. values, user], left, depth);
    }

    /// <summary>What a value is not where a condition holds, or does not.</summary>
    private Faults Excluded(int condition, bool holds, int value, int depth)
    {
        Expression node = rule.Nodes[condition];
        if (depth > Deepest)
        {
            return Faults.None;
        }

        Faults Of(int operand, bool isTrue) => Excluded(operand, isTrue, value, depth + 1);
        switch (node.Operation)
        {
            case Operation.Not:
                return Of(node.A, !holds);
            case Operation.And or Operation.AndAlso when holds:
            case Operation.Or or Operation.OrElse when !holds:
                return Of(node.A, holds) | Of(node.B, holds);
            case Operation.And or Operation.AndAlso or Operation.Or or Operation.OrElse:
                return Of(node.A, holds) & Of(node.B, holds);
            case Operation.NotEqual when node.A == value && node.B == value:
                return holds ? Faults.None : Faults.NotANumber;
        }

        // A condition that is read, and tests nothing.
        if (!node.Operation.IsComparison())
        {
            return Faults.None;
        }

        // The size of the value against infinity, as the tests of the framework became.
        bool isSize = rule.Nodes[node.A] is { Operation: Operation.Abs } size && size.A == value;
        if (isSize && Constants.LiteralOf(rule.Nodes, node.B) is double.PositiveInfinity)
        {
            return (node.Operation, holds) switch
            {
                (Operation.Less, true) => Faults.All,
                (Operation.Equal, false) => Faults.Infinite | Faults.NegativeInfinite,
                _ => Faults.None,
            };
        }

        return Ordered(node, holds, value);
    }

    /// <summary>Below a bound, or above one. Where a comparison fails, the value may be no number.</summary>
    private static Faults Ordered(Expression node, bool holds, int value)
    {
        bool? isLess = node.Operation switch
        {
            Operation.Less or Operation.LessOrEqual => true,
            Operation.Greater or Operation.GreaterOrEqual => false,
            _ => null,
        };
        if (isLess is not { } less || (node.A == value) == (node.B == value))
        {
            return Faults.None;
        }

        bool isBelow = (less == (node.A == value)) == holds;
        return (isBelow ? Faults.Infinite : Faults.NegativeInfinite) | (holds ? Faults.NotANumber : Faults.None);
    }

    private static Faults Negated(Faults faults)
        => (faults & Faults.NotANumber) | (faults.HasFlag(Faults.Infinite) ? Faults.NegativeInfinite : Faults.None)
            | (faults.HasFlag(Faults.NegativeInfinite) ? Faults.Infinite : Faults.None);
}
