using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>
/// Binds the inputs of members by name, infers which members are uniform, and puts members in an order in which each
/// follows those it reads.
/// </summary>
internal sealed class InputBinder(List<MemberDeclaration> members, ScalarType element, DiagnosticSink sink)
{
    private static readonly Dictionary<string, InputKind> BuiltIn = new()
    {
        ["parameter"] = InputKind.Parameter,
        ["gradient"] = InputKind.Gradient,
        ["step"] = InputKind.Step,
    };

    private readonly Dictionary<string, int> byInput = [];

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
                else
                {
                    ReportUnknown(member, parameter, taken);
                }
            }
        }

        if (sink.HasErrors)
        {
            return;
        }

        InferKinds();
        foreach (MemberDeclaration member in members)
        {
            CheckTypes(member);
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

    /// <summary>Visits a member after those it reads; on an explicit stack, because a rule may chain more than the thread's would hold.</summary>
    private bool Visit(int root, List<int> order, HashSet<int> done)
    {
        var path = new List<(int Member, int Next)> { (root, 0) };
        var open = new HashSet<int> { root };
        while (path.Count > 0)
        {
            (int index, int next) = path[path.Count - 1];
            List<InputSpec> inputs = members[index].Inputs;
            if (next == inputs.Count || done.Contains(index))
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
            InputSpec input = inputs[next];
            if (input.Kind != InputKind.Member || input.Previous || done.Contains(input.Member))
            {
                continue;
            }

            if (!open.Add(input.Member))
            {
                IEnumerable<int> cycle = path.Select(step => step.Member).SkipWhile(member => member != input.Member).Append(input.Member);
                sink.Report(DiagnosticDescriptors.MembersInCycle, members[index].Method.Parameters[next].Locations[0],
                    members[input.Member].Name, string.Join(" reads ", cycle.Select(member => members[member].Name)), Names.Previous + members[input.Member].Name);
                return false;
            }

            path.Add((input.Member, 0));
        }

        return true;
    }

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

        if (name.Length > Names.Previous.Length && name.StartsWith(Names.Previous, StringComparison.Ordinal) && char.IsUpper(name[Names.Previous.Length]))
        {
            return Find(Names.Camel(name.Substring(Names.Previous.Length))) is { Previous: false } input ? input with { Previous = true } : null;
        }

        return null;
    }

    private void ReportUnknown(MemberDeclaration member, IParameterSymbol parameter, HashSet<string> taken)
    {
        var known = BuiltIn.Keys.Concat(members.Select(other => other.InputName)).ToList();
        var candidates = known.Concat(known.Select(name => Names.Previous + Names.Pascal(name)));
        string? nearest = Names.Nearest(parameter.Name, candidates.Where(name => !taken.Contains(name)));
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
            past ? ", nor the last step's value of one" : "",
            nearest is null ? $"name one of {string.Join(", ", known)}, or read a hyperparameter by its own name" : $"did you mean '{nearest}'?",
        ]);
    }

    /// <summary>A member is as fine as its finest input, its own past ignored; the update is always per parameter.</summary>
    private void InferKinds()
    {
        for (bool changed = true; changed;)
        {
            changed = false;
            for (int i = 0; i < members.Count; i++)
            {
                MemberDeclaration member = members[i];
                bool perElement = member.Role == MemberRole.Update || member.Inputs.Any(input => input.Kind switch
                {
                    InputKind.Member => input.Member != i && members[input.Member].PerElement,
                    InputKind.Step => false,
                    _ => true,
                });
                if (perElement && !member.PerElement)
                {
                    member.PerElement = changed = true;
                }
            }
        }
    }

    private void CheckTypes(MemberDeclaration member)
    {
        if (member is { PerElement: true, Type: ScalarType.Int32 })
        {
            sink.Report(DiagnosticDescriptors.ElementTypeNotSupported, ((MethodDeclarationSyntax)member.Method.DeclaringSyntaxReferences[0].GetSyntax()).ReturnType.GetLocation(),
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
                    parameter.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat), member.Name, source.Keyword(), $"declare it as {source.Keyword()}");
            }
            else if (input.Previous && source == ScalarType.Boolean && input.Kind == InputKind.Member && members[input.Member].PerElement)
            {
                sink.Report(DiagnosticDescriptors.InputOfWrongType, type, parameter.Name, "bool", member.Name,
                    "a condition that differs from parameter to parameter, which cannot be stored", $"return 1 or 0 from '{members[input.Member].Name}' instead");
            }
        }
    }

    private ScalarType TypeOf(InputSpec input) => input.Kind switch
    {
        InputKind.Step => ScalarType.Int32,
        InputKind.Member => members[input.Member].Type,
        _ => element,
    };
}
