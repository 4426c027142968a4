using OptDsl.Generator.Model;

namespace OptDsl.Generator.Analysis.Report;

/// <summary>
/// Between which values each expression lies, whatever the gradients: a hyperparameter lies in its domain, or without one has the
/// sign of its default, a decay lies in [0, 1), and states are looked through to a fixed point.
/// </summary>
internal sealed class RangeAnalysis
{
    // A state's ends move a few times at most; a rule of many states that feed each other is given up early.
    private const int MostRounds = 24;

    private readonly RuleSpec rule;
    private readonly Dictionary<int, ValueRange> settings = [];
    private readonly Dictionary<int, (int Past, int Sample)> averages = [];
    private readonly Dictionary<string, ValueRange> hyperparameters = [];
    private readonly ValueRange[] buffers;
    private readonly ValueRange[] carried;
    private readonly ValueRange[] values;

    internal RangeAnalysis(RuleSpec rule)
    {
        this.rule = rule;
        foreach (MemberSpec member in rule.Members)
        {
            if (Averages.PartsOf(rule, member) is not var (setting, past, sample))
            {
                continue;
            }

            averages[member.Stored] = (past, sample);
            if (rule.Nodes[setting].Operation != Operation.Constant)
            {
                settings[setting] = member.Averaging == Averaging.Window ? ValueRange.FromOne : ValueRange.Decay;
            }
        }

        foreach (DefaultSpec given in rule.Defaults)
        {
            hyperparameters[given.Name] = given.Value > 0 ? ValueRange.Positive : given.Value == 0 ? ValueRange.NonNegative : given.Value < 0 ? ValueRange.Negative : ValueRange.All;
        }

        foreach (DomainSpec domain in rule.Domains)
        {
            hyperparameters[domain.Value.Name] = ValueRange.Of(domain.Interval, rule.Defaults.FirstOrDefault(given => given.Name == domain.Value.Name)?.Value);
        }

        values = new ValueRange[rule.Nodes.Count];
        buffers = new ValueRange[rule.Buffers.Count];
        carried = new ValueRange[rule.Carried.Count];
        Solve();
    }

    internal ValueRange this[int node] => values[node];

    private void Solve()
    {
        // Initial values read no states, so that one round with whatever in them gives theirs.
        Evaluate();
        for (int i = 0; i < buffers.Length; i++)
        {
            buffers[i] = values[rule.Buffers[i].Initial];
        }

        for (int i = 0; i < carried.Length; i++)
        {
            carried[i] = values[rule.Carried[i].Initial];
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
            values[i] = settings.TryGetValue(i, out ValueRange setting) ? setting
                : averages.TryGetValue(i, out (int Past, int Sample) average) ? ValueRange.Either(values[average.Past], values[average.Sample])
                : Evaluate(rule.Nodes[i]);
        }
    }

    private ValueRange Evaluate(Expression node)
    {
        ValueRange a = node.A >= 0 ? values[node.A] : ValueRange.All, b = node.B >= 0 ? values[node.B] : ValueRange.All, c = node.C >= 0 ? values[node.C] : ValueRange.All;
        switch (node.Operation)
        {
            case Operation.Constant:
                return ValueRange.Point(Constants.ValueOf(node));
            case Operation.Hyperparameter:
                // Without a default its caller chooses, and is taken to choose a positive one.
                return node.Type == ScalarType.Boolean ? ValueRange.All : hyperparameters.TryGetValue(node.Text, out ValueRange given) ? given : ValueRange.Positive;
            case Operation.Step:
                return ValueRange.FromOne;
            case Operation.Buffer:
                return buffers[(int)node.Bits];
            case Operation.Carried:
                return carried[(int)node.Bits];
            case Operation.Correction:
                return ValueRange.FromOne;
            case Operation.Mass or Operation.Weight:
                return new ValueRange(0, 1, lowOpen: true);
            case Operation.Add:
                return a + b;
            case Operation.Subtract:
                return node.A == node.B ? ValueRange.Point(0) : a + -b;
            case Operation.Multiply:
                return node.A == node.B ? a.Square() : a * b;
            case Operation.Divide:
                return node.Type == ScalarType.Int32 ? a.Low >= 0 && b.Low >= 0 ? ValueRange.NonNegative : ValueRange.All : a / b;
            case Operation.Remainder:
                return a.Low >= 0 ? ValueRange.NonNegative : ValueRange.All;
            case Operation.Negate:
                return -a;
            case Operation.Convert:
                return node.Type != ScalarType.Int32 ? a : a.Low >= 1 ? ValueRange.FromOne : a.Low >= 0 ? ValueRange.NonNegative : ValueRange.All;
            case Operation.Sqrt:
                return a.Sqrt();
            case Operation.Abs:
                return a.Abs();
            case Operation.Min:
                return ValueRange.Min(a, b);
            case Operation.Max:
                return ValueRange.Max(a, b);
            case Operation.Clamp:
                return ValueRange.Max(ValueRange.Min(a, c), b);
            case Operation.CopySign:
                return b.Low >= 0 ? a.Abs() : ValueRange.All;
            case Operation.Sign:
                return a.HasZero ? new ValueRange(a.Low < 0 ? -1 : 0, a.High > 0 ? 1 : 0) : ValueRange.Point(a.Low >= 0 ? 1 : -1);
            case Operation.Floor or Operation.Ceiling or Operation.Truncate or Operation.Round:
                return a.Low >= 1 ? ValueRange.FromOne : a.Low >= 0 ? ValueRange.NonNegative : ValueRange.All;
            case Operation.FusedMultiplyAdd:
                return (node.A == node.B ? a.Square() : a * b) + c;
            case Operation.Conditional:
                return ValueRange.Either(b, c);
            default:
                return LaterOperations.RangeOf(node.Operation, a);
        }
    }
}
