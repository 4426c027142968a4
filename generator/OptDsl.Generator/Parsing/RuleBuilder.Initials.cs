using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>What states hold before the first step.</summary>
internal sealed partial class RuleBuilder
{
    private readonly Dictionary<(Operation Memory, int Slot), int> initialNodes = [];
    private readonly HashSet<(Operation Memory, int Slot)> openInitials = [];

    /// <summary>What a buffer or carried value holds before the first step.</summary>
    private int InitialOf(Operation memory, int slot, DiagnosticSink sink)
    {
        if (initialNodes.TryGetValue((memory, slot), out int known))
        {
            return known;
        }

        (int member, ScalarType type, bool isFactor) = memory == Operation.Buffer
            ? (buffers[slot].Member, element, false)
            : (carried[slot].Member, carried[slot].Type, carried[slot].Role is "" or Product);
        if (isFactor || member < 0 || members[member].InitialMember < 0)
        {
            return initialNodes[(memory, slot)] = isFactor ? graph.Constant(1.0, element) : Initial(member, type);
        }

        if (!openInitials.Add((memory, slot)))
        {
            sink.Report(DiagnosticDescriptors.MembersInCycle, members[member].ArgumentLocation("Initial"), members[member].Name,
                $"its content before the first step is made of itself, through '{members[members[member].InitialMember].Name}'", "a constant");
            return graph.Default(type);
        }

        // In the first step: what is read of the past is what the states held before it.
        int node = graph.Rewrite(values[members[member].InitialMember], leaf => leaf.Operation switch
        {
            Operation.Buffer or Operation.Carried => InitialOf(leaf.Operation, (int)leaf.Bits, sink),
            Operation.PointGradient => RefusePointGradient(members[member], sink),
            _ => -1,
        });
        openInitials.Remove((memory, slot));
        return initialNodes[(memory, slot)] = To(node, type);
    }

    private int RefusePointGradient(MemberDeclaration member, DiagnosticSink sink)
    {
        sink.Report(DiagnosticDescriptors.NamesNothing, member.ArgumentLocation("Initial"), "Initial", member.Name, members[member.InitialMember].Name,
            "depends on a gradient at another point", "name a member that is known before the gradient is taken again");
        return graph.Default(element);
    }

    private int Initial(int member, ScalarType type)
    {
        if (member < 0)
        {
            return graph.Default(type);
        }

        InitialValue initial = initials[member];
        if (initial.Source is null)
        {
            return graph.Constant(initial.Constant, type);
        }

        int source = translator.ReadMember(initial.Source, members[member].ArgumentLocation("Initial"));
        return source == ExpressionTranslator.Failed ? graph.Default(type) : To(source, type);
    }
}
