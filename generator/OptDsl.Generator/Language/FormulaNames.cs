using OptDsl.Generator.Model;

namespace OptDsl.Generator.Language;

/// <summary>A rule's formulas in terms of its members alone: the locals of their bodies are named in the kernel's comments.</summary>
internal static class FormulaNames
{
    /// <summary>The name of a buffer's content before the step.</summary>
    internal static string PreviousName(BufferSpec buffer) => buffer.Role == MemoryRole.Previous ? Names.Camel(buffer.Name)
        : "previous" + buffer.Name;

    /// <summary>The name of a carried value before the step.</summary>
    internal static string PreviousName(CarriedSpec value) => value.Role == MemoryRole.Previous ? Names.Camel(value.Name)
        : "previous" + value.Name;

    internal static Dictionary<int, string> Of(RuleSpec rule)
    {
        var names = new Dictionary<int, string>();
        foreach (MemberSpec member in rule.Members)
        {
            // A member that is a built-in input goes by that.
            if (rule.Nodes[member.Value].Operation is Operation.Parameter or Operation.Gradient or Operation.Step or Operation.Constant
                or Operation.Hyperparameter)
            {
                continue;
            }

            string name = Names.Camel(member.Name);
            names[member.Value] = member.Corrected ? name + "Corrected" : name;
            if (member.Stored >= 0)
            {
                names[member.Stored] = name;
            }
        }

        for (int i = 0; i < rule.Nodes.Count; i++)
        {
            if (rule.Nodes[i].Operation is Operation.Buffer)
            {
                names[i] = PreviousName(rule.Buffers[(int)rule.Nodes[i].Bits]);
            }
            else if (rule.Nodes[i].Operation is Operation.Input or Operation.Noise)
            {
                names[i] = rule.Extras[(int)rule.Nodes[i].Bits].Name;
            }
            else if (rule.Nodes[i].Operation is Operation.Carried)
            {
                names[i] = PreviousName(rule.Carried[(int)rule.Nodes[i].Bits]);
            }
        }

        return names;
    }
}
