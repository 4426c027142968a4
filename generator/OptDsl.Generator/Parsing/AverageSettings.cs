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
    private static readonly string[] Properties = [nameof(Averaging.Decay), nameof(Averaging.Window), nameof(Averaging.Weight)];

    internal bool IsWindow => Averaging == Averaging.Window;

    /// <summary>C# that reads the setting where <c>rule</c> is the rule.</summary>
    internal string Access => (Source.IsStatic ? Source.ContainingType.ToDisplayString(FormatFor(Source.ContainingType)) : "rule") + "." + Names.Identifier(Source.Name);

    /// <summary>Where a type parameter hides one of a type around it, that one cannot be named: inside of the type its own name does.</summary>
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
    internal static AverageSettings? Read(MemberDeclaration member, List<MemberDeclaration> members, RefusedMembers refused, INamedTypeSymbol type, RuleMembers values, DiagnosticSink sink)
    {
        if (member.Role != MemberRole.RunningAverage)
        {
            return null;
        }

        string[] set = [.. Properties.Where(property => member.Constant(property) is not null)];
        if (set.Length != 1)
        {
            sink.Report(DiagnosticDescriptors.NotExactlyOneAveraging, RoleReader.AttributeLocation(member.Attribute), member.Name,
                set.Length == 0 ? "none" : string.Join(" and ", set), set.Length == 0 ? "set Decay, Window or Weight = nameof(...)" : "keep one");
            return null;
        }

        var averaging = (Averaging)Enum.Parse(typeof(Averaging), set[0]);
        if (averaging != Averaging.Decay && member.Corrected)
        {
            sink.Report(DiagnosticDescriptors.WindowWithCorrection, member.ArgumentLocation("Correction"), member.Name,
                averaging == Averaging.Window ? "averages over a window, which is unbiased from the first step" : "averages with weights of its own, which no power of a decay corrects");
        }

        string? name = member.Argument(set[0]);
        int index = averaging == Averaging.Window ? -1 : members.FindIndex(other => other.Name == name);
        if (index >= 0)
        {
            return OfMember(member, members[index], index, averaging, set[0], sink);
        }

        if (name is not null && refused.Has(Names.Camel(name)))
        {
            sink.MarkInvalid();
            return null;
        }

        if (member.Constant(set[0]) is { IsNull: false, Value: not string } given)
        {
            string number = given.Kind == TypedConstantKind.Array ? "an array" : Convert.ToString(given.Value, System.Globalization.CultureInfo.InvariantCulture) ?? "";
            sink.Report(DiagnosticDescriptors.NamesNothing, member.ArgumentLocation(set[0]), set[0], member.Name, number,
                "is a value and no name", $"give the rule a hyperparameter, such as 'double {(averaging == Averaging.Window ? "Window" : "Beta")} = {number}', and name it with nameof");
            return null;
        }

        ISymbol? source = values.Find(name);
        if (source is null || KnownTypes.ScalarOf(RuleMembers.TypeOf(source)) is not { } scalar || scalar == ScalarType.Boolean || (averaging != Averaging.Window && scalar == ScalarType.Int32))
        {
            sink.Report(DiagnosticDescriptors.NamesNothing, member.ArgumentLocation(set[0]), set[0], member.Name, name ?? "null",
                source is null ? $"is no property{(averaging == Averaging.Window ? "" : ", member")} or field of '{type.Name}'" : averaging == Averaging.Window ? "is not a number" : "is not a double or float",
                averaging == Averaging.Window ? "name a hyperparameter with nameof" : "name a hyperparameter or a member with nameof");
            return null;
        }

        return new AverageSettings(source, scalar, averaging, -1);
    }

    private static AverageSettings? OfMember(MemberDeclaration member, MemberDeclaration source, int index, Averaging averaging, string property, DiagnosticSink sink)
    {
        if (!source.Type.IsFloating() || source == member)
        {
            sink.Report(DiagnosticDescriptors.NamesNothing, member.ArgumentLocation(property), property, member.Name, source.Name,
                source == member ? "is the average itself" : "is not a double or float", "name a hyperparameter or another member with nameof");
            return null;
        }

        member.SettingMember = index;
        return new AverageSettings(source.Method, source.Type, averaging, index);
    }
}
