using Microsoft.CodeAnalysis;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>
/// The inputs that an attribute declares: buffers and numbers of the caller, draws, gradients at other points. Declared on one
/// parameter, an input is read by its name in other members, too.
/// </summary>
internal sealed class ExtraInputs
{
    private readonly Dictionary<string, int> byName = new(StringComparer.Ordinal);

    internal ExtraInputs(List<MemberDeclaration> members, DiagnosticSink sink)
    {
        foreach (MemberDeclaration member in members)
        {
            foreach (IParameterSymbol parameter in member.Method.Parameters)
            {
                Read(parameter, member, members, sink);
            }
        }
    }

    internal List<ExtraSpec> All { get; } = [];

    /// <summary>The index of the input of that name, or -1.</summary>
    internal int Find(string name) => byName.TryGetValue(name, out int index) ? index : -1;

    private void Read(IParameterSymbol parameter, MemberDeclaration member, List<MemberDeclaration> members, DiagnosticSink sink)
    {
        var declared = parameter.GetAttributes().Select(attribute => (Attribute: attribute, Extra: KnownTypes.ExtraOf(attribute)))
            .Where(pair => pair.Extra is not null).ToList();
        if (declared.Count == 0)
        {
            return;
        }

        (AttributeData attribute, ExtraKind extra) = (declared[0].Attribute, declared[0].Extra!.Value);
        int target = extra == ExtraKind.GradientAt ? Target(attribute, members) : -1;
        string? problem = declared.Count > 1 ? $"'{parameter.Name}' also has [{declared[1].Extra}], and an input can have only one such attribute; keep one"
            : InputBinder.IsBuiltIn(parameter.Name) ? $"'{parameter.Name}' is a built-in input; give it another name"
            : members.Exists(other => other.InputName == parameter.Name)
            ? $"'{parameter.Name}' reads the member '{members.Find(other => other.InputName == parameter.Name)!.Name}'; give it another name"
            : parameter.Name.StartsWith(Names.Previous, StringComparison.Ordinal)
            ? "an input 'previousX' reads the previous value of X; give it another name"
            : extra == ExtraKind.GradientAt && target < 0 && NamesUpdate(attribute, members)
                ? "the point must not be the update, which is where the step ends; name a [Derived] member that depends on 'parameter'"
            : extra == ExtraKind.GradientAt
            && target < 0 ? "it must name a member that differs from parameter to parameter and has no memory; use nameof"
            : null;
        var spec = new ExtraSpec(parameter.Name, extra, ScopeOf(attribute), target);
        if (problem is null && byName.TryGetValue(parameter.Name, out int known) && All[known] != spec)
        {
            problem = $"'{parameter.Name}' is declared differently in another member; declare it in the same way, or give it another name";
        }

        if (problem is not null)
        {
            sink.Report(DiagnosticDescriptors.MisplacedAttribute, RoleReader.AttributeLocation(attribute), extra, member.Name, problem);
        }

        // Known all the same, so that one mistake is one diagnostic.
        if (!byName.ContainsKey(parameter.Name))
        {
            byName.Add(parameter.Name, All.Count);
            All.Add(spec);
        }
    }

    private static int Target(AttributeData attribute, List<MemberDeclaration> members)
    {
        string? name = RuleAttributes.Text(attribute);
        return members.FindIndex(member => member.Name == name && member.Role is MemberRole.Derived or MemberRole.Rate
            && member.Type.IsFloating());
    }

    private static bool NamesUpdate(AttributeData attribute, List<MemberDeclaration> members)
        => members.Exists(member => member.Role == MemberRole.Update && member.Name == RuleAttributes.Text(attribute));

    private static ScopeKind ScopeOf(AttributeData attribute)
        => RuleAttributes.Scope(attribute) ?? ScopeKind.Parameter;
}
