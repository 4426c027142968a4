using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>Gradients at several points.</summary>
internal sealed partial class RuleBuilder
{
    /// <summary>
    /// The members in the order in which a kernel's passes know them, so that the declaration takes gradients at several points in
    /// the order in which the kernel does. Each still follows those it reads.
    /// </summary>
    private List<int> InLevels(List<int> order)
    {
        if (extras.Where(extra => extra.Extra == ExtraKind.GradientAt).Select(extra => extra.Member).Distinct().Count() < 2)
        {
            return order;
        }

        var levels = new Levels(graph);
        var known = new Dictionary<int, int>();
        foreach (int index in order)
        {
            MemberDeclaration member = members[index];
            IEnumerable<int> reads = member.Inputs.Select(LevelOf).Append(Known(member.SettingMember)).Append(Known(member.InitialMember));
            known[index] = reads.Append(levels.Of(values[index])).Max();
        }

        return [.. order.OrderBy(index => known[index])];

        int Known(int member) => member < 0 ? 0 : known[member];

        int LevelOf(InputSpec input) => input.Kind switch
        {
            InputKind.Member => Known(input.Previous ? members[input.Member].InitialMember : input.Member),
            InputKind.Extra when !input.Previous && extras[input.Member].Member >= 0 => Known(extras[input.Member].Member) + 1,
            _ => 0,
        };
    }
}
