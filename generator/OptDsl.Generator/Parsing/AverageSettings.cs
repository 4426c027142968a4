using Microsoft.CodeAnalysis;
using OptDsl.Generator.Diagnostics;
using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>
/// How a running average averages: by a decay, over a window or with a weight; each the name of a property or field of the
/// rule, and of a decay or weight also of a member.
/// </summary>
internal sealed record AverageSettings(ISymbol Source, ScalarType Type, Averaging Averaging, int Member)
{
    private static readonly Averaging[] Kinds = [Averaging.Decay, Averaging.Window, Averaging.Weight];

    internal bool IsWindow => Averaging == Averaging.Window;

    /// <summary>Where the setting is read.</summary>
    internal ValuePath Path
        => new(Source.IsStatic ? Source.ContainingType.ToDisplayString(FormatFor(Source.ContainingType)) : "", Source.Name,
            Source.IsStatic);

    /// <summary>
    /// Where a type parameter hides one of a type around it, that one cannot be named: inside of the type its own name does.
    /// </summary>
    private static SymbolDisplayFormat FormatFor(INamedTypeSymbol type)
    {
        var names = new HashSet<string>();
        bool hides = false;
        for (INamedTypeSymbol? layer = type; layer is not null; layer = layer.ContainingType)
        {
            hides |= layer.TypeParameters.Any(parameter => !names.Add(parameter.Name));
        }

        return hides ? SymbolDisplayFormat.MinimallyQualifiedFormat : SymbolDisplayFormat.FullyQualifiedFormat;
    }

    /// <summary>The settings of a running average; null for another member, and where they are wrong.</summary>
    internal static AverageSettings? Read(MemberDeclaration member, List<MemberDeclaration> members, RefusedMembers refused,
        INamedTypeSymbol type, RuleMembers values, DiagnosticSink sink)
    {
        if (member.Role != MemberRole.RunningAverage)
        {
            return null;
        }

        Averaging[] set = [.. Kinds.Where(kind => RuleAttributes.Setting(member.Attribute, kind) is not null)];
        if (set.Length != 1)
        {
            sink.Report(DiagnosticDescriptors.NotExactlyOneAveraging, RoleReader.AttributeLocation(member.Attribute), member.Name,
                set.Length == 0 ? "none" : string.Join(" and ", set.Select(RuleAttributes.NameOf)),
                    set.Length == 0 ? "set Decay, Window or Weight = nameof(...)" : "keep one");
            return null;
        }

        Averaging averaging = set[0];
        string property = RuleAttributes.NameOf(averaging);
        TypedConstant argument = RuleAttributes.Setting(member.Attribute, averaging)!.Value;
        if (averaging != Averaging.Decay && member.Corrected)
        {
            sink.Report(DiagnosticDescriptors.WindowWithCorrection, member.ArgumentLocation("Correction"), member.Name,
                averaging == Averaging.Window ? "averages over a window, which is unbiased from the first step"
                    : "averages with weights of its own, which no power of a decay corrects");
        }

        string? name = argument is { Kind: TypedConstantKind.Primitive, Value: string text } ? text : null;
        int index = averaging == Averaging.Window ? -1 : members.FindIndex(other => other.Name == name);
        if (index >= 0)
        {
            return OfMember(member, members[index], index, averaging, property, sink);
        }

        if (name is not null && refused.Has(Names.Camel(name)))
        {
            sink.MarkInvalid();
            return null;
        }

        if (argument is { IsNull: false, Kind: TypedConstantKind.Array } or { IsNull: false, Value: not string })
        {
            string number = argument.Kind == TypedConstantKind.Array ? "an array"
                : Convert.ToString(argument.Value, System.Globalization.CultureInfo.InvariantCulture) ?? "";
            sink.Report(DiagnosticDescriptors.NamesNothing, member.ArgumentLocation(property), property, member.Name, number,
                "is a value, not a name",
                    $"give the rule a hyperparameter, such as 'double {(averaging == Averaging.Window ? "Window" : "Beta")} = {number}', and name it with nameof");
            return null;
        }

        ISymbol? source = values.Find(name);
        if (source is null || KnownTypes.ScalarOf(RuleMembers.TypeOf(source)) is not { } scalar || scalar == ScalarType.Boolean
            || (averaging != Averaging.Window && scalar == ScalarType.Int32))
        {
            sink.Report(DiagnosticDescriptors.NamesNothing, member.ArgumentLocation(property), property, member.Name, name ?? "null",
                source is null ? $"is not a property{(averaging == Averaging.Window ? "" : ", member")} or field of '{type.Name}'"
                    : averaging == Averaging.Window ? "is not a number" : "is not a double or float",
                averaging == Averaging.Window ? "name a hyperparameter with nameof" : "name a hyperparameter or a member with nameof");
            return null;
        }

        return new AverageSettings(source, scalar, averaging, -1);
    }

    private static AverageSettings? OfMember(MemberDeclaration member, MemberDeclaration source, int index, Averaging averaging,
        string property, DiagnosticSink sink)
    {
        if (!source.Type.IsFloating() || source == member)
        {
            sink.Report(DiagnosticDescriptors.NamesNothing, member.ArgumentLocation(property), property, member.Name, source.Name,
                source == member ? "is the average itself" : "is not a double or float",
                    "name a hyperparameter or another member with nameof");
            return null;
        }

        member.SettingMember = index;
        return new AverageSettings(source.Method, source.Type, averaging, index);
    }
}
