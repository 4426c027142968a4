using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Analysis.Ranges;

/// <summary>What follows from a condition, or from where a value lies, for the values it is made of.</summary>
internal sealed class Refinement
{
    private const int Deepest = 12;

    private readonly IReadOnlyList<Expression> nodes;
    private readonly Func<int, Facts, ValueRange> rangeOf;
    private readonly Action<Facts> learnLaterSteps;
    private readonly Dictionary<(int, int), int> differences = [];

    /// <param name="nodes">The rule's expressions.</param>
    /// <param name="rangeOf">Where a node lies, as far as it is known.</param>
    /// <param name="learnLaterSteps">Adds what holds in every step but the first.</param>
    internal Refinement(IReadOnlyList<Expression> nodes, Func<int, Facts, ValueRange> rangeOf, Action<Facts> learnLaterSteps)
    {
        this.nodes = nodes;
        this.rangeOf = rangeOf;
        this.learnLaterSteps = learnLaterSteps;
        for (int i = 0; i < nodes.Count; i++)
        {
            if (nodes[i].Operation == Operation.Subtract)
            {
                differences[(nodes[i].A, nodes[i].B)] = i;
            }
        }
    }

    /// <summary>Nodes from here on have no range yet.</summary>
    internal int End { get; set; }

    /// <summary>What is known where a condition holds, or does not.</summary>
    internal Facts Under(Facts facts, int condition, bool holds)
    {
        Facts further = facts.Copy();
        Learn(further, condition, holds, 0);
        return further;
    }

    private void Learn(Facts facts, int condition, bool holds, int depth)
    {
        if (depth > Deepest || facts.IsImpossible)
        {
            return;
        }

        Expression node = nodes[condition];
        ValueRange truth = ValueRange.Point(holds ? 1 : 0);
        facts.Learn(condition, ValueRange.Both(rangeOf(condition, facts), truth));
        switch (node.Operation)
        {
            case Operation.Not:
                Learn(facts, node.A, !holds, depth + 1);
                break;
            case Operation.And or Operation.AndAlso when holds:
            case Operation.Or or Operation.OrElse when !holds:
                Learn(facts, node.A, holds, depth + 1);
                Learn(facts, node.B, holds, depth + 1);
                break;
            case Operation.And or Operation.AndAlso or Operation.Or or Operation.OrElse:
                LearnEither(facts, node, holds, depth);
                break;
            case Operation.Less:
                LearnOrder(facts, node.A, node.B, holds, strict: holds, depth);
                break;
            case Operation.LessOrEqual:
                LearnOrder(facts, node.A, node.B, holds, strict: !holds, depth);
                break;
            case Operation.Greater:
                LearnOrder(facts, node.B, node.A, holds, strict: holds, depth);
                break;
            case Operation.GreaterOrEqual:
                LearnOrder(facts, node.B, node.A, holds, strict: !holds, depth);
                break;
            case Operation.Equal:
                LearnSame(facts, node.A, node.B, holds, depth);
                break;
            case Operation.NotEqual when node.A != node.B:
                LearnSame(facts, node.A, node.B, !holds, depth);
                break;
        }
    }

    /// <summary>One of two conditions fails, or one of two holds.</summary>
    private void LearnEither(Facts facts, Expression node, bool holds, int depth)
    {
        Facts first = facts.Copy(), second = facts.Copy();
        Learn(first, node.A, holds, depth + 1);
        Learn(second, node.A, !holds, depth + 1);
        Learn(second, node.B, holds, depth + 1);
        Facts either = Facts.Either(first, second);
        foreach (int known in either.Known.Where(known => known != node.A && known != node.B).ToList())
        {
            either.TryGet(known, out ValueRange range);
            facts.Learn(known, range);
        }
    }

    /// <summary>The one is less than the other, or is not.</summary>
    private void LearnOrder(Facts facts, int less, int more, bool holds, bool strict, int depth)
    {
        if (!holds)
        {
            (less, more) = (more, less);
        }

        ValueRange low = rangeOf(less, facts), high = rangeOf(more, facts);
        Narrow(facts, less, new ValueRange(double.NegativeInfinity, high.High, false, strict || high.HighOpen), depth + 1);
        Narrow(facts, more, new ValueRange(low.Low, double.PositiveInfinity, strict || low.LowOpen), depth + 1);
        NarrowDifference(facts, more, less, strict ? ValueRange.Positive : ValueRange.NonNegative, depth);
    }

    private void LearnSame(Facts facts, int a, int b, bool same, int depth)
    {
        if (same)
        {
            ValueRange both = ValueRange.Both(rangeOf(a, facts), rangeOf(b, facts));
            Narrow(facts, a, both, depth + 1);
            Narrow(facts, b, both, depth + 1);
            return;
        }

        Narrow(facts, a, Apart(rangeOf(a, facts), rangeOf(b, facts)), depth + 1);
        Narrow(facts, b, Apart(rangeOf(b, facts), rangeOf(a, facts)), depth + 1);
        NarrowDifference(facts, a, b, ValueRange.NonZero, depth);
    }

    /// <summary>Without a value, where that is an end of it or zero.</summary>
    private static ValueRange Apart(ValueRange range, ValueRange other)
        => !other.IsPoint ? range
            : other.Low == 0 ? ValueRange.Both(range, ValueRange.NonZero)
            : new(range.Low, range.High, range.LowOpen || range.Low == other.Low, range.HighOpen || range.High == other.Low,
                range.WithoutZero);

    private void NarrowDifference(Facts facts, int from, int subtracted, ValueRange range, int depth)
    {
        if (differences.TryGetValue((from, subtracted), out int difference))
        {
            Narrow(facts, difference, range, depth + 1);
        }

        if (differences.TryGetValue((subtracted, from), out int negated))
        {
            Narrow(facts, negated, -range, depth + 1);
        }
    }

    /// <summary>A node lies in a range: keeps it, and what follows for its operands.</summary>
    private void Narrow(Facts facts, int index, ValueRange range, int depth)
    {
        if (index >= End || depth > Deepest || facts.IsImpossible)
        {
            return;
        }

        Expression node = nodes[index];
        ValueRange before = rangeOf(index, facts), after = ValueRange.Both(before, range);
        after = node.Type == ScalarType.Int32 ? after.Whole() : after;
        if (after.Equals(before) && !after.IsEmpty)
        {
            return;
        }

        facts.Learn(index, after);
        if (node.Operation == Operation.Step && after.Low >= 2)
        {
            learnLaterSteps(facts);
        }

        if (!after.IsEmpty)
        {
            NarrowOperands(facts, node, after, depth + 1);
        }
    }

    private void NarrowOperands(Facts facts, Expression node, ValueRange range, int depth)
    {
        switch (node.Operation)
        {
            case Operation.Negate:
                Narrow(facts, node.A, -range, depth);
                break;
            case Operation.Convert when node.Type != ScalarType.Int32:
            case Operation.Widen:
                Narrow(facts, node.A, range, depth);
                break;
            case Operation.Abs:
                Narrow(facts, node.A, new ValueRange(-range.High, range.High, range.HighOpen, range.HighOpen, !range.HasZero), depth);
                break;
            case Operation.Sqrt:
                Narrow(facts, node.A, new ValueRange(range.Low * range.Low, range.High * range.High, range.LowOpen, range.HighOpen), depth);
                break;
            case Operation.Sign:
                Narrow(facts, node.A,
                    range.IsPositive ? ValueRange.Positive
                        : range.IsNegative ? ValueRange.Negative : !range.HasZero ? ValueRange.NonZero : ValueRange.All, depth);
                break;
            case Operation.Multiply when node.A == node.B:
                Narrow(facts, node.A, range.HasZero ? ValueRange.All : ValueRange.NonZero, depth);
                break;
            case Operation.Multiply:
                NarrowFactor(facts, node.A, node.B, range, depth);
                NarrowFactor(facts, node.B, node.A, range, depth);
                break;
            case Operation.Divide when node.Type.IsFloating():
                Narrow(facts, node.A, range * rangeOf(node.B, facts), depth);
                break;
            case Operation.Add:
                Narrow(facts, node.A, range + -rangeOf(node.B, facts), depth);
                Narrow(facts, node.B, range + -rangeOf(node.A, facts), depth);
                break;
            case Operation.Subtract:
                Narrow(facts, node.A, range + rangeOf(node.B, facts), depth);
                Narrow(facts, node.B, rangeOf(node.A, facts) + -range, depth);
                break;
            case Operation.Min:
                Narrow(facts, node.A, new ValueRange(range.Low, double.PositiveInfinity, range.LowOpen), depth);
                Narrow(facts, node.B, new ValueRange(range.Low, double.PositiveInfinity, range.LowOpen), depth);
                break;
            case Operation.Max:
                Narrow(facts, node.A, new ValueRange(double.NegativeInfinity, range.High, false, range.HighOpen), depth);
                Narrow(facts, node.B, new ValueRange(double.NegativeInfinity, range.High, false, range.HighOpen), depth);
                break;
            case Operation.Conditional:
                NarrowChoice(facts, node, range, depth);
                break;
        }
    }

    private void NarrowFactor(Facts facts, int factor, int other, ValueRange product, int depth)
    {
        ValueRange given = rangeOf(other, facts);
        Narrow(facts, factor,
            given.IsPositive || given.IsNegative ? product / given : product.HasZero ? ValueRange.All : ValueRange.NonZero, depth);
    }

    /// <summary>A choice that does not lie where one of its values does is the other.</summary>
    private void NarrowChoice(Facts facts, Expression node, ValueRange range, int depth)
    {
        bool first = !ValueRange.Both(rangeOf(node.B, facts), range).IsEmpty,
            second = !ValueRange.Both(rangeOf(node.C, facts), range).IsEmpty;
        if (first != second)
        {
            Learn(facts, node.A, first, depth);
            Narrow(facts, first ? node.B : node.C, range, depth);
        }
    }
}
