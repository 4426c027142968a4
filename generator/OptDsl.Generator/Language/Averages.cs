using OptDsl.Generator.Model;

namespace OptDsl.Generator.Language;

/// <summary>What the report says of running averages.</summary>
internal static class Averages
{
    /// <summary>
    /// The nodes of an average's decay or window, of what it held before the step and of its sample, as the parser builds
    /// averages; null for another member, or another shape.
    /// </summary>
    internal static (int Setting, int Past, int Sample)? PartsOf(RuleSpec rule, MemberSpec member)
    {
        if (member.Averaging is Averaging.None or Averaging.Weight || member.Stored < 0
            || rule.Nodes[member.Stored] is not { Operation: Operation.Add } sum)
        {
            return null;
        }

        // Over a window: past + (sample - past) * weight; with a decay: decay * past + (1 - decay) * sample.
        Expression left = rule.Nodes[sum.A], right = rule.Nodes[sum.B];
        if (right.Operation != Operation.Multiply)
        {
            return null;
        }

        if (member.Averaging == Averaging.Window)
        {
            return rule.Nodes[right.A] is { Operation: Operation.Subtract } change && change.B == sum.A
                && rule.Nodes[Unconverted(rule, right.B)] is { Operation: Operation.Weight } weight
                ? (Unconverted(rule, weight.A), sum.A, change.A)
                : null;
        }

        return left.Operation == Operation.Multiply ? (Unconverted(rule, left.A), left.B, right.B) : null;
    }

    /// <summary>The node of an average's decay or window; null for another member, or another shape.</summary>
    internal static int? SettingOf(RuleSpec rule, MemberSpec member) => PartsOf(rule, member)?.Setting;

    /// <summary>
    /// After how many steps half of a sample is forgotten, at the default of the decay or window; null where that is not known.
    /// </summary>
    internal static double? HalfLifeOf(RuleSpec rule, MemberSpec member)
    {
        if (SettingOf(rule, member) is not { } setting || Constants.AtDefaults(rule, setting) is not { } value)
        {
            return null;
        }

        double decay = member.Averaging == Averaging.Window ? 1 - (1 / value) : value;
        return decay == 0 ? 0 : decay > 0 && decay < 1 ? Math.Log(0.5) / Math.Log(decay) : null;
    }

    private static int Unconverted(RuleSpec rule, int node)
    {
        while (rule.Nodes[node].Operation == Operation.Convert)
        {
            node = rule.Nodes[node].A;
        }

        return node;
    }
}
