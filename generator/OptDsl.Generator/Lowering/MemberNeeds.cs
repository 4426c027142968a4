using OptDsl.Generator.Model;

namespace OptDsl.Generator.Lowering;

/// <summary>Which members are evaluated for what. A member is evaluated whole or not at all, as the author's method is.</summary>
internal static class MemberNeeds
{
    /// <summary>The members of a step: those that store something, and all they read.</summary>
    internal static HashSet<int> OfStep(RuleSpec rule)
    {
        var roots = Enumerable.Range(0, rule.Members.Count)
            .Where(member => rule.Members[member] is { Slot: >= 0 } or { Role: MemberRole.Update }).ToList();
        foreach (InputSpec kept in rule.Buffers.Where(buffer => buffer.Role == MemoryRole.Previous).Select(buffer => buffer.Previous)
            .Concat(rule.Carried.Where(value => value.Role == MemoryRole.Previous).Select(value => value.Previous)))
        {
            roots.Add(TargetOf(rule, kept));
        }

        if (rule.Buffers.Any(buffer => buffer.Role == MemoryRole.ReadAt))
        {
            roots.Add(IndexOf(rule, MemberRole.ReadAt));
        }

        return Of(rule, roots);
    }

    /// <summary>The members that give what states hold before the first step, and all they read.</summary>
    internal static HashSet<int> OfInitials(RuleSpec rule)
        => Of(rule,
            rule.Members.Where(member => member is { Slot: >= 0, Initial: not null })
                .Select(member => TargetOf(rule, member.Initial!.Value)));

    /// <summary>The members of a search direction.</summary>
    internal static HashSet<int> OfDirection(RuleSpec rule) => Of(rule, [IndexOf(rule, MemberRole.SearchDirection)]);

    /// <summary>The members of a step that is observed.</summary>
    internal static HashSet<int> OfObservedStep(RuleSpec rule)
    {
        HashSet<int> all = OfStep(rule);
        all.UnionWith(
            Of(rule, Enumerable.Range(0, rule.Members.Count)
                .Where(member => rule.Observed.Any(observed => observed.Name == rule.Members[member].Name))));
        return all;
    }

    /// <summary>The member an input needs in this step, or -1.</summary>
    private static int TargetOf(RuleSpec rule, InputSpec input) => input.Kind switch
    {
        InputKind.Member => input.Member,
        InputKind.Correction when rule.Members[input.Member].SettingMember >= 0 => input.Member,
        InputKind.Extra => rule.Extras[input.Member].Member,
        _ => -1,
    };

    private static int IndexOf(RuleSpec rule, MemberRole role) => rule.Members.Select(member => member.Role).ToList().IndexOf(role);

    private static HashSet<int> Of(RuleSpec rule, IEnumerable<int> roots)
    {
        var reached = new HashSet<int>();
        var pending = new Stack<int>(roots);
        while (pending.Count > 0)
        {
            int index = pending.Pop();
            if (index < 0 || !reached.Add(index))
            {
                continue;
            }

            MemberSpec member = rule.Members[index];
            foreach (int read in member.Inputs.Where(input => !input.Previous).Select(input => TargetOf(rule, input))
                .Append(member.SettingMember))
            {
                pending.Push(read);
            }
        }

        return reached;
    }
}
