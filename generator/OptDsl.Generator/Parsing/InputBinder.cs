using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>
/// Binds the inputs of members by name, infers which members are uniform, and puts members in an order in which each
/// follows those it reads.
/// </summary>
internal sealed class InputBinder(INamedTypeSymbol rule, RuleMembers values, RefusedMembers refused, List<MemberDeclaration> members,
    ExtraInputs extras, ScalarType element, DiagnosticSink sink)
{
    private static readonly Dictionary<string, InputKind> BuiltIn = new()
    {
        ["parameter"] = InputKind.Parameter,
        ["gradient"] = InputKind.Gradient,
        ["step"] = InputKind.Step,
        ["loss"] = InputKind.Loss,
        ["rows"] = InputKind.Rows,
        ["columns"] = InputKind.Columns,
        ["count"] = InputKind.Count,
        ["rank"] = InputKind.Rank,
    };

    private readonly Dictionary<string, int> byInput = [];

    internal static bool IsBuiltIn(string name) => BuiltIn.ContainsKey(name);

    internal void Bind()
    {
        for (int i = members.Count - 1; i >= 0; i--)
        {
            byInput[members[i].InputName] = i;
        }

        foreach (MemberDeclaration member in members)
        {
            // Two inputs of a member cannot have one name, so neither can two suggestions.
            var taken = new HashSet<string>(member.Method.Parameters.Select(parameter => parameter.Name));
            foreach (IParameterSymbol parameter in member.Method.Parameters)
            {
                if (Find(parameter.Name) is { } input)
                {
                    member.Inputs.Add(input);
                }
                else if (refused.Has(parameter.Name))
                {
                    sink.MarkInvalid();
                }
                else
                {
                    ReportUnknown(member, parameter, taken);
                }
            }
        }

        BindInitials();
        if (sink.HasErrors)
        {
            return;
        }

        InferKinds();
        foreach (MemberDeclaration member in members)
        {
            CheckTypes(member);
            CheckKinds(member);
        }

        foreach (ExtraSpec extra in extras.All.Where(extra => extra.Member >= 0 && !members[extra.Member].PerElement))
        {
            sink.Report(DiagnosticDescriptors.MisplacedAttribute, members[extra.Member].Location, "GradientAt", members[extra.Member].Name,
                "the point does not differ from parameter to parameter; it must depend on 'parameter'");
        }
    }

    /// <summary>What states hold before the first step, where that is an input of theirs.</summary>
    private void BindInitials()
    {
        foreach (MemberDeclaration member in members.Where(member => member.InitialInput is not null
            && member.Inputs.Count == member.Method.Parameters.Length))
        {
            InputSpec input = member.Inputs[member.Method.Parameters.ToList()
                .FindIndex(parameter => parameter.Name == member.InitialInput)];
            if (input.Previous || TypeOf(input) != element)
            {
                sink.Report(DiagnosticDescriptors.NamesNothing, member.ArgumentLocation("Initial"), "Initial", member.Name,
                    member.InitialInput!,
                    input.Previous ? "has no value before the first step" : "is not a number of the rule's element",
                        "give a number, or name a hyperparameter, a member or another input with nameof");
            }
            else
            {
                member.Initial = input;
            }
        }
    }

    /// <summary>The members' indices, each after those it reads; empty, with a diagnostic, where they form a cycle.</summary>
    internal List<int> Order()
    {
        var order = new List<int>();
        var done = new HashSet<int>();
        for (int i = 0; i < members.Count; i++)
        {
            if (!Visit(i, order, done))
            {
                return [];
            }
        }

        return order;
    }

    /// <summary>
    /// Visits a member after those it reads; on an explicit stack, because a rule may chain more than the thread's would hold.
    /// </summary>
    private bool Visit(int root, List<int> order, HashSet<int> done)
    {
        var path = new List<(int Member, int Next)> { (root, 0) };
        var open = new HashSet<int> { root };
        while (path.Count > 0)
        {
            (int index, int next) = path[path.Count - 1];
            List<int> reads = ReadsNow(members[index]);
            if (next == reads.Count || done.Contains(index))
            {
                path.RemoveAt(path.Count - 1);
                open.Remove(index);
                if (done.Add(index))
                {
                    order.Add(index);
                }

                continue;
            }

            path[path.Count - 1] = (index, next + 1);
            int read = reads[next];
            if (done.Contains(read))
            {
                continue;
            }

            if (!open.Add(read))
            {
                ReportCycle(index, next, [.. path.Select(step => step.Member).SkipWhile(member => member != read)]);
                return false;
            }

            path.Add((read, 0));
        }

        return true;
    }

    private void ReportCycle(int index, int next, List<int> cycle)
    {
        int start = cycle[0], reduction = cycle.FindIndex(member => members[member].Role == MemberRole.Reduce);
        var inputs = members[index].Inputs.Select((input, place) => (Input: input, Place: place)).Where(pair => TargetOf(pair.Input) >= 0)
            .ToList();
        Location location = next < inputs.Count ? members[index].Method.Parameters[inputs[next].Place].Locations[0]
            : members[index].Location;
        string name = members[reduction >= 0 ? cycle[reduction] : start].Name;
        string? point = null;
        var words = new StringBuilder(members[start].Name);
        for (int i = 0; i < cycle.Count; i++)
        {
            int read = cycle[(i + 1) % cycle.Count];
            string? gradient = GradientRead(members[cycle[i]], read);
            point ??= gradient;
            words.Append(gradient is null ? $" reads {members[read].Name}" : $" reads {gradient}, the gradient at {members[read].Name}");
        }

        string advice = "read the value of the previous step instead, as " + (point is null ? $"'{Names.Previous}{members[start].Name}'"
            : $"'{Names.Previous}{Names.Pascal(point)}', or the gradient at the parameters, 'gradient'");
        sink.Report(reduction >= 0 ? DiagnosticDescriptors.ReductionInCycle : DiagnosticDescriptors.MembersInCycle, location,
            name, words.ToString(), advice);
    }

    /// <summary>The input by which a member reads the gradient at another one and not that one itself; null where it reads it.</summary>
    private string? GradientRead(MemberDeclaration member, int point)
        => member.Inputs.Exists(input => input is { Kind: InputKind.Member, Previous: false } && input.Member == point) ? null
            : member.Inputs.Where(input => input is { Kind: InputKind.Extra, Previous: false } && extras.All[input.Member].Member == point)
                .Select(input => extras.All[input.Member].Name).FirstOrDefault();

    /// <summary>The members that a member needs in the same step: first those its inputs read, then those its attribute names.</summary>
    private List<int> ReadsNow(MemberDeclaration member)
    {
        List<int> reads = [.. member.Inputs.Select(TargetOf).Where(target => target >= 0)];
        reads.AddRange(new[] { member.SettingMember, member.InitialMember }.Where(target => target >= 0 && members[target] != member));
        return reads;
    }

    /// <summary>The member an input needs in this step, or -1; of a past value it is what the first step takes in its place.</summary>
    private int TargetOf(InputSpec input)
        => input.Kind == InputKind.Member ? input.Previous ? members[input.Member].InitialMember : input.Member
        : input.Kind == InputKind.Correction && members[input.Member].SettingMember >= 0 ? input.Member
        : input is { Kind: InputKind.Extra, Previous: false } ? extras.All[input.Member].Member
        : -1;

    private InputSpec? Find(string name)
    {
        if (BuiltIn.TryGetValue(name, out InputKind kind))
        {
            return new InputSpec(kind, -1, Previous: false);
        }

        if (byInput.TryGetValue(name, out int index))
        {
            return new InputSpec(InputKind.Member, index, Previous: false);
        }

        if (extras.Find(name) is >= 0 and int extra)
        {
            return new InputSpec(InputKind.Extra, extra, Previous: false);
        }

        if (name.EndsWith(Names.Correction, StringComparison.Ordinal)
            && byInput.TryGetValue(name.Substring(0, name.Length - Names.Correction.Length), out int average) && members[average].Decays)
        {
            return new InputSpec(InputKind.Correction, average, Previous: false);
        }

        if (name.Length > Names.Previous.Length && name.StartsWith(Names.Previous, StringComparison.Ordinal)
            && !char.IsLower(name[Names.Previous.Length]))
        {
            return Find(Names.Camel(name.Substring(Names.Previous.Length))) is { Previous: false, Kind: not InputKind.Correction } input
                ? input with { Previous = true } : null;
        }

        return null;
    }

    private void ReportUnknown(MemberDeclaration member, IParameterSymbol parameter, HashSet<string> taken)
    {
        var known = BuiltIn.Keys.Concat(members.Select(other => other.InputName)).Concat(extras.All.Select(extra => extra.Name)).ToList();
        (string advice, string? nearest) = new NameAdvice(rule, values, members, member, known, taken).For(parameter.Name);
        var properties = ImmutableDictionary<string, string?>.Empty;
        if (nearest is not null)
        {
            taken.Add(nearest);
            properties = properties.Add(DiagnosticProperties.Suggestion, nearest);
        }

        bool past = parameter.Name.StartsWith(Names.Previous, StringComparison.Ordinal);
        sink.Report(DiagnosticDescriptors.UnknownInput, parameter.Locations[0], [], properties,
        [
            parameter.Name, member.Name,
            past ? ", nor the previous value of one" : "",
            advice,
        ]);
    }

    /// <summary>
    /// A member is as fine as its finest input, its own past ignored, and as what its attribute names; a reduction is as its scope.
    /// </summary>
    private void InferKinds()
    {
        foreach (MemberDeclaration member in members.Where(member => member.Role == MemberRole.Reduce))
        {
            member.Kind = member.Reduction.Kind;
        }

        for (bool changed = true; changed;)
        {
            changed = false;
            for (int i = 0; i < members.Count; i++)
            {
                MemberDeclaration member = members[i];
                if (member.Role == MemberRole.Reduce)
                {
                    continue;
                }

                Kind kind = member.Inputs.Where(input => input.Kind != InputKind.Member || input.Member != i).Select(KindOf)
                    .Concat(member.SettingMember >= 0 ? [members[member.SettingMember].Kind] : [])
                    .Concat(member.Initial is { } initial ? [KindOf(initial)] : [])
                    .Aggregate(member.Kind, Kinds.Join);
                changed |= kind != member.Kind;
                member.Kind = kind;
            }
        }
    }

    private Kind KindOf(InputSpec input) => input.Kind switch
    {
        InputKind.Member => members[input.Member].Kind,
        InputKind.Extra => extras.All[input.Member].Kind,
        InputKind.Correction => members[input.Member].SettingMember is >= 0 and int decay ? members[decay].Kind : Kind.Group,
        InputKind.Parameter or InputKind.Gradient => Kind.Parameter,
        InputKind.Rows or InputKind.Columns or InputKind.Count or InputKind.Rank => Kind.Tensor,
        _ => Kind.Group,
    };

    /// <summary>What an attribute names must be as fine as it may be, and a reduction's scope one there is.</summary>
    private void CheckKinds(MemberDeclaration member)
    {
        if (member.Role == MemberRole.Reduce && member.Reduction.Scope == ScopeKind.Parameter)
        {
            sink.Report(DiagnosticDescriptors.MisplacedAttribute, member.ArgumentLocation("Scope"), "Reduce", member.Name,
                "a single parameter cannot be reduced; set Scope to Row, Column, Tensor, Group or Global");
        }

        if (member.SettingMember >= 0 && member.Decays && members[member.SettingMember].PerElement)
        {
            sink.Report(DiagnosticDescriptors.NamesNothing, member.ArgumentLocation("Decay"), "Decay", member.Name,
                members[member.SettingMember].Name,
                "differs from parameter to parameter", "use Weight, with one minus the decay");
        }
    }

    private void CheckTypes(MemberDeclaration member)
    {
        if (member is { PerElement: true, Type: ScalarType.Int32 })
        {
            sink.Report(DiagnosticDescriptors.ElementTypeNotSupported,
                ((MethodDeclarationSyntax)member.Method.DeclaringSyntaxReferences[0].GetSyntax()).ReturnType.GetLocation(),
                member.Name, "int", "it differs from parameter to parameter, where a lane holds " + element.Keyword());
        }

        for (int i = 0; i < member.Inputs.Count; i++)
        {
            IParameterSymbol parameter = member.Method.Parameters[i];
            InputSpec input = member.Inputs[i];
            ScalarType source = TypeOf(input);
            Location type = ((ParameterSyntax)parameter.DeclaringSyntaxReferences[0].GetSyntax()).Type!.GetLocation();
            if (KnownTypes.ScalarOf(parameter.Type) != source)
            {
                if (parameter.Type.TypeKind == TypeKind.Error)
                {
                    sink.MarkInvalid();
                    continue;
                }

                sink.Report(DiagnosticDescriptors.InputOfWrongType, type, parameter.Name,
                    parameter.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat), member.Name, source.Keyword(),
                        $"declare it as {source.Keyword()}");
            }
            else if (input.Previous && source == ScalarType.Boolean && input.Kind == InputKind.Member && members[input.Member].PerElement)
            {
                sink.Report(DiagnosticDescriptors.InputOfWrongType, type, parameter.Name, "bool", member.Name,
                    "a condition that differs from parameter to parameter, which cannot be stored",
                        $"return 1 or 0 from '{members[input.Member].Name}' instead");
            }
        }
    }

    private ScalarType TypeOf(InputSpec input) => input.Kind switch
    {
        InputKind.Step or InputKind.Rows or InputKind.Columns or InputKind.Count or InputKind.Rank => ScalarType.Int32,
        InputKind.Member => members[input.Member].Type,
        _ => element,
    };
}
