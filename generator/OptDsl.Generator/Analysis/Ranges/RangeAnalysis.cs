using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Analysis.Ranges;

/// <summary>
/// Between which values each expression lies, whatever the gradients: a hyperparameter lies in its domain, or without one has the
/// sign of its default, a decay lies in [0, 1), and states are looked through to a fixed point. Within a branch of a condition
/// a value lies where the condition leaves it.
/// </summary>
internal sealed class RangeAnalysis
{
    // A state's ends move a few times at most; a rule of many states that feed each other is given up early.
    private const int MostRounds = 24;

    // Beyond these a value is taken as it is without conditions.
    private const int Deepest = 24;
    private const int MostEvaluations = 300_000;
    private const int EvaluationsOfCondition = 8;

    private readonly RuleSpec rule;
    private readonly Mixtures mixtures;
    private readonly Refinement refinement;
    private readonly Leaves leaves;
    private readonly Dictionary<int, (int Past, int Sample, int Setting)> averages = [];
    private readonly ValueRange[] buffers;
    private readonly ValueRange[] carried;
    private readonly ValueRange[] initialBuffers;
    private readonly ValueRange[] initialCarried;
    private readonly ValueRange[] values;
    private readonly Mixture[]?[] mixed;
    private readonly Dictionary<int, ValueRange> unassumed = [];
    private int evaluations;

    internal RangeAnalysis(RuleSpec rule)
    {
        this.rule = rule;
        leaves = new Leaves(rule);
        mixtures = new Mixtures(rule.Nodes);
        refinement = new Refinement(rule.Nodes, Of, LearnLaterSteps) { End = 0 };
        foreach (MemberSpec member in rule.Members)
        {
            if (Averages.PartsOf(rule, member) is var (setting, past, sample))
            {
                averages[member.Stored] = (past, sample, setting);
                leaves.Assume(setting, member.Averaging == Averaging.Window ? ValueRange.FromOne : ValueRange.Decay);
            }
        }

        values = new ValueRange[rule.Nodes.Count];
        mixed = new Mixture[rule.Nodes.Count][];
        buffers = [.. rule.Buffers.Select(_ => ValueRange.None)];
        carried = [.. rule.Carried.Select(_ => ValueRange.None)];
        initialBuffers = [.. rule.Buffers.Select(_ => ValueRange.All)];
        initialCarried = [.. rule.Carried.Select(_ => ValueRange.All)];
        Solve();
    }

    internal ValueRange this[int node] => values[node];

    /// <summary>Where a decay or window lies by what it is computed from alone.</summary>
    internal ValueRange Unassumed(int node) => unassumed.TryGetValue(node, out ValueRange range) ? range : values[node];

    /// <summary>What is known where a condition holds, or does not.</summary>
    internal Facts Under(Facts facts, int condition, bool holds)
        => (evaluations += EvaluationsOfCondition) > MostEvaluations ? facts : refinement.Under(facts, condition, holds);

    /// <summary>Where a node lies under some conditions.</summary>
    internal ValueRange Of(int node, Facts facts) => Of(node, facts, 0);

    private ValueRange Of(int node, Facts facts, int depth)
    {
        if (node < facts.First)
        {
            return values[node];
        }

        if (facts.TryGet(node, out ValueRange known))
        {
            return known;
        }

        if (depth > Deepest || ++evaluations > MostEvaluations)
        {
            return values[node];
        }

        ValueRange range = ValueRange.Both(values[node], Evaluate(node, facts, depth + 1));
        facts.Keep(node, range);
        return range;
    }

    private void Solve()
    {
        // Initial values read no states, so that one round with whatever in them gives theirs.
        Evaluate();
        for (int i = 0; i < buffers.Length; i++)
        {
            initialBuffers[i] = values[rule.Buffers[i].Initial];
        }

        for (int i = 0; i < carried.Length; i++)
        {
            initialCarried[i] = values[rule.Carried[i].Initial];
        }

        for (int round = 0; round < MostRounds; round++)
        {
            Evaluate();
            bool changed = false;
            for (int i = 0; i < buffers.Length; i++)
            {
                changed |= Grow(ref buffers[i], values[rule.Buffers[i].Stored]);
            }

            for (int i = 0; i < carried.Length; i++)
            {
                changed |= Grow(ref carried[i], values[rule.Carried[i].Stored]);
            }

            if (!changed)
            {
                return;
            }
        }

        buffers.AsSpan().Fill(ValueRange.All);
        carried.AsSpan().Fill(ValueRange.All);
        Evaluate();
    }

    private static bool Grow(ref ValueRange state, ValueRange stored)
    {
        ValueRange grown = ValueRange.Either(state, stored);
        if (grown.Equals(state))
        {
            return false;
        }

        state = grown.WidenedFrom(state);
        return true;
    }

    private void Evaluate()
    {
        for (int i = 0; i < values.Length; i++)
        {
            refinement.End = i;
            values[i] = Evaluate(i, Facts.Nothing, 0);
        }

        refinement.End = values.Length;
    }

    private ValueRange Evaluate(int index, Facts facts, int depth)
    {
        Expression node = rule.Nodes[index];
        ValueRange range = node.Operation switch
        {
            // What is reduced are other parameters than the one that the conditions are about.
            Operation.Reduction => OperationRanges.Of(node, values[node.A], default, default),
            Operation.Buffer => ValueRange.Either(initialBuffers[(int)node.Bits], buffers[(int)node.Bits]),
            Operation.Carried => ValueRange.Either(initialCarried[(int)node.Bits], carried[(int)node.Bits]),
            Operation.Conditional => Choice(node, facts, depth),
            Operation.Multiply => Product(mixtures.Factors(index), facts, depth),
            _ when leaves.TryGet(node, out ValueRange leaf) => leaf,
            _ => OperationRanges.Of(
                node, node.A >= 0 ? Of(node.A, facts, depth) : ValueRange.All, node.B >= 0 ? Of(node.B, facts, depth) : ValueRange.All,
                    node.C >= 0 ? Of(node.C, facts, depth) : ValueRange.All),
        };
        if (leaves.TryGetAssumed(index, out ValueRange assumed))
        {
            unassumed[index] = depth == 0 ? range : Unassumed(index);
            range = ValueRange.Both(range, assumed) is { IsEmpty: false } both ? both : assumed;
        }

        if (averages.TryGetValue(index, out (int Past, int Sample, int Setting) average))
        {
            ValueRange setting = Of(average.Setting, facts, depth);
            ValueRange weight = setting.High > 1 ? new ValueRange(0, 1, lowOpen: true) : ValueRange.Point(1) + -setting;
            range = ValueRange.Both(range, ValueRange.Mixture(Of(average.Past, facts, depth), Of(average.Sample, facts, depth), weight));
        }
        else if (node.Operation is Operation.Add or Operation.Subtract or Operation.FusedMultiplyAdd)
        {
            range = Mix(index, range, facts, depth);
        }

        return node.Type == ScalarType.Int32 ? range.Whole() : range;
    }

    /// <summary>A sum that mixes two values lies between them.</summary>
    private ValueRange Mix(int index, ValueRange range, Facts facts, int depth)
    {
        foreach (Mixture mixture in mixed[index] ??= [.. mixtures.Of(index)])
        {
            ValueRange weight = Product(mixture.Weight, facts, depth);
            if (weight.Within(ValueRange.Share))
            {
                range = ValueRange.Both(range,
                    ValueRange.Mixture(Product(mixture.Past, facts, depth), Product(mixture.Sample, facts, depth), weight));
            }
        }

        return range;
    }

    /// <summary>A product, in which a factor that occurs twice is a square.</summary>
    private ValueRange Product(IReadOnlyList<int> factors, Facts facts, int depth)
    {
        ValueRange product = ValueRange.Point(1);
        foreach (IGrouping<int, int> factor in factors.GroupBy(factor => factor))
        {
            ValueRange range = Of(factor.Key, facts, depth), square = range.Square();
            for (int count = factor.Count(); count > 0; count -= 2)
            {
                product *= count > 1 ? square : range;
            }
        }

        return product;
    }

    private ValueRange Choice(Expression node, Facts facts, int depth)
    {
        ValueRange condition = Of(node.A, facts, depth);
        return condition.IsEmpty ? ValueRange.None
            : condition.IsPoint ? Of(condition.Low == 1 ? node.B : node.C, facts, depth)
            : ValueRange.Either(Way(node.A, holds: true, node.B), Way(node.A, holds: false, node.C));

        ValueRange Way(int condition, bool holds, int value)
        {
            Facts further = depth > Deepest ? facts : Under(facts, condition, holds);
            return further.IsImpossible ? ValueRange.None : Of(value, further, depth);
        }
    }

    /// <summary>After the first step a state holds what a step has stored.</summary>
    private void LearnLaterSteps(Facts facts)
    {
        for (int i = 0; i < refinement.End; i++)
        {
            Expression node = rule.Nodes[i];
            ValueRange later = node.Operation == Operation.Buffer ? buffers[(int)node.Bits]
                : node.Operation == Operation.Carried ? carried[(int)node.Bits] : ValueRange.All;
            if (node.Operation is Operation.Buffer or Operation.Carried && !later.IsEmpty)
            {
                facts.Learn(i, ValueRange.Both(Of(i, facts), later));
            }
        }
    }
}
