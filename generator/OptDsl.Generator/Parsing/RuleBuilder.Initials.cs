using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>What states hold before the first step.</summary>
internal sealed partial class RuleBuilder
{
    private readonly Dictionary<(Operation Memory, int Slot), int> initialNodes = [];
    private readonly HashSet<(Operation Memory, int Slot)> openInitials = [];

    // Of initial values that a property of the rule computes.
    private readonly List<CheckSpec> sourceChecks = [];

    /// <summary>What a buffer or carried value holds before the first step.</summary>
    private int InitialOf(Operation memory, int slot, DiagnosticSink sink)
    {
        if (initialNodes.TryGetValue((memory, slot), out int known))
        {
            return known;
        }

        (int member, ScalarType type, bool isFactor) = memory == Operation.Buffer
            ? (buffers[slot].Member, element, false)
            : (carried[slot].Member, carried[slot].Type, carried[slot].Role is MemoryRole.Correction or MemoryRole.DecayProduct);
        if (isFactor || member < 0 || members[member].Initial is not { } initial)
        {
            return initialNodes[(memory, slot)] = isFactor ? graph.Constant(1.0, element) : Initial(member, type);
        }

        if (!openInitials.Add((memory, slot)))
        {
            sink.Report(DiagnosticDescriptors.MembersInCycle, members[member].ArgumentLocation("Initial"), members[member].Name,
                $"its content before the first step depends on itself, through '{InitialName(members[member])}'", "begin with a constant");
            return graph.Default(type);
        }

        int node = InFirstStep(Value(initial), members[member], sink);
        openInitials.Remove((memory, slot));
        return initialNodes[(memory, slot)] = To(node, type);
    }

    /// <summary>A value in the first step: what is read of the past is what the states held before it.</summary>
    private int InFirstStep(int node, MemberDeclaration member, DiagnosticSink sink) => graph.Rewrite(node, leaf => leaf.Operation switch
    {
        Operation.Buffer or Operation.Carried => InitialOf(leaf.Operation, (int)leaf.Bits, sink),
        Operation.PointGradient => RefusePointGradient(member, sink),
        _ => -1,
    });

    /// <summary>What the members that give initial values, and those they read, can throw at in the first step.</summary>
    private IEnumerable<CheckSpec> InitialChecks(DiagnosticSink sink)
    {
        IEnumerable<CheckSpec> all = sourceChecks;
        foreach (MemberDeclaration member in members.Where(member => member.HasMemory && member.InitialMember >= 0))
        {
            var reached = new HashSet<int>();
            var pending = new Stack<int>([member.InitialMember]);
            while (pending.Count > 0)
            {
                int index = pending.Pop();
                if (reached.Add(index))
                {
                    foreach (int read in members[index].Inputs.Where(input => input is { Kind: InputKind.Member, Previous: false })
                        .Select(input => input.Member)
                        .Concat(members[index].SettingMember < 0 ? [] : [members[index].SettingMember]))
                    {
                        pending.Push(read);
                    }
                }
            }

            all = all.Concat(reached.OrderBy(index => index).SelectMany(index => checks[index])
                .Select(check => check.Map(node => InFirstStep(node, member, sink))));
        }

        return [.. all.Distinct()];
    }

    private string InitialName(MemberDeclaration member) => member.InitialInput ?? members[member.InitialMember].Name;

    private int RefusePointGradient(MemberDeclaration member, DiagnosticSink sink)
    {
        sink.Report(DiagnosticDescriptors.NamesNothing, member.ArgumentLocation("Initial"), "Initial", member.Name, InitialName(member),
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
            translator.ReportLostRemainders(members[member].ArgumentSyntax("Initial"));
            return graph.Constant(initial.Constant, type);
        }

        translator.TakeChecks();
        int source = translator.ReadMember(initial.Source, members[member].ArgumentLocation("Initial"));
        sourceChecks.AddRange(translator.TakeChecks());
        return source == ExpressionTranslator.Failed ? graph.Default(type) : To(source, type);
    }
}
