using OptDsl.Generator.Model;

namespace OptDsl.Generator.Emission;

/// <summary>
/// The members that only give other members' content before the first step. A kernel evaluates them in the first step and never again, and
/// what they would throw later must not matter to the declaration either.
/// </summary>
internal static class FirstStepMembers
{
    internal static HashSet<int> Of(RuleSpec rule)
    {
        HashSet<int> initial = Closure(rule, Enumerable.Range(0, rule.Members.Count).Select(member => rule.Members[member].InitialMember).Where(member => member >= 0));
        if (initial.Count == 0)
        {
            return initial;
        }

        IEnumerable<int> kept = rule.Buffers.Where(buffer => buffer.Role == "Previous").Select(buffer => buffer.Previous)
            .Concat(rule.Carried.Where(value => value.Role == "Previous").Select(value => value.Previous))
            .Where(input => input.Kind == InputKind.Member).Select(input => input.Member);
        IEnumerable<int> points = rule.Extras.Select(extra => extra.Member).Where(member => member >= 0);
        IEnumerable<int> others = Enumerable.Range(0, rule.Members.Count).Where(member => !initial.Contains(member) || rule.Members[member].Role is not (MemberRole.Derived or MemberRole.Rate or MemberRole.Reduce));
        initial.ExceptWith(Closure(rule, kept.Concat(points).Concat(others)));
        return initial;
    }

    /// <summary>The given members and all whose values of the same step they need, in any step.</summary>
    private static HashSet<int> Closure(RuleSpec rule, IEnumerable<int> members)
    {
        var found = new HashSet<int>();
        var pending = new Stack<int>(members);
        while (pending.Count > 0)
        {
            int member = pending.Pop();
            if (!found.Add(member))
            {
                continue;
            }

            foreach (InputSpec input in rule.Members[member].Inputs)
            {
                if (input is { Kind: InputKind.Member, Previous: false })
                {
                    pending.Push(input.Member);
                }
            }

            if (rule.Members[member].SettingMember >= 0)
            {
                pending.Push(rule.Members[member].SettingMember);
            }
        }

        return found;
    }
}
